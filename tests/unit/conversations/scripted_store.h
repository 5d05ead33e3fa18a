// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "conversations/memory_store.h"

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>

#include <functional>
#include <utility>
#include <vector>

namespace tokenscope::test {

/// A store on a disk that fails when told to, and answers only when told to where it is held.
class ScriptedStore final : public conversations::ConversationStore {
public:
    explicit ScriptedStore(const Clock& clock) : m_kept({}, clock) {}

    std::string_view backend() const override { return "sqlite"; }
    std::size_t count() const override { return m_kept.count(); }

    net::Task<Result<void>> create(conversations::StoredResponse response) override
    {
        ++creates;
        if (held)
            co_await hold();
        if (broken)
            co_return failure(ErrorCode::internal, "The store failed.", "database or disk is full");
        co_return co_await m_kept.create(std::move(response));
    }

    net::Task<Result<std::optional<conversations::StoredResponse>>> get(std::string id) override
    {
        ++gets;
        if (unreadable)
            co_return failure(ErrorCode::internal, "The store failed.", "disk I/O error");
        co_return co_await m_kept.get(std::move(id));
    }

    net::Task<Result<bool>> erase(std::string id) override
    {
        if (broken)
            co_return failure(ErrorCode::internal, "The store failed.", "attempt to write a readonly database");
        co_return co_await m_kept.erase(std::move(id));
    }

    net::Task<Result<std::size_t>> purge_expired() override
    {
        if (broken)
            co_return failure(ErrorCode::internal, "The store failed.");
        co_return co_await m_kept.purge_expired();
    }

    /// Lets those that are held go on.
    void release()
    {
        for (auto& resume : std::exchange(m_held, {}))
            resume();
    }

    /// Where the operations that are held wait, so that they can be released after this store is gone.
    std::vector<std::function<void()>> take_held() { return std::exchange(m_held, {}); }

    bool broken = false;
    bool unreadable = false;
    bool held = false;
    int creates = 0;
    int gets = 0;

private:
    net::Task<void> hold()
    {
        return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(
            [this](auto handler) {
                auto executor = boost::asio::get_associated_executor(handler);
                auto kept = std::make_shared<decltype(handler)>(std::move(handler));
                m_held.push_back([executor, kept] { boost::asio::post(executor, std::move(*kept)); });
            },
            boost::asio::use_awaitable);
    }

    conversations::MemoryStore m_kept;
    std::vector<std::function<void()>> m_held;
};

} // namespace tokenscope::test
