// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/ollama_api_reader.h"

#include "llm/json_scratch.h"
#include "llm/ollama_line.h"
#include "llm/openai_facts.h"

#include <utility>

namespace tokenscope::llm {

OllamaApiReader::OllamaApiReader(std::size_t line_limit)
    : m_splitter(line_limit), m_scratch(std::make_unique<JsonScratch>())
{
}

OllamaApiReader::~OllamaApiReader() = default;
OllamaApiReader::OllamaApiReader(OllamaApiReader&&) noexcept = default;
OllamaApiReader& OllamaApiReader::operator=(OllamaApiReader&&) noexcept = default;

void OllamaApiReader::feed(std::string_view bytes, std::string& out, StreamFacts& facts)
{
    if (bytes.empty())
        return;
    out += bytes;
    NdjsonSplitter::Line line;
    while (!m_over && m_splitter.next(bytes, line))
        take(line, facts);
}

void OllamaApiReader::finish(std::string&, StreamFacts& facts)
{
    NdjsonSplitter::Line line;
    if (!m_over && m_splitter.finish(line))
        take(line, facts);
}

void OllamaApiReader::take(const NdjsonSplitter::Line& line, StreamFacts& facts)
{
    OllamaLine read;
    if (line.oversized || !read_ollama_line(*m_scratch, line.text, read))
        return;
    if (!read.model.empty() && read.model != m_model) {
        m_model = read.model;
        facts.response_model = m_model;
    }
    if (read.error) {
        m_over = true;
        facts.error = error_event(*read.error);
        return;
    }
    // What Ollama sends at once is a token, whatever fields it comes in; each tool call is one.
    const bool visible = !read.content.empty();
    facts.tokens +=
        static_cast<std::uint32_t>(read.tool_calls.size()) + (read.thinking.empty() ? 0 : 1) + (visible ? 1 : 0);
    facts.visible_tokens += visible ? 1 : 0;
    if (!read.done)
        return;
    m_over = true;
    m_durations = read.durations;
    facts.done = true;
    if (!read.done_reason.empty())
        facts.finish_reason = read.done_reason;
    if (read.usage.reported())
        facts.usage = read.usage;
}

Result<OllamaApiReply> read_ollama_api_reply(std::string_view body)
{
    JsonScratch scratch;
    OllamaLine line;
    if (!read_ollama_line(scratch, body, line))
        return failure(ErrorCode::upstream_bad_reply, "The upstream's reply is not a JSON object: check its base URL.");
    OllamaApiReply reply{.durations = line.durations};
    reply.facts.usage = line.usage;
    reply.facts.model = line.model;
    reply.facts.finish_reason = line.done_reason;
    reply.facts.is_error = line.error.has_value();
    reply.facts.error_message = line.error.value_or(std::string());
    return reply;
}

} // namespace tokenscope::llm
