// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"

#include <cstddef>
#include <string_view>

namespace tokenscope::telemetry {

/// The conversation store's part of metric family B, as hooks. InstrumentedStore is the only caller. Thread-safe.
class ConversationMetrics {
public:
    virtual ~ConversationMetrics() = default;
    /// `operation`: "create", "get", "delete" or "purge"; `backend`: "memory" or "sqlite"; `status`: "success", "not_found"
    /// or "error".
    virtual void operation(std::string_view operation, std::string_view backend, std::string_view status,
                           Nanos duration) = 0;
    /// How many are kept now.
    virtual void active(std::string_view backend, std::size_t count) = 0;
};

} // namespace tokenscope::telemetry
