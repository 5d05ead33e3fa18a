// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/cancel.h"

#include <QtTest>

#include <atomic>
#include <future>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

using namespace tokenscope;

class TstCancel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aDefaultTokenIsNeverCancelled()
    {
        const CancelToken token;
        QVERIFY(!token.cancelled());
        int calls = 0;
        {
            const auto registration = token.on_cancel([&] { ++calls; });
        }
        QCOMPARE(calls, 0);
    }

    void cancellingRunsEveryCallbackOnce()
    {
        CancelSource source;
        int first = 0;
        int second = 0;
        const auto a = source.token().on_cancel([&] { ++first; });
        const auto b = source.token().on_cancel([&] { ++second; });
        QVERIFY(!source.cancelled());
        source.cancel();
        source.cancel();
        QVERIFY(source.cancelled());
        QCOMPARE(first, 1);
        QCOMPARE(second, 1);
    }

    void copiesOfATokenShareItsState()
    {
        CancelSource source;
        const auto token = source.token();
        const CancelToken copy = token; // NOLINT: the copy is the point
        source.cancel();
        QVERIFY(token.cancelled());
        QVERIFY(copy.cancelled());
    }

    void registeringLateRunsAtOnce()
    {
        CancelSource source;
        source.cancel();
        int calls = 0;
        const auto registration = source.token().on_cancel([&] { ++calls; });
        QCOMPARE(calls, 1);
    }

    void aDestroyedRegistrationIsNotCalled()
    {
        CancelSource source;
        int calls = 0;
        {
            const auto registration = source.token().on_cancel([&] { ++calls; });
        }
        source.cancel();
        QCOMPARE(calls, 0);
    }

    void aRegistrationCanMove()
    {
        CancelSource source;
        int first = 0;
        int second = 0;
        auto a = source.token().on_cancel([&] { ++first; });
        auto b = source.token().on_cancel([&] { ++second; });
        b = std::move(a); // drops b's own callback, keeps a's
        CancelRegistration c(std::move(b));
        source.cancel();
        QCOMPARE(first, 1);
        QCOMPARE(second, 0);
    }

    void aDestroyedSourceLeavesTokensUncancelled()
    {
        std::optional<CancelSource> source(std::in_place);
        const auto token = source->token();
        int calls = 0;
        const auto registration = token.on_cancel([&] { ++calls; });
        source.reset();
        QVERIFY(!token.cancelled());
        QCOMPARE(calls, 0);
    }

    void aCallbackMayAddToAndDropFromTheStateThatRunsIt()
    {
        CancelSource source;
        std::optional<CancelRegistration> sibling;
        int late = 0;
        int dropped = 0;
        const auto registration = source.token().on_cancel([&] {
            sibling.reset();
            const auto added = source.token().on_cancel([&] { ++late; });
        });
        sibling.emplace(source.token().on_cancel([&] { ++dropped; }));
        source.cancel();
        QCOMPARE(late, 1);
        QCOMPARE(dropped, 0);
    }

    void aCallbackMayDestroyTheSource()
    {
        auto source = std::make_unique<CancelSource>();
        const auto registration = source->token().on_cancel([&] { source.reset(); });
        source->cancel();
        QVERIFY(!source);
    }

    void droppingWaitsForARunningCallback_data()
    {
        QTest::addColumn<int>("round");
        for (int round = 0; round < 20; ++round)
            QTest::addRow("%d", round) << round;
    }

    void droppingWaitsForARunningCallback()
    {
        // The callback is running on another thread: the registration's destructor must wait for its end.
        CancelSource source;
        std::promise<void> running;
        std::promise<void> go_on;
        std::atomic<bool> ended = false;
        std::optional<CancelRegistration> registration(source.token().on_cancel([&] {
            running.set_value();
            go_on.get_future().wait();
            ended = true;
        }));
        std::thread canceller([&] { source.cancel(); });
        running.get_future().wait();
        std::atomic<bool> dropping = false;
        bool ended_before_drop_returned = false;
        std::thread dropper([&] {
            dropping = true;
            registration.reset();
            ended_before_drop_returned = ended;
        });
        while (!dropping)
            std::this_thread::yield();
        go_on.set_value();
        dropper.join();
        canceller.join();
        QVERIFY(ended_before_drop_returned);
    }

    void racingCancelsRunEachCallbackOnce()
    {
        CancelSource source;
        std::atomic<int> calls = 0;
        std::vector<CancelRegistration> registrations;
        for (int i = 0; i < 100; ++i)
            registrations.push_back(source.token().on_cancel([&] { ++calls; }));
        std::vector<std::thread> threads;
        for (int i = 0; i < 8; ++i)
            threads.emplace_back([&] { source.cancel(); });
        for (auto& thread : threads)
            thread.join();
        QCOMPARE(calls.load(), 100);
    }
};

QTEST_APPLESS_MAIN(TstCancel)
#include "tst_cancel.moc"
