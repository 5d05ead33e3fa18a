// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/task.h"
#include "providers/provider.h"
#include "telemetry/model_memory_metrics.h"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <memory>
#include <vector>

namespace tokenscope::gateway {

/// Asks every Ollama server behind the gateway, now and then, what it has in memory, and records it. One that does not
/// answer has nothing, without a word in the log: ModelCatalog says what is wrong with it. Used on the I/O thread.
class ModelMemoryWatch {
public:
    struct Options {
        std::chrono::milliseconds interval{5'000};
        std::chrono::milliseconds timeout{5'000}; ///< of one answer
    };

    /// `metrics` must outlive the I/O context.
    ModelMemoryWatch(boost::asio::any_io_executor executor, telemetry::ModelMemoryMetrics& metrics, Options options);
    ModelMemoryWatch(boost::asio::any_io_executor executor, telemetry::ModelMemoryMetrics& metrics);
    ~ModelMemoryWatch(); ///< stops
    ModelMemoryWatch(const ModelMemoryWatch&) = delete;
    ModelMemoryWatch& operator=(const ModelMemoryWatch&) = delete;

    /// Those of kind "ollama" are asked from now on, and what others had is forgotten.
    void watch(const std::vector<std::shared_ptr<providers::Provider>>& providers);
    /// Asks nobody any more, so that the I/O context can run out of work.
    void stop();

private:
    struct Watched;

    static net::Task<void> keep_asking(std::shared_ptr<Watched> watched);

    const boost::asio::any_io_executor m_executor;
    telemetry::ModelMemoryMetrics& m_metrics;
    const Options m_options;
    std::vector<std::shared_ptr<Watched>> m_watched;
};

} // namespace tokenscope::gateway
