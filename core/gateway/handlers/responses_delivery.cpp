// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/handlers/responses_delivery.h"

#include <fmt/format.h>

#include <utility>

namespace tokenscope::gateway {

namespace {

Error held_elsewhere(const std::string& id, const std::string& holder)
{
    return {.code = ErrorCode::previous_response_not_found,
            .message =
                fmt::format("The response '{}' is kept by the provider '{}', so that only a model of that provider "
                            "can continue it, by its own Responses API. Ask for one, or send the conversation in "
                            "\"input\".",
                            id, holder),
            .detail = {},
            .param = "previous_response_id"};
}

} // namespace

std::string ResponsesDelivery::target(const llm::ModelRequest& request) const
{
    if (m_basis.holder.empty())
        return request.model;
    const auto alias = m_parts.aliases.find(request.model);
    const auto& name = alias == m_parts.aliases.end() ? request.model : alias->second;
    if (m_parts.providers.contains(name.substr(0, name.find('/'))) && name.find('/') != std::string::npos)
        return request.model;
    return m_basis.holder + "/" + name;
}

bool ResponsesDelivery::passes_through(const llm::ModelRequest& request, const providers::Provider& provider) const
{
    const bool ours = !m_basis.history.earlier.empty() || !m_basis.history.known.empty();
    const bool elsewhere = !m_basis.holder.empty() && m_basis.holder != provider.name();
    return provider.speaks(request.api) && !ours && !elsewhere;
}

Result<std::unique_ptr<llm::Translation>> ResponsesDelivery::translate(const llm::ModelRequest& request,
                                                                       const providers::Provider&)
{
    if (m_basis.unknown)
        return failure(*m_basis.unknown);
    if (!m_basis.holder.empty())
        return failure(held_elsewhere(m_basis.links.previous.value_or(""), m_basis.holder));
    auto made = llm::translate_responses(request, m_basis.history, m_parts.clock.wall());
    if (!made)
        return failure(std::move(made.error()));
    m_translation = made->get();
    m_model = request.model;
    return std::move(*made);
}

std::optional<conversations::StoredResponse> ResponsesDelivery::to_keep(const Part& part)
{
    conversations::StoredResponse kept{.previous_id = m_basis.links.previous.value_or(""),
                                       .provider = part.provider.name(),
                                       .created = m_parts.clock.wall()};
    if (part.translation) {
        if (!m_translation || !m_translation->complete())
            return std::nullopt;
        kept.id = m_translation->id();
        kept.model = m_model;
        kept.input = m_translation->input();
        kept.body = m_translation->response();
        return kept;
    }
    llm::ResponseNote note;
    bool told = part.whole;
    if (part.whole) {
        llm::ReplyFacts facts;
        llm::read_responses_reply(part.bytes, facts, note);
        kept.model = facts.model;
    } else {
        llm::StreamFacts facts;
        std::string same_bytes;
        m_watch.feed(part.bytes, same_bytes, facts);
        m_model = facts.response_model.value_or(std::move(m_model));
        kept.model = m_model;
        note = m_watch.note();
        // One in the background goes on when its client has left.
        told = facts.done || m_basis.links.background;
    }
    kept.id = note.id;
    return told && note.stored && !note.id.empty() ? std::optional(std::move(kept)) : std::nullopt;
}

net::Task<void> ResponsesDelivery::before(Part part)
{
    if (!m_basis.links.store || m_kept)
        co_return;
    auto reply = to_keep(part);
    if (!reply)
        co_return;
    m_kept = true;
    const auto id = reply->id;
    const auto stored = co_await m_parts.store.create(std::move(*reply));
    if (!stored)
        m_parts.log.log(telemetry::Level::warn, "response not stored",
                        {{"response", id},
                         {"error", to_string(stored.error().code)},
                         {"error_message", stored.error().message},
                         {"detail", stored.error().detail}});
}

} // namespace tokenscope::gateway
