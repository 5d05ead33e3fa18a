// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/common/promql_completion.h"

#include "pages/common/promql_lexer.h"
#include "pages/common/promql_words.h"

#include <QStringList>

#include <algorithm>
#include <vector>

namespace tokenscope::ui {

namespace {

using Tokens = std::vector<PromqlToken>;

/// A text and its tokens without spaces and comments.
class Words {
public:
    Words(QStringView text, const Tokens& all) : m_text(text)
    {
        std::copy_if(all.begin(), all.end(), std::back_inserter(m_tokens), [](const PromqlToken& token) {
            return token.kind != PromqlKind::space && token.kind != PromqlKind::comment;
        });
    }

    std::size_t size() const { return m_tokens.size(); }
    const PromqlToken& operator[](std::size_t i) const { return m_tokens[i]; }
    QStringView text(std::size_t i) const
    {
        return i < size() ? m_text.mid(m_tokens[i].at, m_tokens[i].length) : QStringView();
    }
    bool is(std::size_t i, const char* what) const { return text(i) == QLatin1StringView(what); }
    bool isName(std::size_t i) const { return i < size() && m_tokens[i].kind == PromqlKind::name; }
    bool isMetric(std::size_t i) const { return isName(i) && !is(i + 1, "(") && !findPromqlWord(text(i)); }

    /// The first metric from `from` on and before the bracket that closes what is open there.
    QString metricFrom(std::size_t from) const
    {
        int depth = 0;
        int braces = 0;
        for (auto i = from; i < size() && depth >= 0; ++i) {
            if (m_tokens[i].kind == PromqlKind::open)
                ++depth;
            if (m_tokens[i].kind == PromqlKind::close)
                --depth;
            braces += is(i, "{") ? 1 : is(i, "}") ? -1 : 0;
            const bool listed = i > 0 && is(i, "(") && takesLabels(i - 1);
            if (listed) {
                while (i < size() && !is(i, ")"))
                    ++i;
                --depth;
            } else if (braces == 0 && isMetric(i)) {
                return text(i).toString();
            }
        }
        return {};
    }

    /// "by" and its kind, behind which a list of labels stands.
    bool takesLabels(std::size_t i) const
    {
        constexpr const char* these[] = {"by", "without", "on", "ignoring", "group_left", "group_right"};
        return isName(i) && std::any_of(std::begin(these), std::end(these), [&](const char* word) {
                   return text(i).compare(QLatin1StringView(word), Qt::CaseInsensitive) == 0;
               });
    }

    /// The opening partner of the closing bracket at `close`, or `close`.
    std::size_t opening(std::size_t close) const
    {
        int depth = 0;
        for (auto i = close + 1; i-- > 0;) {
            depth += m_tokens[i].kind == PromqlKind::close ? 1 : m_tokens[i].kind == PromqlKind::open ? -1 : 0;
            if (depth == 0)
                return i;
        }
        return close;
    }

private:
    QStringView m_text;
    Tokens m_tokens;
};

/// The innermost bracket that is open before the token at `end`; `end` where there is none.
std::size_t innermost(const Words& words, std::size_t end)
{
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < end; ++i) {
        if (words[i].kind == PromqlKind::open)
            open.push_back(i);
        else if (words[i].kind == PromqlKind::close && !open.empty())
            open.pop_back();
    }
    return open.empty() ? end : open.back();
}

QString unquoted(QStringView text)
{
    return text.size() < 2 ? QString() : text.mid(1, text.size() - 2).toString();
}

/// The metric of the selector whose brace is at `brace`: the name before it, or what __name__ says in it.
QString metricOfSelector(const Words& words, std::size_t brace)
{
    if (brace > 0 && words.isMetric(brace - 1))
        return words.text(brace - 1).toString();
    for (auto i = brace + 1; i + 2 < words.size() && !words.is(i, "}"); ++i) {
        if (words.is(i, "__name__") && words.is(i + 1, "=") && words[i + 2].kind == PromqlKind::text)
            return unquoted(words.text(i + 2));
    }
    return {};
}

/// The metric that is grouped by the labels in the bracket at `bracket`: "sum by (...) (m)", "sum(m) by (...)".
QString metricOfGroup(const Words& words, std::size_t bracket)
{
    const auto keyword = bracket - 1;
    if (keyword > 0 && words.is(keyword - 1, ")")) {
        if (auto metric = words.metricFrom(words.opening(keyword - 1) + 1); !metric.isEmpty())
            return metric;
    }
    auto close = bracket + 1;
    while (close < words.size() && !words.is(close, ")"))
        ++close;
    if (words.is(close + 1, "(")) {
        if (auto metric = words.metricFrom(close + 2); !metric.isEmpty())
            return metric;
    }
    return words.metricFrom(0);
}

/// How many of the words begin before the cursor, without the one that it stands in.
std::size_t countBefore(const Words& words, qsizetype cursor)
{
    std::size_t count = 0;
    while (count < words.size() && words[count].end() <= cursor
           && !(words[count].end() == cursor && words[count].kind == PromqlKind::name))
        ++count;
    // A text without its end goes on at the cursor.
    if (count > 0 && words[count - 1].end() == cursor && !words[count - 1].complete)
        --count;
    return count;
}

void fillValue(CompletionSpot& spot, const Words& words, std::size_t before, const QString& text, qsizetype cursor)
{
    const auto& token = words[before];
    const auto brace = innermost(words, before);
    const auto op = before > 0 ? words.text(before - 1) : QStringView();
    const bool matcher = op == QLatin1StringView("=") || op == QLatin1StringView("!=") || op == QLatin1StringView("=~")
                         || op == QLatin1StringView("!~");
    if (brace == before || !words.is(brace, "{") || !matcher || before < 2 || !words.isName(before - 2))
        return;
    spot.kind = CompletionSpot::Kind::labelValue;
    spot.quote = text[token.at];
    spot.closed = token.complete;
    spot.from = token.at + 1;
    spot.to = token.complete ? token.end() - 1 : cursor;
    spot.prefix = text.mid(spot.from, cursor - spot.from);
    spot.label = words.text(before - 2).toString();
    if (spot.label != QLatin1StringView("__name__"))
        spot.metric = metricOfSelector(words, brace);
}

void fillName(CompletionSpot& spot, const Words& words, std::size_t before)
{
    using Kind = CompletionSpot::Kind;
    const auto bracket = innermost(words, before);
    const bool first = before > 0 && (words.is(before - 1, ",") || before - 1 == bracket);
    if (bracket == before || (words.is(bracket, "(") && !(bracket > 0 && words.takesLabels(bracket - 1)))) {
        // Behind "offset" and "@" stands a time.
        const bool time = before > 0 && (words.is(before - 1, "offset") || words.is(before - 1, "@"));
        spot.kind = time ? Kind::none : Kind::expression;
    } else if (words.is(bracket, "[")) {
        spot.kind = first ? Kind::duration : Kind::none;
    } else if (!first) {
        spot.kind = Kind::none;
    } else {
        spot.kind = Kind::labelName;
        spot.grouping = words.is(bracket, "(");
        spot.metric = spot.grouping ? metricOfGroup(words, bracket) : metricOfSelector(words, bracket);
    }
}

} // namespace

CompletionSpot completionAt(const QString& text, qsizetype cursor)
{
    cursor = cursor < 0 ? text.size() : std::min(cursor, text.size());
    CompletionSpot spot{.from = cursor, .to = cursor};
    const auto all = lexPromql(text);
    // Anything at the very end of a comment still belongs to it.
    const auto comment = std::any_of(all.begin(), all.end(), [cursor](const PromqlToken& token) {
        return token.kind == PromqlKind::comment && token.at < cursor && cursor <= token.end();
    });
    if (comment)
        return spot;
    const Words words(text, all);
    const auto before = countBefore(words, cursor);
    const bool inside = before < words.size() && words[before].at < cursor;
    if (inside && words[before].kind == PromqlKind::text) {
        fillValue(spot, words, before, text, cursor);
        return spot;
    }
    const auto last = before > 0 ? words[before - 1] : PromqlToken();
    const bool number = last.kind == PromqlKind::number || last.kind == PromqlKind::duration;
    if (!inside && number && last.end() == cursor && before > 1 && words.is(before - 2, "[")) {
        spot.kind = CompletionSpot::Kind::duration;
        spot.from = last.at;
        spot.prefix = text.mid(spot.from, cursor - spot.from);
        return spot;
    }
    if ((inside && words[before].kind != PromqlKind::name) || (!inside && number && last.end() == cursor))
        return spot;
    if (inside) {
        spot.from = words[before].at;
        spot.to = words[before].end();
        spot.prefix = text.mid(spot.from, cursor - spot.from);
    }
    fillName(spot, words, before);
    return spot;
}

Insertion insertionOf(const CompletionSpot& spot, const QString& choice, const QString& text)
{
    using Kind = CompletionSpot::Kind;
    const auto rest = QStringView(text).mid(spot.to);
    const auto following = rest.trimmed().isEmpty() ? QChar() : rest.trimmed().front();
    if (spot.kind == Kind::labelValue) {
        auto value = choice;
        if (spot.quote != QLatin1Char('`')) {
            value.replace(QLatin1Char('\\'), QStringLiteral("\\\\"));
            value.replace(spot.quote, QStringLiteral("\\") + spot.quote);
            value.replace(QLatin1Char('\n'), QStringLiteral("\\n"));
        }
        if (!spot.closed)
            value += spot.quote;
        return {value, value.size() + (spot.closed ? 1 : 0), false};
    }
    if (spot.kind == Kind::duration) {
        const bool bounded = following == QLatin1Char(']') || following == QLatin1Char(':');
        return {bounded ? choice : choice + QLatin1Char(']'), choice.size() + (following == QLatin1Char(':') ? 0 : 1)};
    }
    if (spot.kind == Kind::labelName && !spot.grouping) {
        if (following == QLatin1Char('=') || following == QLatin1Char('!'))
            return {choice, choice.size(), false};
        return {choice + QStringLiteral("=\"\""), choice.size() + 2, true};
    }
    const auto* word = spot.kind == Kind::expression ? findPromqlWord(choice) : nullptr;
    if (!word || following == QLatin1Char('('))
        return {choice, choice.size(), false};
    static const QStringList lists{QStringLiteral("by"), QStringLiteral("without"), QStringLiteral("on"),
                                   QStringLiteral("ignoring")};
    const QString written = choice
                            + (lists.contains(choice)            ? QStringLiteral(" (")
                               : word->kind != WordKind::keyword ? QStringLiteral("(")
                                                                 : QStringLiteral(" "));
    return {written, written.size(), lists.contains(choice)};
}

std::optional<int> matchRank(QStringView typed, QStringView candidate)
{
    if (typed.isEmpty())
        return 1;
    if (candidate.compare(typed, Qt::CaseInsensitive) == 0)
        return 0;
    if (candidate.startsWith(typed, Qt::CaseInsensitive))
        return 1;
    for (auto found = candidate.indexOf(typed, 1, Qt::CaseInsensitive); found > 0;
         found = candidate.indexOf(typed, found + 1, Qt::CaseInsensitive)) {
        if (!candidate[found - 1].isLetterOrNumber())
            return 2;
    }
    if (candidate.contains(typed, Qt::CaseInsensitive))
        return 3;
    qsizetype at = 0;
    for (const auto letter : candidate) {
        if (at < typed.size() && letter.toLower() == typed[at].toLower())
            ++at;
    }
    return at == typed.size() ? std::optional(4) : std::nullopt;
}

} // namespace tokenscope::ui
