// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/ids.h"

#include <QtTest>

#include <mutex>
#include <set>
#include <thread>
#include <vector>

using namespace tokenscope;

class TstIds : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void hexHasTwoLowerCaseDigitsAByte()
    {
        for (const std::size_t bytes : {0U, 1U, 7U, 8U, 9U, 16U, 33U}) {
            const auto id = random_hex(bytes);
            QCOMPARE(id.size(), bytes * 2);
            QCOMPARE(id.find_first_not_of("0123456789abcdef"), std::string::npos);
        }
    }

    void everyDigitPositionVaries()
    {
        std::vector<std::set<char>> seen(32);
        for (int i = 0; i < 500; ++i) {
            const auto id = random_hex(16);
            for (std::size_t at = 0; at < id.size(); ++at)
                seen[at].insert(id[at]);
        }
        for (const auto& digits : seen)
            QCOMPARE(digits.size(), std::size_t{16});
    }

    void threadsDoNotRepeatEachOther()
    {
        std::mutex mutex;
        std::set<std::string> ids;
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t) {
            threads.emplace_back([&] {
                for (int i = 0; i < 1000; ++i) {
                    auto id = random_hex(8);
                    const std::scoped_lock lock(mutex);
                    ids.insert(std::move(id));
                }
            });
        }
        for (auto& thread : threads)
            thread.join();
        QCOMPARE(ids.size(), std::size_t{4000});
    }

    void usableRequestIds_data()
    {
        QTest::addColumn<QByteArray>("id");
        QTest::addColumn<bool>("usable");
        QTest::newRow("uuid") << QByteArray("9f0c1a52-7c1e-4a55-9f43-0a3c5d0f1b77") << true;
        QTest::newRow("one character") << QByteArray("x") << true;
        QTest::newRow("punctuation") << QByteArray("a/b:c;d,e=f{g}~!") << true;
        QTest::newRow("128 characters") << QByteArray(128, 'a') << true;
        QTest::newRow("129 characters") << QByteArray(129, 'a') << false;
        QTest::newRow("empty") << QByteArray() << false;
        QTest::newRow("space") << QByteArray("a b") << false;
        QTest::newRow("tab") << QByteArray("a\tb") << false;
        QTest::newRow("header injection") << QByteArray("a\r\nx-evil: 1") << false;
        QTest::newRow("NUL") << QByteArray("a\0b", 3) << false;
        QTest::newRow("quote") << QByteArray("a\"b") << false;
        QTest::newRow("backslash") << QByteArray("a\\b") << false;
        QTest::newRow("DEL") << QByteArray("a\x7f") << false;
        QTest::newRow("UTF-8") << QByteArray("caf\xC3\xA9") << false;
        QTest::newRow("escape sequence") << QByteArray("\x1b[31m") << false;
    }

    void usableRequestIds()
    {
        QFETCH(QByteArray, id);
        QFETCH(bool, usable);
        QCOMPARE(is_usable_request_id(std::string_view(id.constData(), static_cast<std::size_t>(id.size()))), usable);
    }
};

QTEST_APPLESS_MAIN(TstIds)
#include "tst_ids.moc"
