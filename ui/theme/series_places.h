// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstddef>
#include <map>
#include <set>

namespace tokenscope::ui {

/// What a series is coloured by.
struct Hue {
    QString identity; ///< whose hash is the place that it wants
    QString kind;     ///< the names of its labels; empty where it is only what a panel calls its query
};

/// Where in the palette each hue stands, in all charts of the process: it is said when one is seen for the first time, and does not
/// change after that.
class SeriesPlaces {
public:
    static constexpr std::size_t mostKinds = 64, mostOfAKind = 256; ///< that are remembered

    bool knows(const Hue& hue) const;
    /// Of `count` places. A new hue gets the one that it wants, or the next one that is less taken. Those of a kind (all models) are
    /// kept apart though no chart shows them together yet; names of panels only from what its chart has in `taken`.
    std::size_t placeOf(const Hue& hue, std::size_t wanted, std::size_t count, const std::set<std::size_t>& taken);

private:
    using Places = std::map<QString, std::size_t>; ///< by the identity
    std::map<QString, Places> m_kinds;
};

} // namespace tokenscope::ui
