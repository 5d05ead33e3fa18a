// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace tokenscope::providers::demo {

/// One of the engine's simulated models: how much slower than configured it is, in prefill and per token.
struct Model {
    std::string_view id;
    double time_scale = 1;
};

inline constexpr std::array<Model, 3> models{{
    {"demo-tiny", 1.0 / 3},
    {"demo-small", 1},
    {"demo-large", 3},
}};

constexpr std::optional<Model> find_model(std::string_view id)
{
    const auto found = std::find_if(models.begin(), models.end(), [id](const Model& model) { return model.id == id; });
    return found == models.end() ? std::nullopt : std::optional(*found);
}

} // namespace tokenscope::providers::demo
