// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/settings/yaml_highlighter.h"

#include "theme/theme.h"

#include <QRegularExpression>

namespace tokenscope::ui {

qsizetype commentStart(QStringView line)
{
    QChar quote;
    for (qsizetype i = 0; i < line.size(); ++i) {
        const auto c = line[i];
        if (!quote.isNull()) {
            if (c == QLatin1Char('\\') && quote == QLatin1Char('"'))
                ++i;
            else if (c == quote)
                quote = QChar();
        } else if (c == QLatin1Char('#') && (i == 0 || line[i - 1].isSpace())) {
            return i;
        } else if (c == QLatin1Char('"') || c == QLatin1Char('\'')) {
            // In the middle of a plain word it is a letter like others.
            const bool begins = i == 0 || line[i - 1].isSpace() || QStringView(u"[{,:-").contains(line[i - 1]);
            if (begins)
                quote = c;
        }
    }
    return line.size();
}

YamlHighlighter::YamlHighlighter(const Theme& theme, QTextDocument* document)
    : QSyntaxHighlighter(document), m_theme(theme)
{
    connect(&theme, &Theme::changed, this, &QSyntaxHighlighter::rehighlight);
}

void YamlHighlighter::setSecrets(const QStringList& secrets)
{
    if (secrets == m_secrets)
        return;
    m_secrets = secrets;
    rehighlight();
}

void YamlHighlighter::colour(const QRegularExpressionMatch& match, int group, const QColor& color)
{
    setFormat(static_cast<int>(match.capturedStart(group)), static_cast<int>(match.capturedLength(group)), color);
}

void YamlHighlighter::colourValue(const QString& text, qsizetype from, qsizetype to)
{
    static const QRegularExpression quoted(QStringLiteral(R"("(?:\\.|[^"\\])*"?|'[^']*'?)"));
    static const QRegularExpression plain(
        QStringLiteral(R"((?<![\w./:-])(?:true|false|null|~|\d[\d.]*(?:us|ms|s|m|h|d|[kMG]i?B|KiB|B)?)(?![\w./:-]))"));
    static const QRegularExpression reference(QStringLiteral(R"(\$\{[^}]*\}?)"));
    const auto& series = m_theme.tokens().series;
    const auto part = text.left(to);
    for (auto match = plain.globalMatch(part, from); match.hasNext();)
        colour(match.next(), 0, series[1]);
    for (auto match = quoted.globalMatch(part, from); match.hasNext();)
        colour(match.next(), 0, series[2]);
    for (auto match = reference.globalMatch(part, from); match.hasNext();)
        colour(match.next(), 0, series[3]);
}

void YamlHighlighter::highlightBlock(const QString& text)
{
    static const QRegularExpression key(QStringLiteral(R"(^(\s*(?:- +)*)("[^"]*"|[\w./@+:-]+?)\s*:(?=\s|$))"));
    static const QRegularExpression flowKey(QStringLiteral(R"([{,]\s*("[^"]*"|[\w.-]+)\s*:)"));
    const auto& tokens = m_theme.tokens();
    const auto comment = commentStart(text);
    const auto match = key.match(text.left(comment));
    colourValue(text, match.hasMatch() ? match.capturedEnd() : 0, comment);
    if (match.hasMatch())
        colour(match, 2, tokens.accent);
    for (auto inner = flowKey.globalMatch(text.left(comment)); inner.hasNext();)
        colour(inner.next(), 1, tokens.accent);
    if (comment < text.size()) {
        QTextCharFormat format;
        format.setForeground(tokens.secondary);
        format.setFontItalic(true);
        setFormat(static_cast<int>(comment), static_cast<int>(text.size() - comment), format);
    }
    QTextCharFormat covered;
    covered.setForeground(tokens.hairline);
    covered.setBackground(tokens.hairline);
    for (const auto& secret : m_secrets) {
        for (auto at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + secret.size()))
            setFormat(static_cast<int>(at), static_cast<int>(secret.size()), covered);
    }
}

} // namespace tokenscope::ui
