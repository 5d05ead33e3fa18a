// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dashboards/dashboard.h"

#include <span>
#include <string>
#include <string_view>

namespace tokenscope::dashboards {

/// A value as the files spell it.
template <typename T>
struct Named {
    T value;
    std::string_view name;
};

/// All values with their spellings, in the order in which an editor offers them.
std::span<const Named<PanelKind>> panel_kinds();
std::span<const Named<Unit>> units();
std::span<const Named<ThresholdLevel>> threshold_levels();

std::string_view to_string(PanelKind kind);
std::string_view to_string(Unit unit);
std::string_view to_string(ThresholdLevel level);

/// Whether it can be a dashboard's id, and so a file's name on any system: 1 to 64 of a-z, 0-9, '-' and '_', beginning with a
/// letter or digit.
bool is_id(std::string_view text);
/// An id that resembles the name: "My vLLM (2)" is "my-vllm-2". "dashboard" where nothing of the name can be in one.
std::string id_from_name(std::string_view name);

} // namespace tokenscope::dashboards
