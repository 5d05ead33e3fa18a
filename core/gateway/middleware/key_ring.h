// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "base/sha256.h"
#include "config/config.h"
#include "net/headers.h"

#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::gateway {

/// The clients' keys, as hashes, and the one place that finds them in a request: `Authorization: Bearer` (OpenAI's
/// clients), `x-api-key` (Anthropic's) or `api-key` (Azure's). Immutable, so safe to share between threads.
class KeyRing {
public:
    /// Several keys may have the same name, so that a key can be replaced without a break. Error: config, for a hash that
    /// is none, or a name that is empty or "anonymous" (which means nobody in the metrics).
    static Result<KeyRing> make(const std::vector<config::ClientKey>& keys);

    /// No keys configured: whoever reaches the gateway may use it.
    bool empty() const { return m_keys.empty(); }

    enum class Verdict {
        absent,    ///< no key came, or an empty one
        unknown,   ///< none that came is of this ring
        ambiguous, ///< one header twice with different keys, or keys of two clients: nobody can say whose request it is
        known,
    };
    struct Found {
        Verdict verdict = Verdict::absent;
        std::string_view name; ///< of the known key; holds as long as the ring
    };

    /// Every key that came is compared with every configured hash in constant time. A placeholder that an SDK insists on
    /// in one header does no harm next to a known key in another.
    Found find(const net::Headers& headers) const;

private:
    struct Key {
        std::string name;
        Sha256 hash;
    };

    const Key* match(std::string_view presented) const;

    std::vector<Key> m_keys;
};

/// Whether a request header carries the client's key, in any form that find() reads. Where keys are configured such headers
/// are for this gateway alone, and must not reach an upstream.
bool is_client_credential(std::string_view header_name);

} // namespace tokenscope::gateway
