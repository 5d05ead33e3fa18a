// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/middleware/auth.h"

#include "gateway/middleware/refusal.h"
#include "gateway/router.h"

#include <utility>

namespace tokenscope::gateway {

namespace {

std::string_view explain(KeyRing::Verdict verdict)
{
    switch (verdict) {
    case KeyRing::Verdict::unknown:
        return "This key is not one of this gateway's. Send the key that its operator gave you, as \"Authorization: "
               "Bearer <key>\" or \"x-api-key: <key>\"; a provider's own key does not open it.";
    case KeyRing::Verdict::ambiguous:
        return "The request carries different keys. Send one, as \"Authorization: Bearer <key>\" or \"x-api-key: "
               "<key>\".";
    default: break;
    }
    return "This gateway needs a key. Send it as \"Authorization: Bearer <key>\" or \"x-api-key: <key>\".";
}

bool is_open(const net::Exchange& exchange)
{
    return only_reads(exchange) && path_of(exchange.target()) == "/health";
}

} // namespace

Handler with_auth(std::shared_ptr<const KeyRing> keys, Handler next)
{
    return [keys = std::move(keys), next = std::move(next)](RequestContext& context) {
        if (keys->empty() || is_unreadable(context.exchange))
            return next(context);
        const auto found = keys->find(context.exchange.headers());
        context.client = found.name;
        if (found.verdict == KeyRing::Verdict::known || is_open(context.exchange))
            return next(context);
        return refuse(context, {.code = ErrorCode::unauthorized, .message = std::string(explain(found.verdict))});
    };
}

} // namespace tokenscope::gateway
