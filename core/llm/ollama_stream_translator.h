// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "llm/ndjson.h"
#include "llm/ollama_durations.h"
#include "llm/openai_writer.h"
#include "llm/stream_facts.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace tokenscope::llm {

class JsonScratch;
struct OllamaLine;

/// Turns Ollama's /api/chat stream (a JSON object a line, split anywhere) into an OpenAI event stream.
///
/// Thinking becomes `delta.reasoning`, as in Ollama's own /v1. Each tool call is one chunk with its arguments as text.
/// The line with "done":true becomes the finish chunk, the usage chunk (if the client wants it) and `[DONE]`.
///
/// A line `{"error": ...}` becomes an OpenAI error event in `out` and facts.error (upstream_error_event). A line that is
/// not a JSON object, or over the size limit, sets facts.error to upstream_bad_reply and writes nothing: the caller still
/// owes the client an error event. After either, and after the end, further bytes are ignored. A stream that ends while
/// facts.done was never set is broken.
class OllamaStreamTranslator {
public:
    OllamaStreamTranslator(OpenAiChunkWriter writer, bool include_usage,
                           std::size_t line_limit = NdjsonSplitter::default_limit);
    ~OllamaStreamTranslator();
    OllamaStreamTranslator(OllamaStreamTranslator&&) noexcept;
    OllamaStreamTranslator& operator=(OllamaStreamTranslator&&) noexcept;

    void feed(std::string_view bytes, std::string& out, StreamFacts& facts);
    /// The stream has ended: reads a last line without LF.
    void finish(std::string& out, StreamFacts& facts);

    /// Of the final line; absent before it.
    const std::optional<OllamaDurations>& durations() const { return m_durations; }

private:
    void take(const NdjsonSplitter::Line& line, std::string& out, StreamFacts& facts);
    void translate(OllamaLine& line, std::string& out, StreamFacts& facts);
    void end(const OllamaLine& line, std::string& out, StreamFacts& facts);

    OpenAiChunkWriter m_writer;
    NdjsonSplitter m_splitter;
    std::unique_ptr<JsonScratch> m_scratch;
    std::optional<OllamaDurations> m_durations;
    std::string m_model;
    std::size_t m_tool_calls = 0;
    bool m_include_usage;
    bool m_begun = false;
    bool m_over = false;
};

} // namespace tokenscope::llm
