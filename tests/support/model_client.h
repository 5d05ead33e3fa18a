// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <cstdint>
#include <memory>
#include <vector>

namespace tokenscope::test {

class RawHttp;

enum class Dialect {
    chat,
    completions,
    embeddings,
    rerank,
    responses,
    messages,
    ollama_chat,
    ollama_generate,
    ollama_embed,
};
constexpr int dialect_count = static_cast<int>(Dialect::ollama_embed) + 1;

/// The path asked for, which is the route's template as well.
QByteArray path_of(Dialect dialect);
bool can_stream(Dialect dialect);

/// When a client leaves without waiting for the end.
enum class Leave {
    never,
    in_headers, ///< before they are complete: no request at all
    in_body,
    at_once,  ///< when all is sent
    in_reply, ///< after its first bytes
};

/// One model request, for ScriptedModels to answer.
struct Ask {
    Dialect dialect = Dialect::chat;
    QByteArray model;
    bool stream = false;
    QByteArray deed = "ok";
    int prompt = 10;
    int completion = 5;
    Leave leave = Leave::never;
    QByteArray previous = {}; ///< previous_response_id
    QByteArray broken = {};   ///< sent in place of the body
};

/// What became of it, as the client saw it.
struct Told {
    Ask ask;
    QByteArray request_id; ///< sent as x-request-id
    qsizetype sent = 0;    ///< bytes of its body
    int status = 0;        ///< 0: none came
    bool whole = false;    ///< the reply came to its end
    QByteArray body;
};

/// Words of every prompt; they must never show up in telemetry.
inline constexpr const char* secret_words = "the-secret-of-the-prompt";
inline constexpr const char* secret_key = "sk-the-secret-key";

/// Asks one request after another, as one client does, and remembers them all. Used on one thread.
class ModelClient {
public:
    /// `name` begins every request id.
    ModelClient(std::uint16_t port, QByteArray name);
    ~ModelClient();

    const Told& ask(const Ask& ask);
    const std::vector<Told>& log() const { return m_log; }

private:
    void send(const Ask& ask, Told& told);

    const std::uint16_t m_port;
    const QByteArray m_name;
    std::unique_ptr<RawHttp> m_connection;
    std::vector<Told> m_log;
};

} // namespace tokenscope::test
