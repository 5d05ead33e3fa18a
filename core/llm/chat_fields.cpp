// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/chat_fields.h"

#include "llm/json_scan.h"
#include "llm/json_text.h"

#include <utility>

namespace tokenscope::llm {

namespace {

constexpr unsigned max_argument_depth = 256;

} // namespace

tl::unexpected<Error> bad_field(std::string param, std::string message)
{
    return failure(Error{.code = ErrorCode::invalid_request, .message = std::move(message), .param = std::move(param)});
}

std::optional<std::string> arguments_object(std::string_view given)
{
    std::string arguments = is_json_string(given) ? unescape_json(given) : std::string(given);
    const std::size_t begin = arguments.find_first_not_of(" \t\r\n");
    if (begin == std::string::npos)
        return "{}";
    if (arguments[begin] != '{' || check_json(arguments, max_argument_depth))
        return std::nullopt;
    return arguments;
}

std::optional<DataUrl> split_data_url(std::string_view url)
{
    constexpr std::string_view scheme = "data:";
    constexpr std::string_view coding = ";base64";
    const std::size_t comma = url.find(',');
    if (comma == std::string_view::npos || !url.starts_with(scheme))
        return std::nullopt;
    const std::string_view head = url.substr(scheme.size(), comma - scheme.size());
    if (!head.ends_with(coding))
        return std::nullopt;
    return DataUrl{.media_type = head.substr(0, head.find(';')), .data = url.substr(comma + 1)};
}

} // namespace tokenscope::llm
