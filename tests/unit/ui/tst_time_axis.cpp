// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/time_axis.h"

#include <QFont>
#include <QFontMetricsF>
#include <QtTest>

#include <algorithm>

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
                if (mark.label.isEmpty()) { // its line alone
                    QVERIFY(mark.line && mark.x >= plot.left() && mark.x <= plot.right());
                    ++dropped;
                    continue;
                }
                const double width = metrics.horizontalAdvance(mark.label);
                // Neither in the gutter, where the values' labels are, nor on a neighbour.
                QVERIFY2(mark.left >= free, qPrintable(mark.label));
                free = mark.left + width + axisLabelGap - 0.01;
                QVERIFY(mark.left + width <= plot.right() + axisLabelGap + 0.01);
                if (mark.line)
                    QVERIFY(qAbs(mark.left + width / 2 - mark.x) < 0.01);
            }
        }
        QVERIFY(dropped > 0);
    }

    /// In a chart of a third of a window: enough times to read one off, however long the range and wherever it ends.
    void aTimeCanBeReadOff()
    {
        QFont font;
        font.setPixelSize(12);
        const QFontMetricsF metrics{font};
        for (const std::int64_t minutes : {1, 5, 15, 60, 360}) {
            for (int i = 0; i < 60; ++i) {
                const auto from = start + i * minutes * 1000;
                const auto axis =
                    timeAxis(QRectF(40, 10, 380, 100), from, from + minutes * minute, from + minutes * minute, metrics);
                const auto lines = std::ranges::count_if(
                    axis.marks, [](const auto& mark) { return mark.line && !mark.label.isEmpty(); });
                QVERIFY2(lines >= 3 && lines <= 8, qPrintable(QStringLiteral("%1 of %2").arg(lines).arg(minutes)));
            }
        }
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
