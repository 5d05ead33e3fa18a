// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/responses_stream_reader.h"

#include <utility>

namespace tokenscope::llm {

ResponsesStreamReader::ResponsesStreamReader(std::size_t event_limit)
    : m_parser(event_limit), m_scratch(std::make_unique<JsonScratch>())
{
}

void ResponsesStreamReader::feed(std::string_view bytes, std::string& out, StreamFacts& facts)
{
    out += bytes;
    while (!bytes.empty()) {
        const SseParser::Step step = m_parser.take(bytes);
        bytes.remove_prefix(step.consumed);
        if (step.found == SseParser::Found::event)
            read(step.event, facts);
    }
}

void ResponsesStreamReader::finish(std::string&, StreamFacts& facts)
{
    read(m_parser.finish(), facts);
}

void ResponsesStreamReader::read(const SseParser::Event& event, StreamFacts& facts)
{
    if (!event.has_data)
        return;
    auto model = std::exchange(facts.response_model, std::nullopt);
    read_responses_event(*m_scratch, event.name, event.data, facts, m_note);
    if (facts.response_model && *facts.response_model != m_model)
        m_model = *facts.response_model;
    else
        facts.response_model = std::move(model);
}

} // namespace tokenscope::llm
