// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::llm {

/// A model that an Ollama server has in memory. What it does not say, or says in a way that cannot be, is absent.
struct LoadedModel {
    std::string name;
    std::optional<std::uint64_t> size;      ///< bytes, on GPUs and beside them
    std::optional<std::uint64_t> size_vram; ///< bytes on GPUs
    std::optional<std::int64_t> expires_at; ///< seconds since 1970: when it is unloaded if nobody asks it

    bool operator==(const LoadedModel&) const = default;
};

/// Far more than any server has at once.
inline constexpr std::size_t most_loaded_models = 100;

/// Reads the answer to Ollama's GET /api/ps. Entries without a name, and those beyond most_loaded_models, are left out.
/// Error: upstream_bad_reply where it is no such answer.
/// https://github.com/ollama/ollama/blob/main/docs/api.md#list-running-models
Result<std::vector<LoadedModel>> read_ollama_ps(std::string_view body);

} // namespace tokenscope::llm
