// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/messages_error.h"

#include "llm/json_text.h"
#include "llm/json_object_writer.h"
#include "llm/openai_facts.h"

#include <fmt/format.h>

namespace tokenscope::llm {

namespace {

constexpr std::size_t longest_quote = 300;

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view space = " \t\r\n";
    const auto begin = text.find_first_not_of(space);
    return begin == std::string_view::npos ? std::string_view()
                                           : text.substr(begin, text.find_last_not_of(space) + 1 - begin);
}

} // namespace

std::string_view messages_error_type(unsigned status)
{
    switch (status) {
    case 401: return "authentication_error";
    case 402: return "billing_error";
    case 403: return "permission_error";
    case 404: return "not_found_error";
    case 413: return "request_too_large";
    case 429: return "rate_limit_error";
    case 503:
    case 529: return "overloaded_error";
    case 504: return "timeout_error";
    default: return status < 500 ? "invalid_request_error" : "api_error";
    }
}

std::string messages_error_json(std::string_view message, std::string_view type)
{
    std::string out;
    ObjectWriter body(out);
    body.text("type", "error");
    body.begin("error");
    ObjectWriter error(out);
    error.text("type", type);
    error.text("message", message);
    error.end();
    body.end();
    return out;
}

std::string messages_refusal(std::string_view chat_error, unsigned status)
{
    ReplyFacts facts;
    std::string message;
    if (read_openai_facts(chat_error, facts) && facts.is_error)
        message = std::move(facts.error_message);
    if (message.empty()) {
        const auto quote = utf8_prefix(trimmed(chat_error), longest_quote);
        message = quote.empty() ? fmt::format("The upstream refused the request with status {}.", status)
                                : fmt::format("The upstream refused the request with status {}: {}", status, quote);
    }
    return messages_error_json(message, messages_error_type(status));
}

} // namespace tokenscope::llm
