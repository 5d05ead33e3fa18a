// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/delivery.h"
#include "net/exchange.h"

#include <string>

namespace tokenscope::gateway {

/// Hands a provider's stream to the client, through the request's translation if it has one.
class ClientSink final : public providers::StreamSink {
public:
    ClientSink(net::Exchange& exchange, const providers::Provider& provider, Delivery& delivery,
               llm::Translation* translation)
        : m_exchange(exchange), m_provider(provider), m_delivery(delivery), m_translation(translation)
    {
    }

    net::Task<Result<void>> begin(const providers::Headers& headers) override;
    net::Task<Result<void>> write(providers::StreamChunk chunk) override;

    /// What has to stand before an event of our own, where the stream broke off in the middle of something: the end of the
    /// line, and of the event if the API has events.
    std::string_view separator(llm::Api api) const;

private:
    net::Exchange& m_exchange;
    const providers::Provider& m_provider;
    Delivery& m_delivery;
    llm::Translation* const m_translation;
    std::string m_translated;
    std::string m_tail; ///< the last bytes written
};

} // namespace tokenscope::gateway
