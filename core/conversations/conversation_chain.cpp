// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "conversations/conversation_chain.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace tokenscope::conversations {

namespace {

tl::unexpected<Error> refuse(ErrorCode code, std::string message)
{
    return failure(Error{.code = code, .message = std::move(message), .param = "previous_response_id"});
}

} // namespace

net::Task<Result<std::vector<StoredResponse>>> load_chain(ConversationStore& store, std::string id, ChainLimits limits)
{
    std::vector<StoredResponse> chain;
    std::set<std::string> seen;
    std::size_t bytes = 0;
    for (auto next = id; !next.empty();) {
        if (chain.size() >= limits.links || bytes > limits.bytes)
            co_return refuse(ErrorCode::invalid_request,
                             "The conversation has become too long. Begin a new one, with a summary of this one.");
        if (!seen.insert(next).second)
            co_return refuse(ErrorCode::invalid_request, "The conversation continues itself. Begin a new one.");
        auto found = co_await store.get(next);
        if (!found)
            co_return failure(std::move(found.error()));
        if (!*found)
            co_return refuse(
                ErrorCode::previous_response_not_found,
                next == id
                    ? fmt::format(
                        "Previous response with id '{}' not found. It may have been deleted, have expired, or "
                        "been made with \"store\": false. Send the conversation in \"input\".",
                        id)
                    : fmt::format("The response '{}' cannot be continued: '{}', which came before it, has been deleted "
                                  "or has expired. Send the conversation in \"input\".",
                                  id, next));
        auto& link = chain.emplace_back(std::move(**found));
        bytes += link.input.size() + link.body.size();
        next = link.held_upstream() ? std::string() : link.previous_id;
    }
    if (chain.empty())
        co_return refuse(ErrorCode::previous_response_not_found,
                         "previous_response_id is empty. Leave it out, or name a response.");
    std::reverse(chain.begin(), chain.end());
    co_return chain;
}

} // namespace tokenscope::conversations
