// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/handlers/models.h"

#include "gateway/error_reply.h"
#include "gateway/router.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace tokenscope::gateway {

namespace {

using Json = nlohmann::ordered_json;

Json to_json(const ModelCatalog::Entry& entry)
{
    return {{"id", entry.id}, {"object", "model"}, {"created", entry.created}, {"owned_by", entry.owned_by}};
}

net::Task<void> reply_json(RequestContext& context, unsigned status, const Json& json)
{
    net::Response response{.status = status,
                           .headers = {{"Content-Type", "application/json"}},
                           .body = json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"};
    co_await context.exchange.reply(std::move(response));
}

std::string percent_decoded(std::string_view text)
{
    const auto digit = [](char c) -> int {
        if (c >= '0' && c <= '9')
            return c - '0';
        const char lower = static_cast<char>(c | 0x20);
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    };
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escape = text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0;
        out += escape ? static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2])) : text[i];
        i += escape ? 2 : 0;
    }
    return out;
}

} // namespace

net::Task<void> Models::know()
{
    // Right after the start nobody has been asked yet; later the catalog is refreshed in the background.
    if (!m_catalog.refreshed())
        co_await m_catalog.refresh();
}

net::Task<void> Models::list(RequestContext& context)
{
    co_await know();
    Json data = Json::array();
    for (const auto& entry : m_catalog.list())
        data.push_back(to_json(entry));
    const Json json = {{"object", "list"}, {"data", std::move(data)}};
    co_await reply_json(context, 200, json);
}

net::Task<void> Models::one(RequestContext& context)
{
    co_await know();
    const auto path = path_of(context.exchange.target());
    const auto id = percent_decoded(path.substr(context.route.size() - std::string_view("{id}").size()));
    const auto entries = m_catalog.list();
    const auto found = std::find_if(entries.begin(), entries.end(), [&](const auto& entry) {
        return entry.id == id || entry.owned_by + "/" + entry.id == id;
    });
    if (found == entries.end()) {
        context.error = Error{.code = ErrorCode::model_not_found,
                              .message = fmt::format("There is no model \"{}\". GET /v1/models lists them.", id),
                              .detail = {},
                              .param = "model"};
        co_await context.exchange.reply(error_reply(*context.error, context.error_shape()));
        co_return;
    }
    const auto json = to_json(*found);
    co_await reply_json(context, 200, json);
}

net::Task<void> Models::ready(RequestContext& context)
{
    co_await know();
    bool ready = false;
    Json providers = Json::array();
    for (const auto& one : m_catalog.health()) {
        Json entry = {{"name", one.provider.name()}, {"kind", one.provider.kind()}, {"models", one.models}};
        if (one.error)
            entry["error"] = one.error->message;
        ready = ready || !one.error;
        providers.push_back(std::move(entry));
    }
    const Json json = {{"status", ready ? "ready" : "no provider is usable"}, {"providers", std::move(providers)}};
    co_await reply_json(context, ready ? 200 : 503, json);
}

} // namespace tokenscope::gateway
