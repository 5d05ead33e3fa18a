// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/common/promql_lexer.h"

#include <algorithm>

namespace tokenscope::ui {

namespace {

bool isDigit(QChar c)
{
    return c >= QLatin1Char('0') && c <= QLatin1Char('9');
}

bool isLetter(QChar c)
{
    const auto lower = c.unicode() | 0x20;
    return (lower >= 'a' && lower <= 'z' && c.unicode() < 0x80) || c == QLatin1Char('_');
}

bool isOneOf(QChar c, const char* these)
{
    return QLatin1StringView(these).contains(c);
}

class Lexer {
public:
    explicit Lexer(QStringView text) : m_text(text) {}

    std::vector<PromqlToken> run(bool insideRaw)
    {
        if (insideRaw && !m_text.isEmpty())
            addRaw(0);
        while (m_at < m_text.size())
            next();
        return std::move(m_tokens);
    }

private:
    QChar at(qsizetype index) const { return index < m_text.size() ? m_text[index] : QChar(); }

    void add(PromqlKind kind, qsizetype end, bool complete = true)
    {
        m_tokens.push_back({kind, m_at, end - m_at, complete});
        m_at = end;
    }

    template <typename Predicate>
    qsizetype skip(qsizetype from, Predicate predicate) const
    {
        while (from < m_text.size() && predicate(m_text[from]))
            ++from;
        return from;
    }

    void next()
    {
        const auto c = m_text[m_at];
        // Within [] a colon parts the range from the step.
        const bool colons = m_squares == 0;
        if (c.isSpace())
            add(PromqlKind::space, skip(m_at, [](QChar x) { return x.isSpace(); }));
        else if (c == QLatin1Char('#'))
            add(PromqlKind::comment, skip(m_at, [](QChar x) { return x != QLatin1Char('\n'); }));
        else if (isOneOf(c, "\"'"))
            addText(c);
        else if (c == QLatin1Char('`'))
            addRaw(m_at + 1);
        else if (isDigit(c) || (c == QLatin1Char('.') && isDigit(at(m_at + 1))))
            addNumber();
        else if (isLetter(c) || (colons && c == QLatin1Char(':')))
            add(PromqlKind::name, skip(m_at, [colons](QChar x) {
                    return isLetter(x) || isDigit(x) || (colons && x == QLatin1Char(':'));
                }));
        else if (isOneOf(c, "([{"))
            bracket(PromqlKind::open, c);
        else if (isOneOf(c, ")]}"))
            bracket(PromqlKind::close, c);
        else if (isOneOf(c, "=!<>~") && isOneOf(at(m_at + 1), "=~"))
            add(PromqlKind::symbol, m_at + 2);
        else
            add(isOneOf(c, "+-*/%^=<>!~,:@") ? PromqlKind::symbol : PromqlKind::unknown, m_at + 1);
    }

    void bracket(PromqlKind kind, QChar c)
    {
        if (c == QLatin1Char('['))
            ++m_squares;
        else if (c == QLatin1Char(']'))
            m_squares = std::max(0, m_squares - 1);
        add(kind, m_at + 1);
    }

    void addText(QChar quote)
    {
        for (auto i = m_at + 1; i < m_text.size() && m_text[i] != QLatin1Char('\n'); ++i) {
            if (m_text[i] == QLatin1Char('\\'))
                ++i;
            else if (m_text[i] == quote)
                return add(PromqlKind::text, i + 1);
        }
        add(PromqlKind::text, skip(m_at, [](QChar x) { return x != QLatin1Char('\n'); }), false);
    }

    void addRaw(qsizetype from)
    {
        const auto end = m_text.indexOf(QLatin1Char('`'), from);
        add(PromqlKind::text, end < 0 ? m_text.size() : end + 1, end >= 0);
    }

    /// "5m", "1h30m", "100ms"; or where it began if it is none.
    qsizetype durationEnd() const
    {
        auto i = m_at;
        while (isDigit(at(i))) {
            const auto unit = skip(i, isDigit);
            if (at(unit) == QLatin1Char('m') && at(unit + 1) == QLatin1Char('s'))
                i = unit + 2;
            else if (isOneOf(at(unit), "smhdwy") && !at(unit).isNull())
                i = unit + 1;
            else
                return m_at;
        }
        return isLetter(at(i)) ? m_at : i;
    }

    void addNumber()
    {
        if (const auto end = durationEnd(); end > m_at)
            return add(PromqlKind::duration, end);
        auto i = m_at;
        if (at(i) == QLatin1Char('0') && isOneOf(at(i + 1), "xX") && !at(i + 1).isNull()) {
            add(PromqlKind::number, skip(i + 2, [](QChar x) { return isDigit(x) || isLetter(x); }));
            return;
        }
        i = skip(i, isDigit);
        if (at(i) == QLatin1Char('.'))
            i = skip(i + 1, isDigit);
        if (at(i) == QLatin1Char('e') || at(i) == QLatin1Char('E')) {
            const auto sign = at(i + 1) == QLatin1Char('+') || at(i + 1) == QLatin1Char('-') ? 1 : 0;
            if (isDigit(at(i + 1 + sign)))
                i = skip(i + 1 + sign, isDigit);
        }
        add(PromqlKind::number, i);
    }

    QStringView m_text;
    qsizetype m_at = 0;
    int m_squares = 0;
    std::vector<PromqlToken> m_tokens;
};

bool partners(QChar open, QChar close)
{
    return (open == QLatin1Char('(') && close == QLatin1Char(')'))
           || (open == QLatin1Char('[') && close == QLatin1Char(']'))
           || (open == QLatin1Char('{') && close == QLatin1Char('}'));
}

} // namespace

std::vector<PromqlToken> lexPromql(QStringView text, bool insideRaw)
{
    return Lexer(text).run(insideRaw);
}

std::optional<std::pair<qsizetype, qsizetype>> bracketsAt(QStringView text, qsizetype cursor)
{
    std::vector<std::pair<qsizetype, qsizetype>> pairs; ///< every bracket and its partner or -1
    std::vector<std::size_t> open;
    for (const auto& token : lexPromql(text)) {
        if (token.kind == PromqlKind::open) {
            open.push_back(pairs.size());
            pairs.emplace_back(token.at, -1);
        } else if (token.kind == PromqlKind::close) {
            pairs.emplace_back(token.at, -1);
            if (!open.empty() && partners(text[pairs[open.back()].first], text[token.at])) {
                pairs[open.back()].second = token.at;
                pairs.back().second = pairs[open.back()].first;
                open.pop_back();
            }
        }
    }
    for (const auto beside : {cursor - 1, cursor}) {
        const auto found =
            std::find_if(pairs.begin(), pairs.end(), [beside](const auto& pair) { return pair.first == beside; });
        if (found != pairs.end())
            return *found;
    }
    return std::nullopt;
}

} // namespace tokenscope::ui
