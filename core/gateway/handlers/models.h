// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/model_catalog.h"
#include "gateway/request_context.h"

namespace tokenscope::gateway {

/// GET /v1/models, GET /v1/models/{id} and GET /ready: what the catalog knows, in OpenAI's shape.
class Models {
public:
    explicit Models(ModelCatalog& catalog) : m_catalog(catalog) {}

    net::Task<void> list(RequestContext& context);
    net::Task<void> one(RequestContext& context);
    /// 200 once at least one provider is usable, else 503; the body says which are and why the others are not.
    net::Task<void> ready(RequestContext& context);

private:
    net::Task<void> know();

    ModelCatalog& m_catalog;
};

} // namespace tokenscope::gateway
