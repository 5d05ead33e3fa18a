// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/series_places.h"

#include <vector>

namespace tokenscope::ui {

bool SeriesPlaces::knows(const Hue& hue) const
{
    const auto kind = m_kinds.find(hue.kind);
    return kind != m_kinds.end() && kind->second.contains(hue.identity);
}

std::size_t SeriesPlaces::placeOf(const Hue& hue, std::size_t wanted, std::size_t count,
                                  const std::set<std::size_t>& taken)
{
    if (!m_kinds.contains(hue.kind) && m_kinds.size() == mostKinds)
        return wanted;
    auto& places = m_kinds[hue.kind];
    if (const auto known = places.find(hue.identity); known != places.end())
        return known->second;
    if (places.size() == mostOfAKind)
        return wanted;
    std::vector<std::size_t> uses(count);
    if (!hue.kind.isEmpty()) {
        for (const auto& [identity, place] : places)
            ++uses[place];
    }
    // Beside what its own chart shows only where nothing else is left.
    for (const auto place : taken)
        uses[place] += mostOfAKind;
    auto best = wanted;
    for (std::size_t i = 1; i < count; ++i) {
        if (const auto place = (wanted + i) % count; uses[place] < uses[best])
            best = place;
    }
    places.emplace(hue.identity, best);
    return best;
}

} // namespace tokenscope::ui
