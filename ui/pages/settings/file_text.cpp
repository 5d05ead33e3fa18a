// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/settings/file_text.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace tokenscope::ui {

namespace {

constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";
/// What a QTextDocument begins a new block at; the last three are U+2029, U+FDD0 and U+FDD1.
constexpr std::array<std::string_view, 6> lineEnds{"\r\n", "\n", "\r", "\xE2\x80\xA9", "\xEF\xB7\x90", "\xEF\xB7\x91"};
constexpr std::string_view firstBytes = "\r\n\xE2\xEF"; ///< of those

struct Line {
    std::string_view text;
    std::string_view end; ///< empty: the last one
};

std::string_view withoutMark(std::string_view text)
{
    return text.starts_with(byteOrderMark) ? text.substr(byteOrderMark.size()) : text;
}

std::vector<Line> linesOf(std::string_view text)
{
    std::vector<Line> lines;
    std::size_t from = 0;
    for (auto at = text.find_first_of(firstBytes); at != text.npos; at = text.find_first_of(firstBytes, at)) {
        const auto rest = text.substr(at);
        const auto end = std::find_if(lineEnds.begin(), lineEnds.end(),
                                      [rest](std::string_view each) { return rest.starts_with(each); });
        if (end == lineEnds.end()) {
            ++at;
            continue;
        }
        lines.push_back({text.substr(from, at - from), *end});
        at += end->size();
        from = at;
    }
    lines.push_back({text.substr(from), {}});
    return lines;
}

QString shown(const Line& line)
{
    return QString::fromUtf8(line.text.data(), static_cast<qsizetype>(line.text.size()));
}

} // namespace

QStringList shownLines(const std::string& text)
{
    QStringList lines;
    for (const auto& line : linesOf(withoutMark(text)))
        lines << shown(line);
    return lines;
}

std::string editedText(const std::string& text, const QStringList& lines)
{
    const auto body = withoutMark(text);
    const auto before = linesOf(body);
    const auto count = static_cast<std::size_t>(lines.size());
    const auto now = [&lines](std::size_t place) -> const QString& { return lines[static_cast<qsizetype>(place)]; };
    const auto shorter = std::min(before.size(), count);
    std::size_t head = 0;
    while (head < shorter && shown(before[head]) == now(head))
        ++head;
    std::size_t tail = 0;
    while (tail < shorter - head && shown(before[before.size() - 1 - tail]) == now(count - 1 - tail))
        ++tail;
    const std::string_view usualEnd = before.front().end.empty() ? "\n" : before.front().end;

    std::string out(text, 0, text.size() - body.size());
    for (std::size_t place = 0; place < count; ++place) {
        const bool behind = place >= count - tail;
        const auto old = behind ? before.size() - (count - place) : place;
        const bool replaces = behind || old < before.size() - tail;
        if (behind || place < head)
            out += before[old].text;
        else
            out += now(place).toStdString();
        if (place + 1 < count)
            out += replaces && !before[old].end.empty() ? before[old].end : usualEnd;
    }
    return out;
}

} // namespace tokenscope::ui
