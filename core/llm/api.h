// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace tokenscope::llm {

/// The APIs in which clients send model requests, and which providers may speak.
enum class Api {
    chat,              ///< OpenAI's POST /v1/chat/completions: the one that others are translated to
    completions,       ///< OpenAI's POST /v1/completions
    embeddings,        ///< OpenAI's POST /v1/embeddings
    rerank,            ///< POST /v1/rerank, as Cohere, Jina, vLLM and LiteLLM have it
    responses,         ///< OpenAI's POST /v1/responses
    messages,          ///< Anthropic's POST /v1/messages
    ollama_chat,       ///< Ollama's POST /api/chat
    ollama_generate,   ///< Ollama's POST /api/generate
    ollama_embed,      ///< Ollama's POST /api/embed
    ollama_embeddings, ///< Ollama's older POST /api/embeddings: one text, as `prompt`
};

/// For sentences: "chat completions", "Anthropic messages", ...
constexpr std::string_view to_string(Api api)
{
    switch (api) {
    case Api::chat: return "chat completions";
    case Api::completions: return "completions";
    case Api::embeddings: return "embeddings";
    case Api::rerank: return "rerank";
    case Api::responses: return "responses";
    case Api::messages: return "Anthropic messages";
    case Api::ollama_chat: return "Ollama chat";
    case Api::ollama_generate: return "Ollama generate";
    case Api::ollama_embed: return "Ollama embed";
    case Api::ollama_embeddings: return "Ollama embeddings";
    }
    return "unknown";
}

} // namespace tokenscope::llm
