// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/chat_types.h"
#include "llm/sse.h"

#include <QString>

#include <optional>
#include <string>
#include <string_view>

namespace tokenscope::ui {

/// Reads the bytes of a streamed chat reply, however they were cut up, and measures it. Times are seconds since sending,
/// passed in. No I/O.
class ChatStream {
public:
    void append(std::string_view bytes, double at);
    /// No more bytes will come: an event that lacks its blank line still counts.
    void end(double at);

    /// What arrived since the last call.
    QString takeContent();
    QString takeReasoning();

    /// The reply's end marker was seen: it is complete.
    bool done() const { return m_done; }
    /// What the other side said in an error event, or in an event that is no JSON.
    const std::optional<QString>& error() const { return m_error; }
    bool anyText() const { return m_firstText.has_value(); }
    ChatStats stats(double now) const;

private:
    void event(std::string_view data, double at);

    llm::SseParser m_parser;
    std::string m_content, m_reasoning; ///< UTF-8
    bool m_done = false;
    std::optional<QString> m_error;
    std::optional<double> m_firstText, m_lastText;
    ChatStats m_stats;
};

} // namespace tokenscope::ui
