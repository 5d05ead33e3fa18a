// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/ollama_api_errors.h"

#include "llm/json_object_writer.h"
#include "llm/openai_facts.h"

#include <fmt/format.h>

namespace tokenscope::llm {

std::string ollama_error_json(std::string_view message)
{
    std::string out;
    ObjectWriter object(out);
    object.text("error", message);
    object.end();
    return out;
}

std::string ollama_refusal(std::string_view body, unsigned status)
{
    constexpr std::size_t longest_quote = 500;
    ReplyFacts facts;
    if (read_openai_facts(body, facts) && facts.is_error && !facts.error_message.empty())
        return ollama_error_json(facts.error_message);
    if (body.empty())
        return ollama_error_json(fmt::format("The upstream answered with status {} and no explanation.", status));
    return ollama_error_json(
        fmt::format("The upstream answered with status {}: {}", status, utf8_prefix(body, longest_quote)));
}

} // namespace tokenscope::llm
