// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/request_table_model.h"

#include "telemetry/request_log.h"
#include "theme/theme.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QtTest>

using namespace tokenscope;
using namespace tokenscope::ui;
using telemetry::RequestRecord;

namespace {

RequestRecord good(const char* model)
{
    RequestRecord record;
    record.target = {"demo", model};
    record.status = telemetry::RequestStatus::success;
    record.end_reason = telemetry::EndReason::done;
    record.accepted = Instant(std::chrono::seconds(10));
    record.first_token = record.accepted + std::chrono::milliseconds(182);
    record.last_token = record.accepted + std::chrono::milliseconds(1182);
    record.ended = record.accepted + std::chrono::milliseconds(1200);
    record.started = WallTime(std::chrono::seconds(3661));
    record.usage.prompt = 12;
    record.usage.completion = 50;
    return record;
}

QString cell(const RequestTableModel& model, int row, int column, int role = Qt::DisplayRole)
{
    return model.index(row, column).data(role).toString();
}

} // namespace

class TestRequestTableModel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void showsThoseOfAStretchOfTime()
    {
        telemetry::RequestLog log;
        RequestTableModel model(m_theme, log, 2);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        for (const int second : {10, 20, 30, 40}) {
            auto record = good(std::to_string(second).c_str());
            record.started = WallTime(std::chrono::seconds(second)); // and 1.2 s long
            log.publish(record);
        }
        model.poll();
        QCOMPARE(cell(model, 0, RequestTableModel::model), QStringLiteral("40"));
        // Long gone from the table, and under way when the time begins.
        model.setWindow({.fromMs = 11'000, .toMs = 20'000});
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(cell(model, 1, RequestTableModel::model), QStringLiteral("10"));
        log.publish(good("late"));
        model.poll();
        QCOMPARE(model.rowCount(), 2);
        model.setWindow({});
        QCOMPARE(cell(model, 0, RequestTableModel::model), QStringLiteral("late"));
    }

    void showsTheNewestFirst()
    {
        telemetry::RequestLog log;
        RequestTableModel model(m_theme, log, 10);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.poll();
        QCOMPARE(model.rowCount(), 0);
        log.publish(good("a"));
        log.publish(good("b"));
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        model.poll();
        QCOMPARE(inserted.size(), 1);
        QCOMPARE(cell(model, 0, RequestTableModel::model), QStringLiteral("b"));
        QCOMPARE(cell(model, 1, RequestTableModel::model), QStringLiteral("a"));
        model.poll();
        QCOMPARE(inserted.size(), 1);
        log.publish(good("c"));
        model.poll();
        QCOMPARE(cell(model, 0, RequestTableModel::model), QStringLiteral("c"));
        QCOMPARE(model.record(0)->sequence, std::uint64_t{3});
        QCOMPARE(model.record(3), nullptr);
        QCOMPARE(model.record(-1), nullptr);
    }

    void goesByTheTimeThatIsShown()
    {
        telemetry::RequestLog log;
        RequestTableModel model(m_theme, log, 4);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const auto publish = [&log](int second) {
            auto record = good(std::to_string(second).c_str());
            record.started = WallTime(std::chrono::seconds(second));
            log.publish(record);
        };
        const auto models = [&model] {
            QStringList names;
            for (int row = 0; row < model.rowCount(); ++row)
                names << cell(model, row, RequestTableModel::model);
            return names.join(QLatin1Char(' '));
        };
        for (const int second : {30, 20, 50}) // by their ends
            publish(second);
        model.poll();
        QCOMPARE(models(), QStringLiteral("50 30 20"));
        for (const int second : {40, 60, 10})
            publish(second);
        model.poll();
        QCOMPARE(models(), QStringLiteral("60 50 40 30"));
        publish(5); // older than all that there is room for
        model.poll();
        QCOMPARE(models(), QStringLiteral("60 50 40 30"));
    }

    void keepsNoMoreThanItsCapacity_data()
    {
        QTest::addColumn<int>("first");
        QTest::addColumn<int>("then");
        for (const auto& [first, then] :
             std::vector<std::pair<int, int>>{{5, 1}, {4, 3}, {5, 5}, {5, 500}, {0, 500}, {5, 4}})
            QTest::addRow("%d then %d", first, then) << first << then;
    }
    void keepsNoMoreThanItsCapacity()
    {
        QFETCH(int, first);
        QFETCH(int, then);
        telemetry::RequestLog log(300);
        RequestTableModel model(m_theme, log, 5);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        for (const int count : {first, then}) {
            for (int i = 0; i < count; ++i)
                log.publish(good("m"));
            model.poll();
        }
        QCOMPARE(model.rowCount(), std::min(5, first + then));
        for (int row = 0; row < model.rowCount(); ++row)
            QCOMPARE(model.record(row)->sequence, static_cast<std::uint64_t>(first + then - row));
    }

    void writesForPeople()
    {
        telemetry::RequestLog log;
        RequestTableModel model(m_theme, log, 10);
        log.publish(good("tiny"));
        model.poll();
        QStringList cells;
        for (int column = 0; column < model.columnCount(); ++column)
            cells << cell(model, 0, column)
                         .replace(QChar(0x2009), QLatin1Char(' '))
                         .replace(QChar(0x202F), QLatin1Char(' '));
        QCOMPARE(cells.value(0), QStringLiteral("01:01:01"));
        QCOMPARE(cells.mid(1, 2), (QStringList{QStringLiteral("tiny"), QStringLiteral("ok")}));
        QVERIFY2(cells[3].startsWith(QStringLiteral("182")), qPrintable(cells[3]));
        QVERIFY2(cells[4].startsWith(QStringLiteral("1.2")), qPrintable(cells[4]));
        QCOMPARE(cells[5], QString::fromUtf8("12 \xE2\x86\x92 50"));
        QVERIFY2(cells[6].startsWith(QStringLiteral("50")), qPrintable(cells[6]));
        QCOMPARE(model.index(0, 4).data(Qt::TextAlignmentRole).value<Qt::Alignment>() & Qt::AlignRight, Qt::AlignRight);
    }

    void absentIsADashAndErrorsAreText()
    {
        telemetry::RequestLog log;
        RequestTableModel model(m_theme, log, 10);
        RequestRecord record;
        record.requested_model = "<b>evil</b>";
        record.error = "<img src=x> went wrong";
        record.end_reason = telemetry::EndReason::timeout;
        log.publish(record);
        model.poll();
        const auto dash = QString(QChar(0x2013));
        QCOMPARE(cell(model, 0, RequestTableModel::ttft), dash);
        QCOMPARE(cell(model, 0, RequestTableModel::tokens), dash);
        QCOMPARE(cell(model, 0, RequestTableModel::speed), dash);
        QCOMPARE(cell(model, 0, RequestTableModel::status), QStringLiteral("timeout"));
        QCOMPARE(cell(model, 0, RequestTableModel::model), QStringLiteral("<b>evil</b>"));
        QCOMPARE(cell(model, 0, RequestTableModel::status, Qt::ToolTipRole),
                 QStringLiteral("&lt;img src=x&gt; went wrong"));
        QCOMPARE(model.index(0, RequestTableModel::status).data(RequestTableModel::statusRole).toBool(), false);
    }

private:
    Theme m_theme{ThemeMode::dark};
};

QTEST_MAIN(TestRequestTableModel)
#include "tst_request_table_model.moc"
