// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "conversations/sqlite_store.h"

#include "conversations/expiry.h"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <utility>

namespace tokenscope::conversations {

namespace asio = boost::asio;
using storage::SqliteError;
using storage::SqliteJob;
using storage::SqliteResult;

namespace {

/// Expired replies dropped in one go; others get their turn in between.
constexpr std::size_t purge_chunk = 500;

template <typename T>
Result<T> to_result(SqliteResult<T> answer)
{
    return std::move(answer).map_error([](SqliteError error) {
        return Error{.code = ErrorCode::internal,
                     .message = "The store of conversations failed.",
                     .detail = std::move(error.text)};
    });
}

/// A question to the database whose answer resumes a coroutine, on its own executor.
template <typename T, typename Handler>
class Question final : public SqliteJob {
public:
    using Work = std::function<SqliteResult<T>(ResponseTable&)>;

    Question(Kind kind, std::size_t bytes, ResponseTable& table, Work work, Handler handler)
        : SqliteJob(kind, bytes), m_table(table), m_work(std::move(work)), m_handler(std::move(handler)),
          m_guard(asio::make_work_guard(m_handler))
    {
    }

    bool run() override
    {
        m_answer = m_work(m_table);
        return m_answer.has_value();
    }

    void fail(const SqliteError& error) override { m_answer = tl::make_unexpected(error); }

    void finish() override
    {
        auto resume = [handler = std::move(m_handler), answer = to_result(std::move(m_answer))]() mutable {
            handler(std::move(answer));
        };
        asio::post(m_guard.get_executor(), std::move(resume));
        m_guard.reset();
    }

private:
    ResponseTable& m_table;
    Work m_work;
    SqliteResult<T> m_answer = tl::make_unexpected(SqliteError{});
    Handler m_handler;
    asio::executor_work_guard<asio::associated_executor_t<Handler>> m_guard;
};

} // namespace

SqliteStore::SqliteStore(storage::OpenedDatabase database, std::chrono::seconds ttl, const Clock& clock)
    : m_ttl(ttl), m_clock(clock), m_connection(std::move(database.connection)), m_table(m_connection),
      m_worker(m_connection, m_table, {})
{
}

template <typename T>
net::Task<Result<T>> SqliteStore::ask(SqliteJob::Kind kind, std::size_t bytes,
                                      std::function<SqliteResult<T>(ResponseTable&)> work)
{
    return asio::async_initiate<const asio::use_awaitable_t<>, void(Result<T>)>(
        [this, kind, bytes](auto handler, std::function<SqliteResult<T>(ResponseTable&)> what) {
            m_worker.submit(std::make_unique<Question<T, decltype(handler)>>(kind, bytes, m_table, std::move(what),
                                                                             std::move(handler)));
        },
        asio::use_awaitable, std::move(work));
}

net::Task<Result<void>> SqliteStore::create(StoredResponse response)
{
    response.expires = expiry(response.expires, m_clock.wall(), m_ttl);
    const auto bytes = response.input.size() + response.body.size();
    return ask<void>(SqliteJob::Kind::write, bytes,
                     [kept = std::move(response)](ResponseTable& table) { return table.put(kept); });
}

net::Task<Result<std::optional<StoredResponse>>> SqliteStore::get(std::string id)
{
    return ask<std::optional<StoredResponse>>(
        SqliteJob::Kind::read, 0,
        [id = std::move(id), now = m_clock.wall()](ResponseTable& table) { return table.get(id, now); });
}

net::Task<Result<bool>> SqliteStore::erase(std::string id)
{
    return ask<bool>(SqliteJob::Kind::write, 0,
                     [id = std::move(id), now = m_clock.wall()](ResponseTable& table) { return table.erase(id, now); });
}

net::Task<Result<std::size_t>> SqliteStore::purge_expired()
{
    const std::weak_ptr<void> alive = m_alive;
    const auto now = m_clock.wall();
    std::size_t purged = 0;
    for (;;) {
        std::function<SqliteResult<std::size_t>(ResponseTable&)> work = [now](ResponseTable& table) {
            return table.purge(now, purge_chunk);
        };
        auto chunk = co_await ask<std::size_t>(SqliteJob::Kind::write, 0, std::move(work));
        if (!chunk)
            co_return chunk;
        purged += *chunk;
        if (*chunk < purge_chunk || alive.expired())
            co_return purged;
    }
}

} // namespace tokenscope::conversations
