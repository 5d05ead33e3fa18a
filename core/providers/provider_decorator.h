// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "providers/provider.h"

#include <memory>
#include <utility>

namespace tokenscope::providers {

/// What decorators of a provider have in common: all but the model calls go to the provider inside.
class ProviderDecorator : public Provider {
public:
    explicit ProviderDecorator(std::unique_ptr<Provider> inner) : m_inner(std::move(inner)) {}

    const std::string& name() const final { return m_inner->name(); }
    std::string_view kind() const final { return m_inner->kind(); }
    std::string_view genai_name() const final { return m_inner->genai_name(); }
    bool speaks(llm::Api api) const final { return m_inner->speaks(api); }
    Task<Result<std::vector<ModelInfo>>> models(CancelToken cancel) final { return m_inner->models(std::move(cancel)); }
    Task<Result<void>> health(CancelToken cancel) final { return m_inner->health(std::move(cancel)); }
    Task<Result<Reply>> side_call(SideCall call) final { return m_inner->side_call(std::move(call)); }

protected:
    Provider& inner() { return *m_inner; }

private:
    const std::unique_ptr<Provider> m_inner;
};

} // namespace tokenscope::providers
