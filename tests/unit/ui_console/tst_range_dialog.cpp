// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"
#include "pages/common/icon.h"
#include "shell/range_dialog.h"
#include "shell/time_edit.h"
#include "theme/theme.h"

#include <QApplication>
#include <QCalendarWidget>
#include <QClipboard>
#include <QLabel>
#include <QPointer>
#include <QPushButton>
#include <QTableView>
#include <QTextCharFormat>
#include <QToolButton>
#include <QtTest>

using namespace tokenscope;
using namespace tokenscope::ui;

namespace {

std::int64_t local(int year, int month, int day, int hour = 0, int minute = 0, int second = 0)
{
    return QDateTime(QDate(year, month, day), QTime(hour, minute, second)).toMSecsSinceEpoch();
}

struct Bench {
    Bench()
    {
        dialog = new RangeDialog(theme, range, nullptr);
        dialog->show();
        QVERIFY(QTest::qWaitForWindowActive(dialog));
    }
    ~Bench() { delete dialog; }
    TimeEdit& from() const { return *dialog->findChild<TimeEdit*>(QStringLiteral("range.from")); }
    TimeEdit& to() const { return *dialog->findChild<TimeEdit*>(QStringLiteral("range.to")); }
    QPushButton& button(const char* name) const { return *dialog->findChild<QPushButton*>(QLatin1StringView(name)); }
    QString problem() const { return dialog->findChild<QLabel*>(QStringLiteral("range.problem"))->text(); }
    static void type(TimeEdit& edit, const char* text)
    {
        edit.setFocus();
        edit.selectAll();
        QTest::keyClicks(&edit, QLatin1StringView(text));
    }

    Theme theme{ThemeMode::dark};
    SystemClock clock;
    TimeRange range{clock};
    QPointer<RangeDialog> dialog;
};

/// What differs from the ground: flat where a text was cut down to dots.
QRect inkOf(const QImage& cell)
{
    QRect ink;
    for (int y = 0; y < cell.height(); ++y) {
        for (int x = 0; x < cell.width(); ++x) {
            if (cell.pixel(x, y) != cell.pixel(0, 0))
                ink |= QRect(x, y, 1, 1);
        }
    }
    return ink;
}

void checkCells(const QTableView& view)
{
    const QFontMetrics metrics(view.font());
    for (int row = 0; row < view.model()->rowCount(); ++row) {
        for (int column = 0; column < view.model()->columnCount(); ++column) {
            const auto index = view.model()->index(row, column);
            const auto text = index.data().toString();
            const auto cell = view.visualRect(index);
            QVERIFY2(view.viewport()->rect().contains(cell), qPrintable(text));
            const auto ink = inkOf(view.viewport()->grab(cell).toImage());
            QVERIFY2(ink.width() + 2 >= metrics.tightBoundingRect(text).width(), qPrintable(text));
            QVERIFY2(ink.height() >= metrics.xHeight(), qPrintable(text));
        }
    }
}

} // namespace

class TestRangeDialog : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void timesAreReadAsTheyAreWritten_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("time");
        const auto row = [](const char* text, std::int64_t ms) {
            QTest::newRow(text) << QString::fromLatin1(text) << static_cast<qint64>(ms);
        };
        const auto now = local(2026, 10, 24, 12);
        row("2026-10-24 07:33:44", local(2026, 10, 24, 7, 33, 44));
        row("2026-10-24T09:15", local(2026, 10, 24, 9, 15));
        row("  2026-10-24   9:05 ", local(2026, 10, 24, 9, 5));
        row("2026-10-24t09:15:00.250", local(2026, 10, 24, 9, 15) + 250);
        row("2026-10-24 09:15:00,5", local(2026, 10, 24, 9, 15) + 500);
        row("2026-10-24T09:15:00Z", 1'792'833'300'000);
        row("2026-10-24T09:15:00.123456+02:00", 1'792'826'100'123);
        row("2026-10-24T09:15-0130", 1'792'838'700'000);
        row("2026-10-24", local(2026, 10, 24));
        row("2026-1-4", local(2026, 1, 4));
        row("07:30", local(2026, 10, 24, 7, 30));
        row("today", local(2026, 10, 24));
        row("Yesterday", local(2026, 10, 23));
        row("now", now);
        row("NOW-7d", now - 7 * 86'400'000LL);
        row("now - 1h30m", now - 5'400'000);
        row("now+10s", now + 10'000);
        row("-30m", now - 1'800'000);
        row("-2w", now - 14 * 86'400'000LL);
        row("1792833300", 1'792'833'300'000);
        row("1792833300.5", 1'792'833'300'500);
        row("1792833300123", 1'792'833'300'123);
    }
    void timesAreReadAsTheyAreWritten()
    {
        QFETCH(QString, text);
        QFETCH(qint64, time);
        const auto read = timeOf(text, local(2026, 10, 24, 12), DayEnd::begin);
        QVERIFY(read.has_value());
        QCOMPARE(static_cast<qint64>(*read), time);
    }

    void whatIsNoTimeIsNone()
    {
        for (const char* text : {"",
                                 " ",
                                 "soon",
                                 "2026-13-01",
                                 "2026-02-30 10:00",
                                 "2026-10-24 25:00",
                                 "2026-10-24 10",
                                 "2026-10-24 10:61",
                                 "now-",
                                 "now7d",
                                 "-30",
                                 "-30y",
                                 "30m",
                                 "-",
                                 "12",
                                 "2026-10-24Z",
                                 "Z",
                                 "2026-10-2410:00",
                                 "20261024",
                                 "-99999999999999999999d",
                                 "2026-10-24 10:00 x"})
            QVERIFY2(!timeOf(QLatin1StringView(text), local(2026, 10, 24, 12), DayEnd::begin), text);
    }

    void aDayEndsWithIt()
    {
        const auto now = local(2026, 10, 24, 12);
        QCOMPARE(timeOf(QStringLiteral("2026-10-24"), now, DayEnd::end), std::optional(local(2026, 10, 25)));
        QCOMPARE(timeOf(QStringLiteral("yesterday"), now, DayEnd::end), std::optional(local(2026, 10, 24)));
        QCOMPARE(timeOf(timeText(now), now, DayEnd::end), std::optional(now));
    }

    void typedAsItStandsInALog()
    {
        Bench bench;
        Bench::type(bench.from(), "2026-10-24 07:33:44");
        QCOMPARE(bench.from().text(), QStringLiteral("2026-10-24 07:33:44"));
        Bench::type(bench.to(), "2026-10-24T09:15");
        QVERIFY(bench.button("range.show").isEnabled());
        QTest::keyClick(&bench.to(), Qt::Key_Return);
        QVERIFY(bench.range.fixed().has_value());
        QCOMPARE(bench.range.fixed()->from, local(2026, 10, 24, 7, 33, 44));
        QCOMPARE(bench.range.fixed()->to, local(2026, 10, 24, 9, 15));
    }

    void pasted()
    {
        Bench bench;
        QApplication::clipboard()->setText(QStringLiteral("2026-10-24T09:15:30"));
        bench.from().selectAll();
        bench.from().paste();
        QCOMPARE(bench.from().time(0), std::optional(local(2026, 10, 24, 9, 15, 30)));
    }

    void whatIsWrongIsSaid()
    {
        Bench bench;
        QVERIFY(bench.problem().isEmpty());
        Bench::type(bench.from(), "soon");
        QVERIFY2(bench.problem().contains(QStringLiteral("From")), qPrintable(bench.problem()));
        QVERIFY(!bench.button("range.show").isEnabled());
        QTest::keyClick(&bench.from(), Qt::Key_Return);
        QVERIFY(bench.dialog->isVisible() && !bench.range.fixed());
        Bench::type(bench.from(), "now");
        Bench::type(bench.to(), "now-1h");
        QCOMPARE(bench.problem(), QStringLiteral("The range ends before it begins."));
        Bench::type(bench.from(), "now-7d");
        QVERIFY(bench.problem().isEmpty() && bench.button("range.show").isEnabled());
    }

    void presetsFillBothEnds_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<qint64>("length");
        QTest::newRow("2 days") << QByteArray("range.2d") << qint64(2 * 86'400'000LL);
        QTest::newRow("7 days") << QByteArray("range.7d") << qint64(7 * 86'400'000LL);
        QTest::newRow("30 days") << QByteArray("range.30d") << qint64(30 * 86'400'000LL);
    }
    void presetsFillBothEnds()
    {
        QFETCH(QByteArray, name);
        QFETCH(qint64, length);
        Bench bench;
        QTest::mouseClick(&bench.button(name.constData()), Qt::LeftButton);
        QVERIFY(bench.button("range.show").isEnabled());
        QTest::mouseClick(&bench.button("range.show"), Qt::LeftButton);
        QCOMPARE(static_cast<qint64>(bench.range.fixed()->to - bench.range.fixed()->from), length);
    }

    void aPresetOfDays()
    {
        Bench bench;
        QTest::mouseClick(&bench.button("range.yesterday"), Qt::LeftButton);
        const auto today = QDate::currentDate().startOfDay().toMSecsSinceEpoch();
        const auto now = bench.range.now();
        QCOMPARE(bench.to().time(now), std::optional<std::int64_t>(today));
        QCOMPARE(bench.from().time(now),
                 std::optional<std::int64_t>(QDate::currentDate().addDays(-1).startOfDay().toMSecsSinceEpoch()));
        QTest::mouseClick(&bench.button("range.today"), Qt::LeftButton);
        QCOMPARE(bench.from().time(now), std::optional<std::int64_t>(today));
        QCOMPARE(bench.to().time(now), std::optional(now));
    }

    void theCalendarBeginsWithTheDayThatStandsThere()
    {
        Bench bench;
        Bench::type(bench.from(), "2026-10-24 07:33:44");
        QTest::keyClick(&bench.from(), Qt::Key_Down, Qt::AltModifier);
        auto* calendar = bench.from().findChild<QCalendarWidget*>(QStringLiteral("range.from.calendar"));
        QVERIFY(calendar && calendar->isVisible());
        QCOMPARE(calendar->selectedDate(), QDate(2026, 10, 24));
    }

    void theCalendarCanBeRead()
    {
        Bench bench;
        bench.theme.applyTo(*qApp);
        bench.to().setText(QStringLiteral("2026-10-24"));
        QTest::keyClick(&bench.to(), Qt::Key_Down, Qt::AltModifier);
        auto* calendar = bench.to().findChild<QCalendarWidget*>(QStringLiteral("range.to.calendar"));
        QVERIFY(calendar);
        for (const auto mode : {ThemeMode::dark, ThemeMode::light}) {
            bench.theme.setMode(mode); // while it is open
            QTRY_COMPARE(calendar->size(), calendar->sizeHint());
            QVERIFY(calendar->window()->rect().contains(calendar->geometry()));
            checkCells(*calendar->findChild<QTableView*>());
            const auto& tokens = bench.theme.tokens();
            QCOMPARE(calendar->headerTextFormat().foreground().color(), tokens.secondary);
            QCOMPARE(calendar->weekdayTextFormat(Qt::Sunday).foreground().style(), Qt::NoBrush); // not red
            const auto* arrow = calendar->findChild<QToolButton*>(QStringLiteral("qt_calendar_prevmonth"));
            QCOMPARE(arrow->icon().pixmap(20).toImage(),
                     tintedIcon(QStringLiteral("chevron-left"), tokens.secondary).pixmap(20).toImage());
        }
        qApp->setStyleSheet({});
    }

    /// Whether it was a time before, a day, or nothing.
    void aDayThatIsPickedIsAWholeDay_data()
    {
        QTest::addColumn<QString>("before");
        for (const char* before : {"2026-10-24 07:33:44", "yesterday", "2026-10-21", ""})
            QTest::newRow(before) << QString::fromLatin1(before);
    }
    void aDayThatIsPickedIsAWholeDay()
    {
        QFETCH(QString, before);
        Bench bench;
        for (auto* edit : {&bench.from(), &bench.to()}) {
            edit->setText(before);
            QTest::keyClick(edit, Qt::Key_Down, Qt::AltModifier);
            auto* calendar = edit->findChild<QCalendarWidget*>(edit->objectName() + QStringLiteral(".calendar"));
            QVERIFY(calendar);
            Q_EMIT calendar->clicked(QDate(2026, 10, 20));
            QCOMPARE(edit->text(), QStringLiteral("2026-10-20"));
        }
        QVERIFY2(bench.problem().isEmpty(), qPrintable(bench.problem()));
        QTest::mouseClick(&bench.button("range.show"), Qt::LeftButton);
        QVERIFY(bench.range.fixed().has_value());
        QCOMPARE(bench.range.fixed()->from, local(2026, 10, 20));
        QCOMPARE(bench.range.fixed()->to, local(2026, 10, 21));
    }
};

QTEST_MAIN(TestRangeDialog)
#include "tst_range_dialog.moc"
