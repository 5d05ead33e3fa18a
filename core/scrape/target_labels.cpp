// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "scrape/target_labels.h"

#include <utility>

namespace tokenscope::scrape {

void add_target_labels(std::vector<query::Sample>& samples, const query::Labels& target)
{
    for (auto& sample : samples) {
        auto& labels = sample.labels;
        for (const auto& [name, value] : target) {
            const auto [own, is_new] = labels.try_emplace(name, value);
            if (is_new)
                continue;
            auto renamed = "exported_" + name;
            while (labels.contains(renamed) || target.contains(renamed))
                renamed.insert(0, "exported_");
            labels.emplace(std::move(renamed), std::exchange(own->second, value));
        }
    }
}

} // namespace tokenscope::scrape
