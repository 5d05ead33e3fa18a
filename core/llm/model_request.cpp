// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/model_request.h"

#include "llm/json_scan.h"
#include "llm/json_text.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace tokenscope::llm {

namespace {

/// Deeper than any tool schema, shallow enough for every parser behind us.
constexpr unsigned max_depth = 256;

/// The members the gateway acts on, as they stand in the body.
struct Members {
    std::optional<std::string_view> model;
    std::optional<std::string_view> messages;
    std::optional<std::string_view> stream;
    std::optional<std::string_view> stream_options;
};

tl::unexpected<Error> bad_field(ErrorCode code, std::string param, std::string message)
{
    return failure(Error{.code = code, .message = std::move(message), .param = std::move(param)});
}

tl::unexpected<Error> bad_field(std::string param, std::string message)
{
    return bad_field(ErrorCode::invalid_request, std::move(param), std::move(message));
}

Members top_level(std::string_view body)
{
    Members found;
    std::string_view key;
    std::string_view value;
    for (JsonMembers members(body); members.next(key, value);) {
        if (json_string_is(key, "model"))
            found.model = value;
        else if (json_string_is(key, "messages"))
            found.messages = value;
        else if (json_string_is(key, "stream"))
            found.stream = value;
        else if (json_string_is(key, "stream_options"))
            found.stream_options = value;
    }
    return found;
}

/// A bool, or nothing for null and absent.
Result<std::optional<bool>> read_bool(std::optional<std::string_view> value, std::string_view name)
{
    if (!value || *value == "null")
        return std::nullopt;
    if (*value == "true" || *value == "false")
        return *value == "true";
    return bad_field(std::string(name), fmt::format("'{}' must be true or false.", name));
}

Result<std::string> read_model(std::optional<std::string_view> value)
{
    if (!value || *value == "null")
        return bad_field(ErrorCode::model_missing, "model", "The request names no model: set 'model'.");
    if (!is_json_string(*value))
        return bad_field("model", "'model' must be a string.");
    std::string model = unescape_json(*value);
    if (model.empty())
        return bad_field(ErrorCode::model_missing, "model", "'model' is empty: name the model to use.");
    return model;
}

Result<void> check_messages(std::optional<std::string_view> value)
{
    if (!value || *value == "null")
        return bad_field("messages", "The request has no 'messages'.");
    if (!is_json_array(*value))
        return bad_field("messages", "'messages' must be an array.");
    std::string_view first;
    if (!JsonElements(*value).next(first))
        return bad_field("messages", "'messages' is empty: it needs at least one message.");
    return {};
}

bool needs_messages(Api api)
{
    return api == Api::chat || api == Api::messages;
}

bool streams_by_default(Api api)
{
    return api == Api::ollama_chat || api == Api::ollama_generate;
}

} // namespace

Result<ModelRequest> parse_model_request(Api api, std::string body)
{
    if (const auto fault = check_json(body, max_depth))
        return bad_field("", fmt::format("The body is not valid JSON: {} at byte {}.", fault->what, fault->at));
    const std::size_t begin = body.find_first_not_of(" \t\r\n");
    if (body[begin] != '{')
        return bad_field("",
                         fmt::format("The body must be a JSON object, but another value begins at byte {}.", begin));

    const std::string_view text = body;
    const auto span_of = [&](std::string_view part) {
        const auto at = static_cast<std::size_t>(part.data() - text.data());
        return Span{at, at + part.size()};
    };
    const Members members = top_level(text.substr(begin));
    auto model = read_model(members.model);
    if (!model)
        return failure(std::move(model.error()));
    if (needs_messages(api))
        if (auto messages = check_messages(members.messages); !messages)
            return failure(std::move(messages.error()));
    const auto stream = read_bool(members.stream, "stream");
    if (!stream)
        return failure(stream.error());

    ModelRequest request;
    request.api = api;
    request.model = std::move(*model);
    request.model_value = span_of(*members.model);
    request.stream = stream->value_or(streams_by_default(api));
    if (members.stream_options && (api == Api::chat || api == Api::completions)) {
        if (!is_json_object(*members.stream_options) && *members.stream_options != "null")
            return bad_field("stream_options", "'stream_options' must be an object.");
        const auto include =
            read_bool(find_json_member(*members.stream_options, "include_usage"), "stream_options.include_usage");
        if (!include)
            return failure(include.error());
        request.include_usage = *include;
        request.stream_options_value = span_of(*members.stream_options);
    }
    request.body = std::move(body);
    return request;
}

} // namespace tokenscope::llm
