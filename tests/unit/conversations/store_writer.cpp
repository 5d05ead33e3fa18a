// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Writes replies to the database named by its first argument until it is killed, and prints the id of each on a line as
// soon as it has been acknowledged. The second argument begins every id; sizes go up and down so that the log is cut and
// merged at all kinds of moments.
#include "conversations/make_store.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include <unistd.h>

using namespace tokenscope;

namespace {

/// One of several writers that go on side by side.
net::Task<void> write_on(conversations::ConversationStore& store, std::string prefix)
{
    for (int i = 0;; ++i) {
        conversations::StoredResponse response{.id = fmt::format("{}-{}", prefix, i)};
        response.input = response.id;
        response.body.assign(static_cast<std::size_t>(i) * 7919 % 60'000 + 1, 'x');
        auto line = response.id + "\n";
        const auto kept = co_await store.create(std::move(response));
        // One write each: a line is there or it is not.
        if (!kept || ::write(STDOUT_FILENO, line.data(), line.size()) < 0)
            ::_exit(2);
    }
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 3)
        return 2;
    const SystemClock clock;
    // Falling back to memory would be no durability.
    const auto store = conversations::make_store({}, argv[1], clock, [](const Error& error) {
        const auto text = error.message + " " + error.detail + "\n";
        (void)!::write(STDERR_FILENO, text.data(), text.size());
        ::_exit(3);
    });
    if (!store)
        return 2;
    boost::asio::io_context io{1};
    for (int writer = 0; writer < 8; ++writer)
        boost::asio::co_spawn(io, write_on(**store, fmt::format("{}-{}", argv[2], writer)), boost::asio::detached);
    io.run();
}
