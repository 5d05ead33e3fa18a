// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

namespace tokenscope::telemetry {
struct RequestRecord;
}

namespace tokenscope::ui {

/// A stretch of time in which requests were in the gateway: also those that began before it, or ended after. In ms since 1970; an
/// end may be open.
struct RequestWindow {
    std::optional<std::int64_t> fromMs, toMs;

    bool any() const { return fromMs || toMs; }
    bool has(const telemetry::RequestRecord& record) const;
    bool operator==(const RequestWindow&) const = default;
};

} // namespace tokenscope::ui
