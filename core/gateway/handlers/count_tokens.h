// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/model_catalog.h"
#include "gateway/request_context.h"

namespace tokenscope::gateway {

/// POST /v1/messages/count_tokens of Anthropic's API: asked of the model's provider where that speaks the API. Elsewhere it
/// is refused (unsupported_api), because nobody but the model's own server can count its tokens, and a guess would be
/// taken for a count. No model runs, so that it is no request of the token metrics.
class CountTokens {
public:
    /// `hide_credentials`: as in Dispatcher.
    CountTokens(ModelCatalog& catalog, bool hide_credentials) : m_catalog(catalog), m_hide_credentials(hide_credentials)
    {
    }

    net::Task<void> handle(RequestContext& context);

private:
    net::Task<Result<providers::Reply>> ask(RequestContext& context);

    ModelCatalog& m_catalog;
    const bool m_hide_credentials;
};

} // namespace tokenscope::gateway
