// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::telemetry {

/// A model that a provider has in memory now. What the provider does not tell is absent.
struct ModelMemory {
    std::string model;                         ///< as the provider lists it
    std::optional<std::uint64_t> memory_bytes; ///< all of it
    std::optional<std::uint64_t> vram_bytes;   ///< on GPUs
    bool operator==(const ModelMemory&) const = default;
};

/// What providers have loaded (family F), as a hook. ModelMemoryWatch is the only caller. Thread-safe.
class ModelMemoryMetrics {
public:
    virtual ~ModelMemoryMetrics() = default;
    /// Replaces what was known of the provider; empty: nothing is loaded, or nobody knows.
    virtual void loaded(std::string_view provider, std::vector<ModelMemory> models) = 0;
};

} // namespace tokenscope::telemetry
