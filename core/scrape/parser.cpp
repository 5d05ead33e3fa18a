// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "scrape/parser.h"

#include "scrape/page_reader.h"
#include "scrape/shown.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>

namespace tokenscope::scrape {

namespace {

constexpr std::size_t shown_line = 200;
constexpr std::size_t shown_before = 120; ///< of a long line, so much before the fault

std::string line_around(std::string_view text, std::size_t at)
{
    const auto start = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
    auto from = start == std::string_view::npos ? 0 : start + 1;
    const auto end = std::min(text.find('\n', at), text.size());
    std::string before;
    if (at - from > shown_before && end - from > shown_line) {
        from = at - shown_before;
        before = "...";
    }
    return before + shown(text.substr(from, end - from), shown_line);
}

std::string words_at(std::string_view text, const Scanner::Fault& fault)
{
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(fault.at), '\n');
    return fmt::format("line {}: {}", line, fault.words);
}

tl::unexpected<Error> failure_of(std::string_view text, const Scanner::Fault& fault)
{
    return failure(ErrorCode::upstream_bad_reply, words_at(text, fault), line_around(text, fault.at));
}

} // namespace

Format format_of(std::string_view content_type)
{
    constexpr std::string_view wanted = "application/openmetrics-text";
    auto type = content_type.substr(0, content_type.find(';'));
    const auto from = std::min(type.find_first_not_of(" \t"), type.size());
    type = type.substr(from, type.find_last_not_of(" \t") + 1 - from);
    const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; };
    return std::equal(type.begin(), type.end(), wanted.begin(), wanted.end(), same) ? Format::open_metrics
                                                                                    : Format::text;
}

Result<Page> parse_page(std::string_view text, Format format, const Limits& limits)
{
    if (const auto nul = text.find('\0'); nul != std::string_view::npos)
        return failure_of(text, {nul, "There is a NUL byte: this is not text."});
    PageReader reader(text, format, limits, simdjson::validate_utf8(text.data(), text.size()));
    if (!reader.read())
        return failure_of(text, reader.fault());
    auto page = reader.take();
    if (reader.remark())
        page.remark = words_at(text, *reader.remark());
    return page;
}

} // namespace tokenscope::scrape
