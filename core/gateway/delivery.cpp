// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/delivery.h"

#include <fmt/format.h>

namespace tokenscope::gateway {

Error unsupported(llm::Api api, const providers::Provider& provider)
{
    return {.code = ErrorCode::unsupported_api,
            .message = fmt::format("Provider {} (kind {}) has no {} API. Choose a model of another one.",
                                   provider.name(), provider.kind(), llm::to_string(api)),
            .detail = {},
            .param = "model"};
}

Result<std::unique_ptr<llm::Translation>> Delivery::translate(const llm::ModelRequest& request,
                                                              const providers::Provider& provider)
{
    if (m_translator)
        return m_translator(request, m_now);
    return failure(unsupported(request.api, provider));
}

net::Task<void> Delivery::before(Part)
{
    co_return;
}

} // namespace tokenscope::gateway
