// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace tokenscope::test {

/// What a program that knows the formats of metrics pages says of one.
struct Judgement {
    int code = -1; ///< its exit status; -1: it did not run
    QByteArray output;
};

/// `promtool check metrics`: the text format alone. 0: fine; 3: readable, with the complaints in the output.
Judgement promtool(const QByteArray& page);
bool have_promtool();

enum class PageFormat { text, openmetrics };

/// Prometheus' client for Python. 0: the output is what it read, as JSON: [{"name", "type", "unit", "help", "samples":
/// [{"name", "labels", "value", "exemplar": null or {"labels", "value", "timestamp"}}]}]. Values and `le` are texts in
/// Python's spelling, the same for the same number in both formats.
Judgement python_client(const QByteArray& page, PageFormat format);
bool have_python_client();

} // namespace tokenscope::test
