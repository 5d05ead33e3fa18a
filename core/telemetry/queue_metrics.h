// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"

#include <cstddef>
#include <string_view>

namespace tokenscope::telemetry {

/// The admission queues (family F, and model_queue_size of family D), as hooks. Thread-safe.
class QueueMetrics {
public:
    virtual ~QueueMetrics() = default;
    virtual void depth(std::string_view provider, std::size_t waiting) = 0;
    /// Once per admitted request; 0 where it did not have to wait.
    virtual void waited(std::string_view provider, Nanos wait) = 0;
    /// `reason`: "full", "timeout" or "client_gone".
    virtual void rejected(std::string_view provider, std::string_view reason) = 0;
};

} // namespace tokenscope::telemetry
