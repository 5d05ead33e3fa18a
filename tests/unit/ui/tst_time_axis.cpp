// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/time_axis.h"

#include <QFont>
#include <QFontMetricsF>
#include <QtTest>

using namespace tokenscope::ui;

namespace {

constexpr std::int64_t start = 1'700'000'000'000;
constexpr std::int64_t minute = 60'000;
const QRectF plot(40, 10, 360, 100);

} // namespace

/// Where the labels of time stand, as every chart has them.
class TestTimeAxis : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void labelsStandAtTheirInstants()
    {
        const QFontMetricsF metrics{QFont()};
        // A second at a time, so that ticks pass both ends of the plot.
        int dropped = 0;
        for (std::int64_t second = 0; second < 60; ++second) {
            const auto from = start + second * 1000;
            const auto axis = timeAxis(plot, from, from + minute, from + minute, metrics);
            QVERIFY(axis.marks.size() >= 2);
            QCOMPARE(axis.marks.back().label, QStringLiteral("now"));
            QVERIFY(!axis.marks.back().line);
            double free = plot.left() - axisLabelGap / 2;
            for (const auto& mark : axis.marks) {
                const double width = metrics.horizontalAdvance(mark.label);
                // Neither in the gutter, where the values' labels are, nor on a neighbour.
                QVERIFY2(mark.left >= free, qPrintable(mark.label));
                free = mark.left + width + axisLabelGap - 0.01;
                QVERIFY(mark.left + width <= plot.right() + axisLabelGap + 0.01);
                if (mark.line)
                    QVERIFY(qAbs(mark.left + width / 2 - mark.x) < 0.01);
            }
            const auto ticks = timeTicks(from, from + minute, static_cast<int>(axis.marks.size()), from + minute);
            dropped += ticks.size() > axis.marks.size() - 1;
        }
        QVERIFY(dropped > 0);
    }

    /// "now" is only where the range ends now.
    void thePastHasNoNow()
    {
        const QFontMetricsF metrics{QFont()};
        for (const auto& mark : timeAxis(plot, start, start + minute, start + 10 * minute, metrics).marks)
            QVERIFY(mark.line && mark.label != QStringLiteral("now"));
    }

    void noRoomIsNoLabel()
    {
        const QFontMetricsF metrics{QFont()};
        QVERIFY(timeAxis(QRectF(40, 0, 4, 10), start, start + minute, 0, metrics).marks.empty());
    }
};

QTEST_MAIN(TestTimeAxis)
#include "tst_time_axis.moc"
