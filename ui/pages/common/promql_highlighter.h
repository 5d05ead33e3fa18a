// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSyntaxHighlighter>

namespace tokenscope::ui {

class Theme;

/// Colours PromQL: functions, aggregations and keywords, texts, numbers and durations, labels, comments.
class PromqlHighlighter : public QSyntaxHighlighter {
    Q_OBJECT

public:
    PromqlHighlighter(const Theme& theme, QTextDocument* document);

protected:
    void highlightBlock(const QString& text) override;

private:
    const Theme& m_theme;
};

} // namespace tokenscope::ui
