// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/ollama_stream_translator.h"

#include "llm/ollama_line.h"
#include "llm/openai_facts.h"

#include <utility>

namespace tokenscope::llm {

OllamaStreamTranslator::OllamaStreamTranslator(OpenAiChunkWriter writer, bool include_usage, std::size_t line_limit)
    : m_writer(std::move(writer)), m_splitter(line_limit), m_scratch(std::make_unique<JsonScratch>()),
      m_include_usage(include_usage)
{
    m_writer.announce_usage = include_usage;
}

OllamaStreamTranslator::~OllamaStreamTranslator() = default;
OllamaStreamTranslator::OllamaStreamTranslator(OllamaStreamTranslator&&) noexcept = default;
OllamaStreamTranslator& OllamaStreamTranslator::operator=(OllamaStreamTranslator&&) noexcept = default;

void OllamaStreamTranslator::feed(std::string_view bytes, std::string& out, StreamFacts& facts)
{
    NdjsonSplitter::Line line;
    while (!m_over && m_splitter.next(bytes, line))
        take(line, out, facts);
}

void OllamaStreamTranslator::finish(std::string& out, StreamFacts& facts)
{
    NdjsonSplitter::Line line;
    if (!m_over && m_splitter.finish(line))
        take(line, out, facts);
}

void OllamaStreamTranslator::take(const NdjsonSplitter::Line& line, std::string& out, StreamFacts& facts)
{
    if (!line.oversized && line.text.find_first_not_of(" \t") == std::string_view::npos)
        return;
    OllamaLine read;
    if (line.oversized || !read_ollama_line(*m_scratch, line.text, read)) {
        m_over = true;
        facts.error = Error{.code = ErrorCode::upstream_bad_reply,
                            .message = line.oversized ? "The upstream sent a line that is too long."
                                                      : "The upstream sent a line that is not a JSON object."};
        return;
    }
    translate(read, out, facts);
}

void OllamaStreamTranslator::translate(OllamaLine& line, std::string& out, StreamFacts& facts)
{
    if (line.error) {
        m_over = true;
        facts.error = error_event(*line.error);
        out += "data: ";
        // Its own words where it has any: whoever translates further says whose they are.
        const std::string& words = line.error->empty() ? facts.error->message : *line.error;
        out += openai_error_json(words, "upstream_error", to_string(facts.error->code), {});
        out += "\n\n";
        return;
    }
    if (!line.model.empty() && line.model != m_model) {
        m_model = line.model;
        facts.response_model = m_model;
    }
    if (!std::exchange(m_begun, true))
        m_writer.role(out);
    if (!line.thinking.empty()) {
        m_writer.reasoning(out, line.thinking);
        ++facts.tokens;
    }
    if (!line.content.empty()) {
        m_writer.content(out, line.content);
        ++facts.tokens;
        ++facts.visible_tokens;
    }
    for (ToolCall& call : line.tool_calls) {
        if (call.id.empty())
            call.id = tool_call_id(m_writer.id, m_tool_calls);
        m_writer.tool_call(out, m_tool_calls++, call);
        ++facts.tokens;
    }
    if (line.done)
        end(line, out, facts);
}

void OllamaStreamTranslator::end(const OllamaLine& line, std::string& out, StreamFacts& facts)
{
    m_over = true;
    m_durations = line.durations;
    const std::string_view reason = openai_finish_reason(line.done_reason, m_tool_calls > 0);
    m_writer.finish(out, reason);
    if (m_include_usage)
        m_writer.usage(out, line.usage);
    m_writer.done(out);
    facts.finish_reason = reason;
    facts.done = true;
    if (line.usage.reported())
        facts.usage = line.usage;
}

} // namespace tokenscope::llm
