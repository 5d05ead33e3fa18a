// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "conversations/conversation_store.h"
#include "gateway/delivery.h"
#include "llm/responses_stream_reader.h"
#include "llm/responses_translation.h"
#include "telemetry/logging/log.h"

#include <map>
#include <optional>
#include <set>
#include <string>

namespace tokenscope::gateway {

/// What a request of the Responses API continues, and who has that.
struct ResponsesBasis {
    llm::ResponsesLinks links;
    llm::ResponsesHistory history; ///< of what the gateway keeps itself
    std::string holder;            ///< the provider that keeps the previous response itself; empty: none does
    /// Why the gateway does not know the previous response. A provider with a Responses API may.
    std::optional<Error> unknown;
};

/// How one Responses request is carried out: by its provider's own Responses API, or, where that has none or where the
/// gateway keeps the conversation, by a chat completion. Replies that are to be stored are stored before the client sees
/// their end; one that cannot be stored is delivered all the same, with a warning in the log.
class ResponsesDelivery final : public Delivery {
public:
    /// What outlives all deliveries.
    struct Parts {
        conversations::ConversationStore& store;
        telemetry::Logger& log;
        const Clock& clock;
        const std::map<std::string, std::string>& aliases;
        const std::set<std::string>& providers; ///< their names
    };

    ResponsesDelivery(Parts parts, ResponsesBasis basis) : m_parts(parts), m_basis(std::move(basis)) {}

    /// A response that its provider keeps is continued there, though another one may also list the model.
    std::string target(const llm::ModelRequest& request) const override;
    bool passes_through(const llm::ModelRequest& request, const providers::Provider& provider) const override;
    Result<std::unique_ptr<llm::Translation>> translate(const llm::ModelRequest& request,
                                                        const providers::Provider& provider) override;
    net::Task<void> before(Part part) override;

private:
    /// What there is to store, once.
    std::optional<conversations::StoredResponse> to_keep(const Part& part);

    const Parts m_parts;
    const ResponsesBasis m_basis;
    const llm::ResponsesTranslation* m_translation = nullptr;
    llm::ResponsesStreamReader m_watch; ///< of a provider's own stream
    std::string m_model;
    bool m_kept = false;
};

} // namespace tokenscope::gateway
