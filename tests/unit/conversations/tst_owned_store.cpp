// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "conversations/memory_store.h"
#include "conversations/owned_store.h"

#include <QTest>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

using namespace tokenscope;
using namespace tokenscope::conversations;

namespace {

template <typename T>
T wait(net::Task<T> task)
{
    boost::asio::io_context io;
    std::optional<T> result;
    boost::asio::co_spawn(io, std::move(task), [&](std::exception_ptr, T value) { result.emplace(std::move(value)); });
    io.run();
    return std::move(*result);
}

StoredResponse response(const std::string& id, const std::string& previous = {})
{
    return {.id = id, .previous_id = previous, .model = "m", .provider = "p", .input = "[]", .body = "{}"};
}

} // namespace

class TstOwnedStore : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void each_sees_its_own()
    {
        ManualClock clock;
        MemoryStore store({}, clock);
        OwnedStore alice(store, "alice");
        OwnedStore bob(store, "bob");
        OwnedStore nobody(store, "");
        QVERIFY(wait(alice.create(response("r1"))));
        QVERIFY(wait(alice.create(response("r2", "r1"))));
        QVERIFY(wait(nobody.create(response("r3"))));
        const auto mine = wait(alice.get("r2"));
        QVERIFY(mine && *mine);
        QCOMPARE((*mine)->id, std::string("r2"));
        QCOMPARE((*mine)->previous_id, std::string("r1"));
        for (auto* other : {&bob, &nobody})
            for (const char* id : {"r1", "r2", "alice\nr1", "\nr1", "alice\n"})
                QVERIFY(!*wait(other->get(id)));
        QVERIFY(!*wait(alice.get("r3")));
        QVERIFY(!*wait(bob.get("r3")));
        QVERIFY(*wait(nobody.get("r3")));
    }

    void each_deletes_its_own()
    {
        ManualClock clock;
        MemoryStore store({}, clock);
        OwnedStore alice(store, "alice");
        OwnedStore bob(store, "bob");
        OwnedStore nobody(store, "");
        QVERIFY(wait(alice.create(response("r1"))));
        QVERIFY(!*wait(bob.erase("r1")));
        QVERIFY(!*wait(nobody.erase("r1")));
        QVERIFY(!*wait(nobody.erase("alice\nr1")));
        QVERIFY(*wait(alice.get("r1")));
        QVERIFY(*wait(alice.erase("r1")));
        QVERIFY(!*wait(alice.get("r1")));
        QCOMPARE(alice.count(), std::size_t(0));
    }
};

QTEST_GUILESS_MAIN(TstOwnedStore)
#include "tst_owned_store.moc"
