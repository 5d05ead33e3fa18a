// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/ollama_ps.h"

#include "llm/json_scratch.h"
#include "llm/rfc3339.h"

#include <utility>

namespace tokenscope::llm {

namespace {

using value = simdjson::ondemand::value;

std::optional<std::uint64_t> bytes_of(value item)
{
    std::uint64_t bytes = 0;
    return item.get_uint64().get(bytes) == simdjson::SUCCESS ? std::optional(bytes) : std::nullopt;
}

bool read_entry(value item, std::vector<LoadedModel>& models)
{
    LoadedModel model;
    std::string fallback; // `model` is what newer servers call it, too
    const bool whole = visit_value(item, [&](std::string_view key, value member) {
        if (key == "name")
            model.name = text_or(member);
        else if (key == "model")
            fallback = text_or(member);
        else if (key == "size")
            model.size = bytes_of(member);
        else if (key == "size_vram")
            model.size_vram = bytes_of(member);
        else if (key == "expires_at") {
            const auto seconds = rfc3339_seconds(text_or(member));
            model.expires_at = seconds > 0 ? std::optional(seconds) : std::nullopt;
        }
        return true;
    });
    if (model.name.empty())
        model.name = std::move(fallback);
    if (!model.name.empty() && models.size() < most_loaded_models)
        models.push_back(std::move(model));
    return whole;
}

} // namespace

Result<std::vector<LoadedModel>> read_ollama_ps(std::string_view body)
{
    JsonScratch scratch;
    std::vector<LoadedModel> models;
    bool listed = false;
    const bool whole = visit_text(scratch, body, [&](std::string_view key, value item) {
        if (key != "models")
            return true;
        listed = true; // null is how Go spells an empty list
        models.clear();
        return visit_elements(item, [&](value entry) { return read_entry(entry, models); });
    });
    if (!whole || !listed)
        return failure(ErrorCode::upstream_bad_reply,
                       "The upstream's list of loaded models is not in Ollama's format.");
    return models;
}

} // namespace tokenscope::llm
