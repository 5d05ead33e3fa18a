// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/error_reply.h"

#include "llm/json_text.h"
#include "llm/messages_error.h"
#include "llm/openai_writer.h"

#include <fmt/format.h>

#include <string_view>

namespace tokenscope::gateway {

unsigned http_status(ErrorCode code)
{
    switch (code) {
    case ErrorCode::invalid_request:
    case ErrorCode::model_missing: return 400;
    case ErrorCode::previous_response_not_found: // as OpenAI has it
    case ErrorCode::unsupported_api: return 400;
    case ErrorCode::unauthorized: return 401;
    case ErrorCode::forbidden: return 403;
    case ErrorCode::model_not_found:
    case ErrorCode::response_not_found:
    case ErrorCode::route_not_found: return 404;
    case ErrorCode::method_not_allowed: return 405;
    case ErrorCode::client_timeout: return 408;
    case ErrorCode::conflict: return 409;
    case ErrorCode::body_too_large: return 413;
    case ErrorCode::unsupported_media_type: return 415;
    case ErrorCode::rate_limited:
    case ErrorCode::queue_full: return 429;
    case ErrorCode::headers_too_large: return 431;
    case ErrorCode::client_gone: return 499;
    case ErrorCode::upstream_unreachable:
    case ErrorCode::upstream_tls:
    case ErrorCode::upstream_reset:
    case ErrorCode::upstream_bad_reply:
    case ErrorCode::upstream_error_event: return 502;
    case ErrorCode::queue_timeout:
    case ErrorCode::shutting_down: return 503;
    case ErrorCode::upstream_timeout: return 504;
    case ErrorCode::config:
    case ErrorCode::internal: return 500;
    }
    return 500;
}

namespace {

/// OpenAI's error types, by status.
std::string_view openai_type(unsigned status)
{
    if (status == 429)
        return "rate_limit_error";
    if (status == 401)
        return "authentication_error";
    return status < 500 ? "invalid_request_error" : "api_error";
}

std::string sentence(const Error& error)
{
    return error.detail.empty() ? error.message : fmt::format("{} ({})", error.message, error.detail);
}

/// `{"<key>":"<text>"`, for the shapes that have no writer of their own.
void append_text(std::string& out, std::string_view key, std::string_view text)
{
    out += fmt::format("\"{}\":", key);
    llm::append_json_string(out, text);
}

std::string error_json(const Error& error, ErrorShape shape)
{
    const auto status = http_status(error.code);
    std::string out;
    switch (shape) {
    case ErrorShape::openai:
        return llm::openai_error_json(sentence(error), openai_type(status), to_string(error.code), error.param);
    case ErrorShape::anthropic: return llm::messages_error_json(sentence(error), llm::messages_error_type(status));
    case ErrorShape::ollama:
        out = "{";
        append_text(out, "error", sentence(error));
        return out + "}";
    }
    return out;
}

/// The `error` event of OpenAI's Responses API, which is flat.
std::string responses_error_json(const Error& error)
{
    std::string out = R"({"type":"error",)";
    append_text(out, "code", to_string(error.code));
    out += ',';
    append_text(out, "message", sentence(error));
    return out + R"(,"param":null})";
}

} // namespace

ErrorShape error_shape_of(std::string_view target)
{
    const auto path = target.substr(0, target.find('?'));
    if (path == "/v1/messages" || path.starts_with("/v1/messages/"))
        return ErrorShape::anthropic;
    return path.starts_with("/api/") ? ErrorShape::ollama : ErrorShape::openai;
}

ErrorShape error_shape_of(llm::Api api)
{
    switch (api) {
    case llm::Api::messages: return ErrorShape::anthropic;
    case llm::Api::ollama_chat:
    case llm::Api::ollama_generate:
    case llm::Api::ollama_embed:
    case llm::Api::ollama_embeddings: return ErrorShape::ollama;
    default: return ErrorShape::openai;
    }
}

std::string_view recordable_message(const Error& error)
{
    return error.code == ErrorCode::upstream_error_event ? "The upstream broke off the stream with an error."
                                                         : std::string_view(error.message);
}

std::string error_body(const Error& error, ErrorShape shape)
{
    return error_json(error, shape) + "\n";
}

std::string error_event(const Error& error, llm::Api api)
{
    if (api == llm::Api::responses)
        return "event: error\ndata: " + responses_error_json(error) + "\n\n";
    const auto shape = error_shape_of(api);
    const auto json = error_json(error, shape);
    switch (shape) {
    case ErrorShape::anthropic: return "event: error\ndata: " + json + "\n\n";
    case ErrorShape::ollama: return json + "\n";
    case ErrorShape::openai: break;
    }
    return "data: " + json + "\n\n";
}

net::Response error_reply(const Error& error, ErrorShape shape)
{
    net::Response response{.status = http_status(error.code),
                           .headers = {{"Content-Type", "application/json"}},
                           .body = error_body(error, shape)};
    if (error.retry_after)
        response.headers.emplace_back("Retry-After", std::to_string(error.retry_after->count()));
    if (error.code == ErrorCode::unauthorized)
        response.headers.emplace_back("WWW-Authenticate", "Bearer");
    return response;
}

} // namespace tokenscope::gateway
