// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/common/error_place.h"

#include "pages/common/promql_lexer.h"

#include <QRegularExpression>

#include <algorithm>

namespace tokenscope::ui {

namespace {

/// The UTF-16 place of a byte, absent behind the byte after the last.
std::optional<qsizetype> placeOfByte(const QString& text, qlonglong byte)
{
    const auto bytes = text.toUtf8();
    if (byte < 0 || byte > bytes.size())
        return std::nullopt;
    return QString::fromUtf8(bytes.left(byte)).size();
}

std::optional<qsizetype> placeOf(const QString& expression, qlonglong line, qlonglong column)
{
    qsizetype start = 0;
    for (qlonglong i = 1; i < line; ++i) {
        start = expression.indexOf(QLatin1Char('\n'), start) + 1;
        if (start == 0)
            return std::nullopt;
    }
    const auto end = expression.indexOf(QLatin1Char('\n'), start);
    const auto found = placeOfByte(expression.mid(start, end < 0 ? -1 : end - start), column - 1);
    return found ? std::optional(start + *found) : std::nullopt;
}

} // namespace

std::optional<ErrorPlace> errorPlaceIn(const QString& said, const QString& expression)
{
    static const QRegularExpression lineAndColumn(
        QStringLiteral("(?:^|[^\\w:])(\\d{1,9}):(\\d{1,9}): ((?:parse|lex)[^\\n]*)"));
    static const QRegularExpression character(
        QStringLiteral("((?:parse error|error)) at (?:char|position) (\\d{1,9}): ([^\\n]*)"));
    std::optional<qsizetype> at;
    ErrorPlace place;
    if (const auto match = lineAndColumn.match(said); match.hasMatch()) {
        at = placeOf(expression, match.captured(1).toLongLong(), match.captured(2).toLongLong());
        place.sentence = match.captured(3);
    } else if (const auto other = character.match(said); other.hasMatch()) {
        at = placeOfByte(expression, other.captured(2).toLongLong() - 1);
        place.sentence = other.captured(1) + QStringLiteral(": ") + other.captured(3);
    }
    if (!at)
        return std::nullopt;
    place.from = *at;
    for (const auto& token : lexPromql(expression)) {
        if (token.at <= *at && *at < token.end() && token.kind != PromqlKind::space)
            place.length = std::max<qsizetype>(1, token.end() - *at);
    }
    return place;
}

} // namespace tokenscope::ui
