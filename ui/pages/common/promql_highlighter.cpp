// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/common/promql_highlighter.h"

#include "pages/common/promql_lexer.h"
#include "pages/common/promql_words.h"
#include "theme/theme.h"

namespace tokenscope::ui {

namespace {

/// How a line ends; what the next one begins in.
enum State { plain = 0, insideRaw = 1, insideBraces = 2 };

QColor colorOf(const PromqlToken& token, QStringView text, bool inBraces, bool last, const ThemeTokens& tokens)
{
    const auto& series = tokens.series; // readable on every ground, and told apart by the colour-blind
    switch (token.kind) {
    case PromqlKind::comment: return tokens.secondary;
    case PromqlKind::text: return series[2];
    case PromqlKind::number:
    case PromqlKind::duration: return series[1];
    case PromqlKind::unknown: return tokens.bad;
    case PromqlKind::name: break;
    default: return tokens.text;
    }
    if (inBraces)
        return series[6];
    const auto* word = findPromqlWord(text.mid(token.at, token.length));
    if (!word)
        return tokens.text;
    // A metric may be called like a function.
    const auto rest = text.mid(token.end()).trimmed();
    if (word->kind == WordKind::function && !last && !rest.startsWith(QLatin1Char('(')))
        return tokens.text;
    return word->kind == WordKind::keyword ? series[3] : tokens.accent;
}

} // namespace

PromqlHighlighter::PromqlHighlighter(const Theme& theme, QTextDocument* document)
    : QSyntaxHighlighter(document), m_theme(theme)
{
    connect(&theme, &Theme::changed, this, &QSyntaxHighlighter::rehighlight);
}

void PromqlHighlighter::highlightBlock(const QString& text)
{
    const auto before = previousBlockState() < 0 ? 0 : previousBlockState();
    bool inBraces = (before & insideBraces) != 0;
    bool raw = false;
    const auto tokens = lexPromql(text, (before & insideRaw) != 0);
    for (const auto& token : tokens) {
        const auto first = text[token.at];
        if (token.kind == PromqlKind::open)
            inBraces = inBraces || first == QLatin1Char('{');
        else if (token.kind == PromqlKind::close)
            inBraces = inBraces && first != QLatin1Char('}');
        QTextCharFormat format;
        format.setForeground(colorOf(token, text, inBraces, token.end() == text.size(), m_theme.tokens()));
        if (token.kind == PromqlKind::comment)
            format.setFontItalic(true);
        setFormat(static_cast<int>(token.at), static_cast<int>(token.length), format);
        raw = token.kind == PromqlKind::text && !token.complete
              && (first == QLatin1Char('`') || (token.at == 0 && (before & insideRaw) != 0));
    }
    if (tokens.empty())
        raw = (before & insideRaw) != 0;
    setCurrentBlockState((raw ? insideRaw : plain) | (inBraces ? insideBraces : plain));
}

} // namespace tokenscope::ui
