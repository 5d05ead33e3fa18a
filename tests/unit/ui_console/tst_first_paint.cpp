// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/first_paint.h"

#include "charts/time_series_chart.h"
#include "theme/theme.h"

#include <QLabel>
#include <QVBoxLayout>
#include <QtTest>

using namespace tokenscope;
using namespace tokenscope::ui;

class TestFirstPaint : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aWindowWithoutChartsIsPaintedAtOnce()
    {
        QWidget window;
        auto* column = new QVBoxLayout(&window);
        column->addWidget(new QLabel(QStringLiteral("words")));
        FirstPaint paint(window);
        QSignalSpy painted(&paint, &FirstPaint::painted);
        window.show();
        QTRY_COMPARE(painted.size(), 1);
        window.update();
        QTest::qWait(50);
        QCOMPARE(painted.size(), 1);
    }

    void aChartThatCanBeSeenIsWaitedFor()
    {
        const Theme theme(ThemeMode::dark);
        QWidget window;
        auto* column = new QVBoxLayout(&window);
        auto* chart = new TimeSeriesChart(theme, nullptr);
        column->addWidget(chart);
        auto* hidden = new TimeSeriesChart(theme, nullptr);
        column->addWidget(hidden);
        hidden->hide();
        window.resize(600, 400);
        FirstPaint paint(window);
        QSignalSpy painted(&paint, &FirstPaint::painted);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        QTest::qWait(100);
        QCOMPARE(painted.size(), 0);
        chart->setFrame(std::make_shared<query::Frame>()); // there is nothing: that is an answer, too
        QTRY_COMPARE(painted.size(), 1);
    }

    /// A source that cannot be reached must not keep the window from going on.
    void anErrorIsAnAnswerToo()
    {
        const Theme theme(ThemeMode::dark);
        QWidget window;
        auto* column = new QVBoxLayout(&window);
        auto* chart = new TimeSeriesChart(theme, nullptr);
        column->addWidget(chart);
        window.resize(600, 400);
        FirstPaint paint(window);
        QSignalSpy painted(&paint, &FirstPaint::painted);
        window.show();
        chart->setFrame(nullptr);
        chart->setLoading();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        QTest::qWait(100);
        QCOMPARE(painted.size(), 0);
        chart->setError(QStringLiteral("Connection refused"));
        QTRY_COMPARE(painted.size(), 1);
    }

    void aHiddenWindowIsNotPainted()
    {
        QWidget window;
        FirstPaint paint(window);
        QSignalSpy painted(&paint, &FirstPaint::painted);
        window.update();
        QTest::qWait(50);
        QCOMPARE(painted.size(), 0);
    }
};

QTEST_MAIN(TestFirstPaint)
#include "tst_first_paint.moc"
