// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "counting_hooks.h"
#include "support/fake_upstream.h"
#include "support/raw_http.h"

#include <QFile>

#include <functional>
#include <string>

/// Servers in front of which the tests of Ollama's routes put a gateway, and ways to ask it.
namespace tokenscope::test {

using F = FakeUpstream;
using Script = FakeUpstream::Script;
using Answer = std::function<Script(const F::Request&)>;

inline QByteArray fixture(const char* name)
{
    QFile file(QStringLiteral(TOKENSCOPE_UPSTREAMS "/") + QLatin1StringView(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

inline Script json(const QByteArray& body, int status = 200)
{
    return {F::reply(status, "application/json; charset=utf-8", body)};
}

/// An Ollama server that lists phi4:latest and qwen3:8b; `answer` is for everything else.
inline Answer ollama(Answer answer)
{
    return [answer](const F::Request& request) {
        return request.target == "/api/tags" ? json(fixture("ollama_tags.json")) : answer(request);
    };
}

inline Answer ollama(const Script& script)
{
    return ollama([script](const F::Request&) { return script; });
}

/// The native API, and an OpenAI one that lists m1, behind one port.
inline Script full_answer(const F::Request& request)
{
    if (request.target == "/api/show")
        return json(fixture("ollama_show.json"));
    if (request.target == "/api/ps")
        return json(fixture("ollama_ps.json"));
    if (request.target == "/api/version")
        return json(R"({"version":"0.13.5"})");
    return json(R"({"error":"no"})", 404);
}

inline config::Provider ollama_at(const F& upstream, const std::string& name = "oll")
{
    config::Provider provider;
    provider.name = name;
    provider.kind = config::ProviderKind::ollama;
    provider.base_url = upstream.url().toStdString();
    provider.max_retries = 0;
    return provider;
}

inline config::Provider demo()
{
    config::Provider provider;
    provider.name = "demo";
    provider.kind = config::ProviderKind::demo;
    provider.demo.prefill_base = provider.demo.prefill_per_token = provider.demo.per_token = {};
    return provider;
}

/// An OpenAI server that lists m1 and phi4:latest.
inline Answer openai(const Script& script)
{
    return [script](const F::Request& request) {
        if (request.target == "/v1/models")
            return json(R"({"data":[{"id":"m1","created":1767608130},{"id":"phi4:latest"}]})");
        return script;
    };
}

/// The last POST that has reached it, or request for `target`.
inline F::Request asked(const F& upstream, const QByteArray& target = {})
{
    const auto requests = upstream.requests();
    for (auto request = requests.rbegin(); request != requests.rend(); ++request)
        if (target.isEmpty() ? request->method == "POST" : request->target == target)
            return *request;
    return {};
}

inline bool was_asked(const F& upstream, const QByteArray& target)
{
    return asked(upstream, target).target == target;
}

inline QByteArray get(const TestGateway& gateway, const QByteArray& path)
{
    RawHttp client(gateway.port());
    client.get(path);
    return client.read_reply() ? client.body() : QByteArray();
}

/// "STATUS BODY"
inline QByteArray post(const TestGateway& gateway, const QByteArray& path, const QByteArray& body)
{
    RawHttp client(gateway.port());
    client.post(path, body);
    return client.read_reply() ? QByteArray::number(client.status()) + " " + client.body() : QByteArray();
}

} // namespace tokenscope::test
