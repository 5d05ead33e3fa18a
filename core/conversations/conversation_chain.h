// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "conversations/conversation_store.h"

#include <vector>

namespace tokenscope::conversations {

/// Bounds of one conversation, so that a request cannot make the gateway read without end.
struct ChainLimits {
    std::size_t links = 4096;
    std::size_t bytes = std::size_t{64} << 20; ///< of all `input` and `body`
};

/// The reply `id` and all it continues, oldest first. A reply held upstream is where it begins: what came before is known
/// there. Errors, all with param "previous_response_id": previous_response_not_found if any link is missing, invalid_request
/// beyond the limits or for a chain that bites its tail; and the store's own. `store` must outlive the call.
net::Task<Result<std::vector<StoredResponse>>> load_chain(ConversationStore& store, std::string id,
                                                          ChainLimits limits = {});

} // namespace tokenscope::conversations
