// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "otlp/make_exporter.h"
#include "unit/otlp/samples.h"

#include <QByteArray>
#include <QtGlobal>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace tokenscope::test {

inline std::optional<std::string> no_environment(const std::string&)
{
    return std::nullopt;
}

inline std::unique_ptr<telemetry::SpanExporter> exporter_to(config::ExporterType type, const std::string& endpoint,
                                                            std::map<std::string, std::string> headers = {})
{
    const config::Exporter config{.type = type, .endpoint = endpoint, .insecure = true, .headers = std::move(headers)};
    auto made = otlp::make_exporter(config, sample_resource(), no_environment);
    if (!made)
        qFatal("%s", made.error().message.c_str());
    return std::move(*made);
}

inline telemetry::ExportOutcome send_to(telemetry::SpanExporter& exporter,
                                        std::vector<telemetry::SpanData> spans = {sample_span()},
                                        int timeout_ms = 10'000, CancelToken cancel = {})
{
    return exporter.send(spans, std::chrono::milliseconds(timeout_ms), std::move(cancel));
}

/// Sends, and cancels from another thread as soon as `ready` is true.
inline telemetry::ExportOutcome send_and_cancel(telemetry::SpanExporter& exporter, const std::function<bool()>& ready,
                                                std::vector<telemetry::SpanData> spans = {sample_span()})
{
    CancelSource source;
    std::thread canceller([&] {
        for (int i = 0; i < 10'000 && !ready(); ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        source.cancel();
    });
    auto outcome = send_to(exporter, std::move(spans), 60'000, source.token());
    canceller.join();
    return outcome;
}

inline QByteArray text_of(const telemetry::ExportOutcome& outcome)
{
    static const std::map<telemetry::ExportOutcome::Kind, std::string> names = {
        {telemetry::ExportOutcome::Kind::accepted, "accepted"},
        {telemetry::ExportOutcome::Kind::try_again, "try_again"},
        {telemetry::ExportOutcome::Kind::refused, "refused"}};
    return QByteArray::fromStdString(names.at(outcome.kind) + ": " + outcome.message);
}

} // namespace tokenscope::test
