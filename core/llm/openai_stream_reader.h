// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "llm/sse.h"
#include "llm/stream_facts.h"

#include <memory>
#include <string>
#include <string_view>

namespace tokenscope::llm {

class JsonScratch;

/// Reads an OpenAI chat (or completions) stream on its way to the client. The client gets the upstream's own bytes.
///
/// Without stripping, all bytes are forwarded at once, wherever they are cut. With it, an event is forwarded when it is
/// complete, and the extra chunk that `stream_options.include_usage` adds (a usage object and no choices) is taken out
/// together with its blank line. Everything else stays byte for byte: the `"usage":null` which that option puts into
/// the other chunks too, and usage on a chunk that has choices. An event over the size limit is passed on uncounted.
class OpenAiStreamReader {
public:
    /// `strip_usage`: the gateway asked for usage, the client did not.
    explicit OpenAiStreamReader(bool strip_usage, std::size_t event_limit = SseParser::default_limit);
    ~OpenAiStreamReader();
    OpenAiStreamReader(OpenAiStreamReader&&) noexcept;
    OpenAiStreamReader& operator=(OpenAiStreamReader&&) noexcept;

    /// Appends to `out` what the client is to get now, and adds to `facts` what the events that ended in `bytes` said.
    /// `facts.response_model` is set when the model is first named or changes.
    void feed(std::string_view bytes, std::string& out, StreamFacts& facts);
    /// The stream has ended: forwards and reads what was held back. Tells nothing new if the last event was complete.
    void finish(std::string& out, StreamFacts& facts);

private:
    bool read(const SseParser::Event& event, StreamFacts& facts);

    SseParser m_parser;
    std::unique_ptr<JsonScratch> m_scratch;
    std::string m_held; ///< the beginning of an event, while stripping
    std::string m_model;
    bool m_strip;
    bool m_dropped = false; ///< the last event was not forwarded
};

} // namespace tokenscope::llm
