// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace tokenscope::test {

/// The data of every event; the stream must be made of well-formed events and nothing else.
inline std::optional<std::vector<std::string>> events_of(const std::string& bytes)
{
    std::vector<std::string> events;
    std::size_t at = 0;
    while (at < bytes.size()) {
        const std::size_t end = bytes.find("\n\n", at);
        if (end == std::string::npos || !bytes.substr(at).starts_with("data: "))
            return std::nullopt;
        events.push_back(bytes.substr(at + 6, end - at - 6));
        at = end + 2;
    }
    return events;
}

/// A stream taken apart.
struct Parsed {
    bool good = false; ///< events, JSON, ids, order
    std::string content;
    std::size_t deltas = 0;
    std::string finish_reason;
    std::optional<nlohmann::json> usage;
};

inline Parsed parse(const std::string& bytes)
{
    Parsed parsed;
    const auto events = events_of(bytes);
    if (!events || events->size() < 3 || events->back() != "[DONE]")
        return parsed;
    std::string id;
    for (std::size_t i = 0; i + 1 < events->size(); ++i) {
        const nlohmann::json chunk = nlohmann::json::parse((*events)[i]);
        if (i == 0) {
            id = chunk.at("id");
            if (chunk.at("choices").at(0).at("delta").at("role") != "assistant")
                return parsed;
        }
        if (chunk.at("id") != id || chunk.at("object") != "chat.completion.chunk" || chunk.at("model") != "demo-small")
            return parsed;
        if (chunk.contains("usage") && chunk.at("usage").is_object())
            parsed.usage = chunk.at("usage");
        if (chunk.at("choices").empty())
            continue;
        const nlohmann::json& choice = chunk.at("choices").at(0);
        if (const auto text = choice.at("delta").value("content", std::string()); !text.empty()) {
            parsed.content += text;
            ++parsed.deltas;
        }
        if (choice.contains("finish_reason") && choice.at("finish_reason").is_string())
            parsed.finish_reason = choice.at("finish_reason");
    }
    parsed.good = true;
    return parsed;
}

} // namespace tokenscope::test
