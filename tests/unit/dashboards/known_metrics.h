// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace tokenscope::test {

enum class KnownKind { counter, gauge, histogram, summary };

struct KnownMetric {
    KnownKind kind = KnownKind::gauge;
    std::set<std::string, std::less<>> labels;
    bool ours = false; ///< of telemetry::catalogue()
};

/// What the metrics of this gateway (its catalogue) and of other systems (tests/data/foreign_metrics.json) are. A name that two
/// systems use is ours, or of both with the labels of both.
class KnownMetrics {
public:
    KnownMetrics();

    /// A family by its name.
    const KnownMetric* family(std::string_view name) const;
    /// What a single series is: of a histogram's or summary's _sum, _count and _bucket a counter.
    std::optional<KnownMetric> series(std::string_view name) const;
    std::set<std::string> our_families() const;

private:
    void add_ours();
    void add_foreign();

    std::map<std::string, KnownMetric, std::less<>> m_families;
};

} // namespace tokenscope::test
