// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "conversations/conversation_store.h"
#include "conversations/response_table.h"
#include "storage/database_file.h"
#include "storage/sqlite_worker.h"

#include <chrono>
#include <functional>
#include <memory>

namespace tokenscope::conversations {

/// Replies in a SQLite file. All work is done on a thread of its own; a create() ends once its transaction is committed,
/// which the death of this process no longer undoes. Several processes may use one file. Destroying the store writes what
/// is still to be written.
class SqliteStore final : public ConversationStore {
public:
    /// `clock` must outlive the store; it is read on the callers' thread only.
    SqliteStore(storage::OpenedDatabase database, std::chrono::seconds ttl, const Clock& clock);

    std::string_view backend() const override { return "sqlite"; }
    std::size_t count() const override { return m_worker.rows(); }
    net::Task<Result<void>> create(StoredResponse response) override;
    net::Task<Result<std::optional<StoredResponse>>> get(std::string id) override;
    net::Task<Result<bool>> erase(std::string id) override;
    net::Task<Result<std::size_t>> purge_expired() override;

private:
    template <typename T>
    net::Task<Result<T>> ask(storage::SqliteJob::Kind kind, std::size_t bytes,
                             std::function<storage::SqliteResult<T>(ResponseTable&)> work);

    const std::chrono::seconds m_ttl;
    const Clock& m_clock;
    const std::shared_ptr<void> m_alive = std::make_shared<char>();
    storage::SqliteConnection m_connection;
    ResponseTable m_table;
    storage::SqliteWorker m_worker;
};

} // namespace tokenscope::conversations
