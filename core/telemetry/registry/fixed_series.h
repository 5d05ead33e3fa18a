// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/catalogue.h"
#include "telemetry/registry/cells.h"
#include "telemetry/registry/histogram.h"
#include "telemetry/registry/registry.h"

#include <array>
#include <cassert>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace tokenscope::telemetry {

/// A family whose few series are known beforehand: without labels one, else one for each value of its only label. They are
/// reached without a lookup, and each appears on the page once it has counted something. Thread-safe.
template <typename Cell, std::size_t count = 1>
class FixedSeries final : public Collectable {
public:
    using Values = std::array<std::string_view, count>;

    FixedSeries(Registry& registry, Metric id, const Values& values = {})
        : m_spec(spec(id)), m_values(values), m_context(m_spec, registry.clock()),
          m_cells(cells(std::make_index_sequence<count>()))
    {
        assert(m_spec.labels.size() <= 1);
        registry.add(*this);
    }
    FixedSeries(const FixedSeries&) = delete;
    FixedSeries& operator=(const FixedSeries&) = delete;

    /// Counts what `also` counts, by the same bounds, in one of the series too. `also` must outlive the registry's use.
    void share(std::size_t i, const Cell& also) requires std::same_as<Cell, Histogram>
    {
        m_shared_by = i;
        m_shared = &also;
    }

    Cell& operator[](std::size_t i) { return m_cells[i]; }
    /// The only one.
    Cell& get() requires(count == 1) { return m_cells.front(); }

    void collect(Snapshot& into) const override
    {
        FamilySnapshot family{
            .name = std::string(m_spec.name), .help = std::string(m_spec.help), .kind = m_spec.kind, .series = {}};
        for (std::size_t i = 0; i < count; ++i) {
            auto value = value_of(i);
            if (counted(value) == 0)
                continue;
            Labels labels;
            for (const auto& label : m_spec.labels)
                labels.push_back({std::string(label.name), std::string(m_values[i])});
            family.series.push_back({std::move(labels), std::move(value)});
        }
        if (!family.series.empty())
            into.push_back(std::move(family));
    }

private:
    auto value_of(std::size_t i) const
    {
        if constexpr (std::same_as<Cell, Histogram>) {
            auto counts = m_cells[i].counts();
            if (m_shared && i == m_shared_by)
                counts.add(m_shared->counts());
            return counts.value(m_context.published);
        } else {
            return m_cells[i].value();
        }
    }
    static double counted(double value) { return value; }
    static std::uint64_t counted(const HistogramValue& value) { return value.count(); }

    template <std::size_t... i>
    std::array<Cell, count> cells(std::index_sequence<i...>)
    {
        return {((void)i, Cell(m_context))...};
    }

    const MetricSpec& m_spec;
    const Values m_values;
    const typename Cell::Context m_context;
    std::array<Cell, count> m_cells;
    std::size_t m_shared_by = 0;
    const Cell* m_shared = nullptr;
};

} // namespace tokenscope::telemetry
