// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "net/task.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tokenscope::conversations {

/// A reply of the Responses API that a later request may refer to. The texts are bytes: nothing here reads them.
struct StoredResponse {
    std::string id;          ///< "resp_..."
    std::string previous_id; ///< of the reply this one continues; empty: it begins a conversation
    std::string model;
    std::string provider; ///< the name of the one that answered
    WallTime created{};
    /// When it is forgotten. Left at its default, create() makes it the store's time to live from now.
    WallTime expires{};
    std::string input; ///< JSON: the array of the request's own input items, without those before
    std::string body;  ///< JSON: the whole response object as the client got it

    /// The upstream has the reply itself: only who that is is known here; `input` and `body` are empty.
    bool held_upstream() const { return body.empty(); }

    bool operator==(const StoredResponse&) const = default;
};

/// Keeps replies for a time. Called on one I/O thread, which no operation ever blocks.
///
/// Replies are independent of each other: erasing one leaves those that continue it readable by their own id, but
/// continuing from them is then "not found" (load_chain), since what the deleted one said is gone for good. The same
/// goes for a beginning that has expired.
///
/// The store is destroyed before the io_context its callers run on, on the I/O thread or when that has ended. Operations
/// in flight are brought to their end first, and their callers resumed by the io_context, should it still run.
/// Errors have ErrorCode::internal.
class ConversationStore {
public:
    virtual ~ConversationStore() = default;

    /// "memory" or "sqlite": the label in metrics and traces. Does not change.
    virtual std::string_view backend() const = 0;

    /// How many are kept, those that have expired but are not yet purged included. Costs nothing.
    virtual std::size_t count() const = 0;

    /// Whether replies that should go to the disk are in memory only, because it cannot be written. Costs nothing.
    virtual bool degraded() const { return false; }

    /// Keeps the reply, in the place of one with the same id. Ends once the reply is as safe as this store can make it.
    virtual net::Task<Result<void>> create(StoredResponse response) = 0;

    /// Nothing where it is not there or has expired.
    virtual net::Task<Result<std::optional<StoredResponse>>> get(std::string id) = 0;

    /// Whether it was there, and had not expired.
    virtual net::Task<Result<bool>> erase(std::string id) = 0;

    /// Drops what has expired; how many that were. Once done, also tries to mend what is wrong with the store.
    virtual net::Task<Result<std::size_t>> purge_expired() = 0;
};

} // namespace tokenscope::conversations
