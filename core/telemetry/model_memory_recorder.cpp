// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/model_memory_recorder.h"

#include "telemetry/sampled_family.h"
#include "telemetry/text.h"

#include <utility>

namespace tokenscope::telemetry {

namespace {

std::optional<double> number(const std::optional<std::uint64_t>& bytes)
{
    return bytes ? std::optional(static_cast<double>(*bytes)) : std::nullopt;
}

} // namespace

void ModelMemoryRecorder::loaded(std::string_view provider, std::vector<ModelMemory> models)
{
    const std::scoped_lock lock(m_mutex);
    if (models.empty())
        m_by_provider.erase(std::string(provider));
    else
        m_by_provider.insert_or_assign(std::string(provider), std::move(models));
}

void ModelMemoryRecorder::append_to(Snapshot& page) const
{
    SampledFamily vram(Metric::model_vram);
    SampledFamily memory(Metric::model_memory);
    {
        const std::scoped_lock lock(m_mutex);
        for (const auto& [provider, models] : m_by_provider) {
            for (const auto& model : models) {
                const Labels labels{{"model", valid_utf8(model.model)}, {"provider", valid_utf8(provider)}};
                vram.add(number(model.vram_bytes), labels);
                memory.add(number(model.memory_bytes), labels);
            }
        }
    }
    vram.append_to(page);
    memory.append_to(page);
}

} // namespace tokenscope::telemetry
