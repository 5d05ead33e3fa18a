// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/request_record.h"

#include <QString>

namespace tokenscope::ui {

/// Everything known of a request as one indented JSON object. Instants are seconds since the accept. What is not known is left
/// out. Chunks are rows of [instant, bytes, tokens].
QString recordJson(const telemetry::RequestRecord& record);

} // namespace tokenscope::ui
