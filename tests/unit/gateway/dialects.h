// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace tokenscope::test {

/// One of the APIs that clients speak, as far as tests of all of them need to know it.
struct Dialect {
    enum class Shape { openai, responses, anthropic, ollama };

    QByteArray path;
    Shape shape;
    QByteArray input; ///< the members that hold the prompt, and others that are required

    QByteArray request(const QByteArray& model, bool streamed) const;
};

inline const Dialect dialects[] = {
    {"/v1/chat/completions", Dialect::Shape::openai, R"("messages":[{"role":"user","content":"hi"}])"},
    {"/v1/completions", Dialect::Shape::openai, R"("prompt":"hi")"},
    {"/v1/responses", Dialect::Shape::responses, R"("input":"hi")"},
    {"/v1/messages", Dialect::Shape::anthropic, R"("max_tokens":9,"messages":[{"role":"user","content":"hi"}])"},
    {"/v1/responses", Dialect::Shape::responses, R"("input":"hi")"},
    {"/api/chat", Dialect::Shape::ollama, R"("messages":[{"role":"user","content":"hi"}])"},
    {"/api/generate", Dialect::Shape::ollama, R"("prompt":"hi")"},
};

/// A POST request with its headers. A content type in `headers` replaces JSON's.
QByteArray http_post(const QByteArray& path, const QByteArray& body, const QByteArray& headers = {});

/// A chunk of an OpenAI chat stream.
QByteArray chat_delta(const QByteArray& text);

/// Whether a body is an error as the dialect has it. `code` is looked for where the shape has one, unless empty.
bool error_in_shape(const QByteArray& body, const Dialect& dialect, const QByteArray& code);

/// Whether a stream's last event is an error of the dialect that contains `words`, and no other event is one.
bool stream_ends_with_error(const QByteArray& body, const Dialect& dialect, const QByteArray& words);

} // namespace tokenscope::test
