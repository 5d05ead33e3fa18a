// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "telemetry/tracing/span.h"

namespace tokenscope::telemetry {

/// How errors look on spans: by type and our own sentence; what an upstream said may quote the prompt and stays out. A client
/// that leaves is no failure: the span keeps its status and only says why it ended early. The same goes for a provider's call
/// that is cancelled, since the provider did nothing wrong.
void note_error(Span& span, const Error& error);

} // namespace tokenscope::telemetry
