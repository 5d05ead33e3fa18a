// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "llm/ndjson.h"
#include "llm/ollama_durations.h"
#include "llm/reply_facts.h"
#include "llm/stream_facts.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace tokenscope::llm {

class JsonScratch;

/// Reads Ollama's /api/chat or /api/generate stream (a JSON object a line, split anywhere) on its way to a client of that
/// API, who gets the upstream's own bytes, all of them and at once.
///
/// The line with "done":true ends the reply and brings usage, durations and reason; a line `{"error": ...}` breaks it
/// (upstream_error_event). What follows either, and lines that cannot be read, are passed on and tell nothing.
class OllamaApiReader {
public:
    explicit OllamaApiReader(std::size_t line_limit = NdjsonSplitter::default_limit);
    ~OllamaApiReader();
    OllamaApiReader(OllamaApiReader&&) noexcept;
    OllamaApiReader& operator=(OllamaApiReader&&) noexcept;

    /// `facts.response_model` is set when the model is first named or changes; `facts.finish_reason` is Ollama's
    /// done_reason: stop, length, load, unload.
    void feed(std::string_view bytes, std::string& out, StreamFacts& facts);
    /// The stream has ended: reads a last line without LF.
    void finish(std::string& out, StreamFacts& facts);

    /// Of the final line; absent before it.
    const std::optional<OllamaDurations>& durations() const { return m_durations; }

private:
    void take(const NdjsonSplitter::Line& line, StreamFacts& facts);

    NdjsonSplitter m_splitter;
    std::unique_ptr<JsonScratch> m_scratch;
    std::optional<OllamaDurations> m_durations;
    std::string m_model;
    bool m_over = false;
};

/// A whole reply of any of Ollama's model APIs.
struct OllamaApiReply {
    ReplyFacts facts; ///< an embedding has only a prompt count
    OllamaDurations durations;
};

/// What is missing or of a wrong type is absent; only a body that is not a JSON object is an error (upstream_bad_reply).
Result<OllamaApiReply> read_ollama_api_reply(std::string_view body);

} // namespace tokenscope::llm
