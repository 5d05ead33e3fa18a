// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "llm/responses_facts.h"
#include "llm/sse.h"
#include "llm/stream_facts.h"

#include <memory>
#include <string>
#include <string_view>

namespace tokenscope::llm {

/// Reads an upstream's own Responses stream on its way to the client, which gets every byte as it came. An event over the
/// size limit is passed on uncounted; the last one repeats the whole response, so that the limit is a wide one.
class ResponsesStreamReader {
public:
    static constexpr std::size_t default_limit = std::size_t{32} << 20;
    explicit ResponsesStreamReader(std::size_t event_limit = default_limit);

    /// Appends `bytes` to `out` and adds what the events that ended in them said to `facts`. `facts.response_model` is set
    /// when the model is first named or changes.
    void feed(std::string_view bytes, std::string& out, StreamFacts& facts);
    /// The stream has ended: reads an event without its blank line.
    void finish(std::string& out, StreamFacts& facts);

    /// What is known so far.
    const ResponseNote& note() const { return m_note; }

private:
    void read(const SseParser::Event& event, StreamFacts& facts);

    SseParser m_parser;
    std::unique_ptr<JsonScratch> m_scratch;
    ResponseNote m_note;
    std::string m_model;
};

} // namespace tokenscope::llm
