// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/fake_upstream.h"

#include <map>
#include <mutex>

namespace tokenscope::test {

/// A model server that speaks OpenAI's, Anthropic's and Ollama's APIs and does what the request's text tells it, as in
/// "do=ok;prompt=12;completion=5;id=7;": so the client knows beforehand what will be reported. Deeds:
/// ok, lump (a whole stream in one write), no_usage, slow (streams only), s400, s429, s500 and so on (that status),
/// flaky (a 503 at first), flaky_429, flaky_reset; reset, close, garbage, not_http, stall (before the reply); cut,
/// reset_inside, stall_inside (half of the reply), error_event, unfinished (a stream without its terminal event).
class ScriptedModels {
public:
    /// Lists `models`, in the way of each API. `anything`: takes requests for others as well, as local servers do.
    explicit ScriptedModels(QByteArrayList models, bool anything = false);

    FakeUpstream upstream;

private:
    struct Work;
    FakeUpstream::Script answer(const FakeUpstream::Request& request);
    FakeUpstream::Script listing(const FakeUpstream::Request& request) const;
    FakeUpstream::Script refusal_or_none(const Work& work);

    const QByteArrayList m_models;
    const bool m_anything;
    std::mutex m_mutex;
    std::map<QByteArray, int> m_attempts; ///< by id
};

} // namespace tokenscope::test
