// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/request_list_model.h"

#include "request_samples.h"
#include "telemetry/request_log.h"
#include "theme/theme.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QtTest>

#include <random>
#include <set>

using namespace tokenscope;
using namespace tokenscope::ui;
using namespace std::chrono_literals;

namespace {

struct Bench {
    explicit Bench(std::size_t capacity = 100) : log(capacity), model(theme, log, clock, capacity) {}
    void publish(std::uint64_t count)
    {
        for (; count > 0; --count)
            log.publish(test::sampleRequest(++last, clock.wall()));
    }
    void filter(const char* text) { model.setFilter(telemetry::parse_request_filter(text).value()); }
    QString ids() const
    {
        QStringList ids;
        for (int row = 0; row < model.rowCount(); ++row)
            ids << QString::number(model.index(row, 0).data(RequestListModel::sequenceRole).toULongLong());
        return ids.join(QLatin1Char(' '));
    }
    QString cell(int row, int column) const { return model.index(row, column).data().toString(); }

    Theme theme{ThemeMode::dark};
    ManualClock clock;
    telemetry::RequestLog log;
    RequestListModel model;
    QAbstractItemModelTester tester{&model, QAbstractItemModelTester::FailureReportingMode::QtTest};
    std::uint64_t last = 0;
};

} // namespace

class TestRequestListModel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void knowsWhichColumnsHaveValues()
    {
        Bench bench(5);
        QVERIFY(!bench.model.hasValues(RequestListModel::time));
        auto record = test::sampleRequest(1, bench.clock.wall());
        record.cost.reset();
        bench.log.publish(record);
        bench.model.poll();
        QVERIFY(bench.model.hasValues(RequestListModel::time));
        QVERIFY(bench.model.hasValues(RequestListModel::ttft));
        QVERIFY(!bench.model.hasValues(RequestListModel::cost));
        record.cost = telemetry::Cost{.amount = 0, .currency = "USD"}; // nothing is something
        bench.log.publish(record);
        bench.model.poll();
        QVERIFY(bench.model.hasValues(RequestListModel::cost));
        // What a filter leaves out is there all the same.
        bench.filter("model:nobody");
        QCOMPARE(bench.model.rowCount(), 0);
        QVERIFY(bench.model.hasValues(RequestListModel::cost));
    }

    void followsTheLog()
    {
        Bench bench(5);
        bench.model.poll();
        QCOMPARE(bench.model.rowCount(), 0);
        bench.publish(3);
        QSignalSpy inserted(&bench.model, &QAbstractItemModel::rowsInserted);
        QSignalSpy removed(&bench.model, &QAbstractItemModel::rowsRemoved);
        QSignalSpy reset(&bench.model, &QAbstractItemModel::modelReset);
        bench.model.poll();
        QCOMPARE(bench.ids(), QStringLiteral("3 2 1"));
        QCOMPARE(inserted.size(), 1);
        const QPersistentModelIndex second(bench.model.index(1, 0));
        bench.publish(3);
        bench.model.poll();
        QCOMPARE(bench.ids(), QStringLiteral("6 5 4 3 2"));
        QCOMPARE(inserted.size(), 2);
        QCOMPARE(removed.size(), 1);
        QCOMPARE(second.row(), 4);
        bench.model.poll();
        QCOMPARE(inserted.size(), 2);
        bench.publish(50);
        bench.model.poll();
        QCOMPARE(bench.ids(), QStringLiteral("56 55 54 53 52"));
        QCOMPARE(reset.size(), 0);
    }

    void whatTheLogGaveUpForItsBudgetGoes()
    {
        Bench bench(5);
        bench.publish(5);
        bench.model.poll();
        QCOMPARE(bench.model.rowCount(), 5);
        bench.log.set_budget(bench.log.use().bytes * 3 / 5 + 1);
        const auto kept = bench.log.use().records; // two or three: they are not equally long
        QVERIFY(kept >= 2 && kept <= 3);
        bench.model.poll(); // nothing has come
        QCOMPARE(bench.ids(), kept == 3 ? QStringLiteral("5 4 3") : QStringLiteral("5 4"));
        QCOMPARE(bench.model.all().size(), kept);
    }

    void theNewestIsWhoCameLast()
    {
        Bench bench;
        const auto early = test::sampleRequest(1, bench.clock.wall());
        bench.clock.advance(10s);
        bench.publish(2);
        bench.model.poll();
        bench.log.publish(early); // it took its time
        bench.model.poll();
        QCOMPARE(bench.ids(), QStringLiteral("2 1 3"));
        bench.model.sort(RequestListModel::total, Qt::AscendingOrder);
        bench.model.sort(RequestListModel::newestFirst);
        QCOMPARE(bench.ids(), QStringLiteral("2 1 3"));
    }

    void sortsByEveryColumn_data()
    {
        QTest::addColumn<int>("column");
        for (int column = 0; column < RequestListModel::columnCount_; ++column)
            QTest::addRow("column %d", column) << column;
    }
    void sortsByEveryColumn()
    {
        QFETCH(int, column);
        Bench bench;
        bench.publish(60);
        bench.model.poll();
        const auto newest = bench.ids();
        const QPersistentModelIndex kept(bench.model.index(7, 2));
        const auto sequence = kept.data(RequestListModel::sequenceRole);
        QStringList orders;
        for (const auto order : {Qt::AscendingOrder, Qt::DescendingOrder}) {
            bench.model.sort(column, order);
            orders << bench.ids();
            QCOMPARE(kept.data(RequestListModel::sequenceRole), sequence);
            QCOMPARE(bench.model.rowCount(), 60);
            // What is absent is last either way.
            bool absent = false;
            for (int row = 0; row < 60; ++row) {
                const bool dash = bench.cell(row, column) == QString(QChar(0x2013));
                QVERIFY(dash || !absent);
                absent = absent || dash;
            }
        }
        if (column != RequestListModel::time) // all at once here
            QVERIFY(orders[0] != orders[1]);
        bench.model.sort(RequestListModel::newestFirst);
        QCOMPARE(bench.ids(), newest);
        QCOMPARE(kept.row(), 7);
    }

    void sortsNumbersAsNumbers()
    {
        Bench bench;
        bench.publish(40);
        bench.model.poll();
        bench.model.sort(RequestListModel::total, Qt::DescendingOrder);
        for (int row = 1; row < bench.model.rowCount(); ++row)
            QVERIFY(bench.model.record(row - 1)->total() >= bench.model.record(row)->total());
        // New ones find their place, and nothing is set anew for them.
        QSignalSpy reset(&bench.model, &QAbstractItemModel::modelReset);
        const QPersistentModelIndex top(bench.model.index(0, 0));
        bench.publish(10);
        bench.model.poll();
        QCOMPARE(bench.model.rowCount(), 50);
        QCOMPARE(reset.size(), 0);
        QVERIFY(top.isValid());
        for (int row = 1; row < bench.model.rowCount(); ++row)
            QVERIFY(bench.model.record(row - 1)->total() >= bench.model.record(row)->total());
    }

    void filters()
    {
        Bench bench;
        bench.publish(44);
        bench.model.poll();
        bench.filter("status:error");
        QCOMPARE(bench.ids(), QStringLiteral("37 26 15 4"));
        bench.publish(5); // 48 is an error
        bench.model.poll();
        QCOMPARE(bench.ids(), QStringLiteral("48 37 26 15 4"));
        bench.model.sort(RequestListModel::time, Qt::AscendingOrder);
        QCOMPARE(bench.model.rowCount(), 5);
        bench.filter("nothing-like-it");
        QCOMPARE(bench.model.rowCount(), 0);
        bench.model.sort(RequestListModel::cost, Qt::DescendingOrder);
        bench.model.sort(RequestListModel::newestFirst);
        bench.filter("");
        QCOMPARE(bench.model.rowCount(), 49);
    }

    void letsThoseGoThatGrewTooOld()
    {
        Bench bench;
        bench.publish(2);
        bench.clock.advance(4min);
        bench.publish(1);
        bench.model.poll();
        bench.filter("age:<5m");
        QCOMPARE(bench.ids(), QStringLiteral("3 2 1"));
        bench.clock.advance(2min);
        bench.model.poll();
        QCOMPARE(bench.ids(), QStringLiteral("3"));
    }

    void aWindowHasWhoWasInTheGatewayThen_data()
    {
        QTest::addColumn<int>("from");
        QTest::addColumn<int>("to");
        QTest::addColumn<bool>("shown");
        // One request, from 1000 ms to 3000 ms.
        QTest::newRow("before") << 0 << 999 << false;
        QTest::newRow("its begin") << 0 << 1000 << true;
        QTest::newRow("within") << 1500 << 1600 << true;
        QTest::newRow("around") << 0 << 9000 << true;
        QTest::newRow("its end") << 3000 << 9000 << true;
        QTest::newRow("after") << 3001 << 9000 << false;
        QTest::newRow("open end") << 2000 << -1 << true;
        QTest::newRow("open begin") << -1 << 999 << false;
        QTest::newRow("no window") << -1 << -1 << true;
    }
    void aWindowHasWhoWasInTheGatewayThen()
    {
        QFETCH(int, from);
        QFETCH(int, to);
        QFETCH(bool, shown);
        Bench bench;
        telemetry::RequestRecord record;
        record.started = WallTime(1000ms);
        record.accepted = Instant(5s);
        record.ended = Instant(7s);
        bench.log.publish(record);
        bench.model.poll();
        RequestListModel::Window window;
        if (from >= 0)
            window.fromMs = from;
        if (to >= 0)
            window.toMs = to;
        bench.model.setWindow(window);
        QCOMPARE(bench.model.rowCount(), shown ? 1 : 0);
    }

    void writesForPeople()
    {
        Bench bench;
        telemetry::RequestRecord record;
        record.http_status = 429;
        record.end_reason = telemetry::EndReason::rejected;
        record.error = "<b>no</b>";
        record.started = bench.clock.wall();
        bench.log.publish(record);
        record.started -= 48h;
        record.http_status = 0;
        record.end_reason = telemetry::EndReason::client_gone;
        record.target = {.backend = "b", .model = "<i>m</i>"};
        record.usage.completion = 12;
        record.usage.estimated = true;
        record.cost = telemetry::Cost{.amount = 0, .currency = "USD"};
        bench.log.publish(record);
        bench.model.poll();
        const auto dash = QString(QChar(0x2013));
        QCOMPARE(bench.cell(0, RequestListModel::status), QStringLiteral("429 rejected"));
        QCOMPARE(bench.cell(1, RequestListModel::status), QStringLiteral("client left"));
        for (const auto column : {RequestListModel::provider, RequestListModel::ttft, RequestListModel::tokensIn,
                                  RequestListModel::tokensOut, RequestListModel::speed, RequestListModel::cost,
                                  RequestListModel::trace, RequestListModel::route})
            QCOMPARE(bench.cell(0, column), dash);
        QCOMPARE(bench.cell(1, RequestListModel::tokensOut), QStringLiteral("~12"));
        QVERIFY(bench.cell(1, RequestListModel::cost).startsWith(QLatin1Char('$')));
        QCOMPARE(bench.cell(0, RequestListModel::time).size(), 12);
        QVERIFY2(bench.cell(1, RequestListModel::time).contains(QLatin1Char(' ')), "a day before needs its date");
        QCOMPARE(bench.model.index(0, RequestListModel::status).data(Qt::ToolTipRole).toString(),
                 QStringLiteral("&lt;b&gt;no&lt;/b&gt;"));
        QCOMPARE(bench.model.index(0, RequestListModel::status).data(Qt::ForegroundRole).value<QColor>(),
                 bench.theme.tokens().bad);
        QCOMPARE(bench.model.index(0, RequestListModel::trace).data(Qt::FontRole).value<QFont>().family(),
                 bench.theme.tokens().mono.family());
        QVERIFY(!bench.model.index(5, 0).isValid());
        QVERIFY(!bench.model.record(-1));
        QVERIFY(!bench.model.record(2));
    }

    void staysWholeWhateverHappens()
    {
        std::mt19937 random(11);
        Bench bench(60);
        const std::array filters = {"", "status:error", "-model:tiny", "ttft:>300ms", "age:<1m", "nothing-at-all"};
        for (int round = 0; round < 300; ++round) {
            switch (random() % 5) {
            case 0: bench.filter(filters[random() % filters.size()]); break;
            case 1:
                bench.model.sort(static_cast<int>(random() % 13) - 1,
                                 random() % 2 == 0 ? Qt::AscendingOrder : Qt::DescendingOrder);
                break;
            case 2: bench.clock.advance(std::chrono::seconds(random() % 30)); break;
            default: bench.publish(random() % 9); break;
            }
            bench.model.poll();
            std::set<std::uint64_t> seen;
            for (int row = 0; row < bench.model.rowCount(); ++row)
                QVERIFY(seen.insert(bench.model.record(row)->sequence).second);
        }
    }
};

QTEST_MAIN(TestRequestListModel)
#include "tst_request_list_model.moc"
