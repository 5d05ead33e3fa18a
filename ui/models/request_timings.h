// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/request_record.h"

#include <QString>

#include <optional>
#include <vector>

namespace tokenscope::ui {

/// What a request was doing for a while.
struct RequestPhase {
    enum class Kind {
        reading,   ///< its body is read
        preparing, ///< model and provider are looked up
        queue,     ///< in line for a place at its provider
        connect,   ///< from the line to a connection; with several attempts, the earlier ones too
        sending,
        waiting,   ///< at the provider: the prompt is read (prefill) up to the first token
        receiving, ///< a reply in one piece
        streaming, ///< from the first to the last token (decode)
        tail,      ///< what comes after the last token: usage, end of the stream
    };
    Kind kind = Kind::reading;
    double from = 0; ///< seconds since the request was accepted
    double to = 0;
};

QString phaseName(RequestPhase::Kind kind);
QString phaseExplanation(RequestPhase::Kind kind);

/// Without gaps from the accept to the end. A request that failed ends in the phase it had come to; phases of no length are
/// left out.
std::vector<RequestPhase> phasesOf(const telemetry::RequestRecord& record);

struct GapStats {
    double mean = 0;
    double p95 = 0;
    double longest = 0;
};

/// Between tokens: the gap before a chunk, divided by its tokens, counted once for each of them; further tokens of the first
/// chunk came without a gap. As far as chunks are kept. Absent below two tokens.
std::optional<GapStats> tokenGaps(const telemetry::RequestRecord& record);
/// Between chunks, whether they carry tokens or not. Absent below two chunks.
std::optional<GapStats> chunkGaps(const telemetry::RequestRecord& record);

/// One row of the table; an absent value is "–".
struct Timing {
    QString name;
    QString value;
    QString definition; ///< how it is computed, and who else computes it so
};

std::vector<Timing> timingsOf(const telemetry::RequestRecord& record);
/// Of the stages that only the demo provider tells; empty for all others.
std::vector<Timing> stagesOf(const telemetry::RequestRecord& record);

} // namespace tokenscope::ui
