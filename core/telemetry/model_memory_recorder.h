// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/model_memory_metrics.h"
#include "telemetry/snapshot.h"

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::telemetry {

/// tokenscope_model_vram_bytes and tokenscope_model_memory_bytes: plain state, because their series come and go.
class ModelMemoryRecorder final : public ModelMemoryMetrics {
public:
    void loaded(std::string_view provider, std::vector<ModelMemory> models) override;
    void append_to(Snapshot& page) const;

private:
    mutable std::mutex m_mutex;
    std::map<std::string, std::vector<ModelMemory>, std::less<>> m_by_provider;
};

} // namespace tokenscope::telemetry
