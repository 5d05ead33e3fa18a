// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <cstdint>
#include <optional>
#include <vector>

namespace tokenscope::ui {

struct ChatMessage {
    QString role; ///< "system", "user" or "assistant"
    QString text;
};

/// One request to the gateway. What is absent is not sent, so that the model's own default holds.
struct ChatRequest {
    QString model;
    std::vector<ChatMessage> messages;
    std::optional<double> temperature;
    std::optional<int> maxTokens;
};

/// The body of POST /v1/chat/completions: streamed, with usage at the end.
QByteArray chatBody(const ChatRequest& request);

/// The same request as a command for a POSIX shell.
QString curlCommand(const QString& apiUrl, const ChatRequest& request);

/// What the console itself saw and measured of one reply. Absent is not 0.
struct ChatStats {
    std::optional<double> ttft; ///< seconds from sending to the first content or reasoning that is not empty
    double total = 0;           ///< seconds from sending to the end of the reply
    std::optional<std::uint64_t> promptTokens, completionTokens; ///< as the model reported them
    /// completionTokens / (last token - first token), reasoning included; absent for replies of a single chunk.
    std::optional<double> tokensPerSecond;
    std::vector<double> gaps; ///< seconds between one chunk with text and the next
    QString finishReason;     ///< "stop", "length", ...; "stopped" where the user stopped it
    QString model;            ///< the model that answered, as the reply names it
};

} // namespace tokenscope::ui
