// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QSyntaxHighlighter>

class QRegularExpressionMatch;

namespace tokenscope::ui {

class Theme;

/// Colours YAML as config.yaml uses it: keys, texts, numbers and the like, "${...}", comments. Secrets in the clear are covered.
class YamlHighlighter : public QSyntaxHighlighter {
    Q_OBJECT

public:
    YamlHighlighter(const Theme& theme, QTextDocument* document);

    void setSecrets(const QStringList& secrets);

protected:
    void highlightBlock(const QString& text) override;

private:
    void colour(const QRegularExpressionMatch& match, int group, const QColor& color);
    void colourValue(const QString& text, qsizetype from, qsizetype to);

    const Theme& m_theme;
    QStringList m_secrets;
};

/// Where a comment begins in a line of YAML; its length if there is none.
qsizetype commentStart(QStringView line);

} // namespace tokenscope::ui
