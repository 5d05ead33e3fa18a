// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/chat_fields.h"

#include "llm/json_scan.h"
#include "llm/json_text.h"

#include <charconv>
#include <limits>
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

std::string_view token_limit_name(std::string_view model)
{
    constexpr std::string_view old_name = "max_tokens";
    constexpr std::string_view new_name = "max_completion_tokens";
    model.remove_prefix(model.rfind('/') + 1); // npos + 1 is 0
    const auto digit_at = [model](std::size_t at) { return at < model.size() && model[at] >= '1' && model[at] <= '9'; };
    if (model.starts_with("gpt-"))
        return digit_at(4) && model[4] >= '5' ? new_name : old_name;
    return model.starts_with('o') && digit_at(1) && (model.size() == 2 || model[2] == '-') ? new_name : old_name;
}

std::optional<std::uint64_t> whole_number(std::string_view raw)
{
    std::uint64_t number = 0;
    const auto [end, fault] = std::from_chars(raw.data(), raw.data() + raw.size(), number);
    if (fault == std::errc::invalid_argument || end != raw.data() + raw.size())
        return std::nullopt;
    return fault == std::errc::result_out_of_range ? std::numeric_limits<std::uint64_t>::max() : number;
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
