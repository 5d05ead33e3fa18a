// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "remote/series_text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <vector>

namespace tokenscope::remote {

std::string series_text(const query::Labels& labels)
{
    using nlohmann::json;
    std::string name;
    std::vector<std::string> parts;
    for (const auto& [label, value] : labels) {
        if (label == "__name__")
            name = value;
        else
            parts.push_back(
                fmt::format("{}={}", label, json(value).dump(-1, ' ', false, json::error_handler_t::replace)));
    }
    return parts.empty() && !name.empty() ? name : fmt::format("{}{{{}}}", name, fmt::join(parts, ", "));
}

} // namespace tokenscope::remote
