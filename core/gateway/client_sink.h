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

private:
    net::Exchange& m_exchange;
    const providers::Provider& m_provider;
    Delivery& m_delivery;
    llm::Translation* const m_translation;
    std::string m_translated;
};

} // namespace tokenscope::gateway
