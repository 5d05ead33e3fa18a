// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "llm/translation.h"
#include "net/task.h"
#include "providers/provider.h"

#include <memory>
#include <string>
#include <string_view>

namespace tokenscope::gateway {

/// The error of a request that a provider has no API for.
Error unsupported(llm::Api api, const providers::Provider& provider);

/// What a route has to say about how one request is carried out. By default: the provider gets the request as it is, or
/// translated by `translator`, and the route takes no part in the reply.
class Delivery {
public:
    explicit Delivery(llm::Translator translator = nullptr, WallTime now = {}) : m_translator(translator), m_now(now) {}
    virtual ~Delivery() = default;

    /// The model to look up, as a client would name it.
    virtual std::string target(const llm::ModelRequest& request) const { return request.model; }

    /// Whether this provider gets the request as it is.
    virtual bool passes_through(const llm::ModelRequest& request, const providers::Provider& provider) const
    {
        return provider.speaks(request.api);
    }

    /// For a provider that is to get it as a chat completion. Errors: unsupported_api where there is no such translation, and
    /// the translation's own.
    virtual Result<std::unique_ptr<llm::Translation>> translate(const llm::ModelRequest& request,
                                                                const providers::Provider& provider);

    /// A good reply, or some of one, on its way to the client.
    struct Part {
        const providers::Provider& provider;
        std::string_view bytes;
        const llm::Translation* translation = nullptr; ///< what made them; null where the provider's own pass through
        bool whole = false;                            ///< a reply that is not streamed
    };
    /// Awaited before the client is given the part.
    virtual net::Task<void> before(Part part);

private:
    llm::Translator m_translator;
    WallTime m_now;
};

} // namespace tokenscope::gateway
