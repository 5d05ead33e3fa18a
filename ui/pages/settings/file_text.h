// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

#include <string>

namespace tokenscope::ui {

/// The lines of a file as an editor shows them: without what ends them, whatever that is.
QStringList shownLines(const std::string& text);

/// The file's text when the editor shows `lines` in the place of shownLines(text). Lines that are the same keep their bytes, and
/// those in the place of others their ends; one more ends as the file's first line does.
std::string editedText(const std::string& text, const QStringList& lines);

} // namespace tokenscope::ui
