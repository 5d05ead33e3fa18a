// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/capture/capture_store.h"

#include <QString>

#include <string>

namespace tokenscope::ui {

/// The captured request as a command for a POSIX shell that can be run once TOKENSCOPE_KEY is set. What cannot be repeated
/// (no body, a part of it, bytes that are not text) is said in a comment above it. `baseUrl`: "http://host:port".
QString curlOf(const telemetry::CapturedExchange& exchange, const QString& baseUrl);

/// Why the request cannot be put into the Playground, as a sentence; empty: it can. `exchange` may be null.
QString replayObstacle(const telemetry::CapturedExchange* exchange, bool bodiesAreCaptured);

/// How to have bodies captured, as a sentence.
QString howToCapture();

} // namespace tokenscope::ui
