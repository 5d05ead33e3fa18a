// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fake_exchange.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <utility>

namespace tokenscope::test {

FakeExchange::FakeExchange(std::string method, std::string target, net::Headers headers)
    : m_method(std::move(method)), m_target(std::move(target)), m_headers(std::move(headers))
{
}

net::Task<Result<std::string>> FakeExchange::read_body()
{
    co_return request_body;
}

void FakeExchange::add_reply_header(std::string name, std::string value)
{
    response.headers.emplace_back(std::move(name), std::move(value));
}

net::Task<Result<void>> FakeExchange::reply(net::Response given)
{
    response.status = given.status;
    response.body = std::move(given.body);
    for (auto& field : given.headers)
        response.headers.push_back(std::move(field));
    co_return Result<void>();
}

net::Task<Result<void>> FakeExchange::begin_stream(unsigned status, net::Headers headers)
{
    response.status = status;
    for (auto& field : headers)
        response.headers.push_back(std::move(field));
    co_return Result<void>();
}

net::Task<Result<void>> FakeExchange::write(std::string_view bytes)
{
    response.body += bytes;
    co_return Result<void>();
}

net::Task<Result<void>> FakeExchange::end_stream()
{
    co_return Result<void>();
}

std::string FakeExchange::reply_header(std::string_view name) const
{
    std::string all;
    for (const auto& [field, value] : response.headers)
        if (net::same_header(field, name))
            all += (all.empty() ? "" : " | ") + value;
    return all;
}

namespace {

net::Task<void> answer(gateway::RequestContext& context)
{
    net::Response ok{.status = 200, .body = "ok"};
    co_await context.exchange.reply(std::move(ok));
}

} // namespace

Ran run(FakeExchange& exchange, const std::function<gateway::Handler(gateway::Handler)>& wrap)
{
    Ran ran;
    const auto handler = wrap([&ran](gateway::RequestContext& context) {
        ran.reached = true;
        return answer(context);
    });
    gateway::RequestContext context{.exchange = exchange};
    boost::asio::io_context io;
    boost::asio::co_spawn(io, handler(context), [](std::exception_ptr thrown) {
        if (thrown)
            std::rethrow_exception(thrown);
    });
    io.run();
    ran.client = context.client;
    ran.error = context.error;
    return ran;
}

config::Auth auth_of(const std::map<std::string, std::string>& keys)
{
    config::Auth auth;
    for (const auto& [name, key] : keys)
        auth.keys.push_back({name, hash_key(key)});
    return auth;
}

std::shared_ptr<const gateway::KeyRing> ring_of(const std::map<std::string, std::string>& keys)
{
    return std::make_shared<const gateway::KeyRing>(gateway::KeyRing::make(auth_of(keys).keys).value());
}

} // namespace tokenscope::test
