// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/openai_stream_reader.h"

#include "llm/openai_facts.h"

#include <utility>

namespace tokenscope::llm {

OpenAiStreamReader::OpenAiStreamReader(bool strip_usage, std::size_t event_limit)
    : m_parser(event_limit), m_scratch(std::make_unique<JsonScratch>()), m_strip(strip_usage)
{
}

OpenAiStreamReader::~OpenAiStreamReader() = default;
OpenAiStreamReader::OpenAiStreamReader(OpenAiStreamReader&&) noexcept = default;
OpenAiStreamReader& OpenAiStreamReader::operator=(OpenAiStreamReader&&) noexcept = default;

/// True if the event is to be taken out of the stream.
bool OpenAiStreamReader::read(const SseParser::Event& event, StreamFacts& facts)
{
    if (!event.has_data)
        return false;
    const std::optional<std::string> model = std::exchange(facts.response_model, std::nullopt);
    const ChunkKind kind = read_openai_event(*m_scratch, event.name, event.data, facts);
    if (facts.response_model && *facts.response_model != m_model)
        m_model = *facts.response_model;
    else
        facts.response_model = model;
    return m_strip && kind == ChunkKind::usage_only;
}

void OpenAiStreamReader::feed(std::string_view bytes, std::string& out, StreamFacts& facts)
{
    if (!m_strip)
        out += bytes;
    while (!bytes.empty()) {
        const SseParser::Step step = m_parser.take(bytes);
        const std::string_view piece = bytes.substr(0, step.consumed);
        bytes.remove_prefix(step.consumed);
        if (step.found == SseParser::Found::event)
            m_dropped = read(step.event, facts);
        if (!m_strip)
            continue;
        if (step.found == SseParser::Found::nothing && !m_parser.oversized()) {
            m_held += piece;
            continue;
        }
        if (!m_dropped || m_parser.oversized()) {
            out += m_held;
            out += piece;
        }
        m_held.clear();
    }
}

void OpenAiStreamReader::finish(std::string& out, StreamFacts& facts)
{
    if (!read(m_parser.finish(), facts))
        out += m_held;
    m_held.clear();
}

} // namespace tokenscope::llm
