// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/capture/capture_store.h"

#include <QString>

#include <cstddef>
#include <string_view>
#include <vector>

namespace tokenscope::ui {

/// One event of a captured event stream.
struct BodyEvent {
    QString name; ///< of its "event:" line; may be empty
    QString data;
    QString says; ///< the text it adds to the reply, where it is one of the kinds that we know
};

/// A captured body made fit to be read. Whatever a peer sent, making it takes time and memory in proportion to `most`.
struct BodyText {
    enum class Kind { notCaptured, empty, json, events, text, binary };

    /// Bytes that are looked at; those beyond are left to the copy button.
    static constexpr std::size_t most = std::size_t{256} << 10;
    /// Letters of indented text at most: nesting could make any amount of it.
    static constexpr qsizetype mostPretty = qsizetype{1} << 20;
    static constexpr std::size_t mostEvents = 5000;

    Kind kind = Kind::notCaptured;
    QString raw;                   ///< as it came; of binary, its hex dump; control characters as their symbols
    QString pretty;                ///< of json, indented; else as raw
    QString note;                  ///< what is wrong or not whole, as sentences; empty: nothing
    std::vector<BodyEvent> events; ///< of events
};

/// `contentType`: of the header; may be empty.
BodyText bodyTextOf(const telemetry::CapturedBody& body, std::string_view contentType);

/// Indented, without changing a letter of any value; also of text that is cut off or no JSON at all.
QString prettyJson(std::string_view text);
/// "00000010  48 65 …  He…" with eight bytes a line.
QString hexDump(std::string_view bytes);

/// The value of a header, whatever the case of its name; empty where there is none.
std::string_view headerOf(const telemetry::CapturedHeaders& headers, std::string_view name);

} // namespace tokenscope::ui
