// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/color_math.h"
#include "theme/theme.h"
#include "widgets/lane_key.h"
#include "widgets/lane_model.h"
#include "widgets/lane_painter.h"
#include "widgets/lane_view.h"

#include <QImage>
#include <QLabel>
#include <QPainter>
#include <QScrollBar>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace tokenscope::ui;

namespace {

/// The last `queued` of them wait for a place.
std::vector<Lane> lanesOf(std::uint64_t count, std::uint64_t queued = 0)
{
    std::vector<Lane> lanes;
    for (std::uint64_t id = 1; id <= count; ++id) {
        const auto kind = id + queued > count ? LaneSegment::Kind::queued : LaneSegment::Kind::waiting;
        const auto age = static_cast<double>(id);
        lanes.push_back(
            {.id = id, .name = QStringLiteral("m"), .age = age, .segments = {{.kind = kind, .from = 0, .to = age}}});
    }
    return lanes;
}

bool ofOneColor(const QImage& image)
{
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            if (image.pixel(x, y) != image.pixel(0, 0))
                return false;
    return true;
}

/// A stretch of that kind on a screen of that scale.
QImage swatch(LaneSegment::Kind kind, int scale, const ThemeTokens& tokens)
{
    const QSize size(100, 20);
    QImage image(size * scale, QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(scale);
    QPainter painter(&image);
    paintLaneSegment(painter, QRectF(QPointF(), QSizeF(size)), kind, tokens);
    painter.end();
    return image;
}

} // namespace

class TstLaneView : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void the_last_row_says_how_many_more_there_are()
    {
        LaneView view(m_theme);
        view.resize(900, view.heightFor(6));
        view.show();
        const int height = view.rowHeight();
        const auto fill = [&view](std::vector<Lane> lanes) {
            view.setLanes(std::move(lanes));
            QCoreApplication::processEvents();
        };
        const auto* more = view.findChild<QLabel*>(QStringLiteral("lanes.more"));
        fill(lanesOf(6));
        QVERIFY(!more->isVisible());
        QCOMPARE(view.viewport()->height(), 6 * height);
        fill(lanesOf(9, 2));
        QVERIFY(more->isVisible());
        QCOMPARE(more->text(), QStringLiteral("+4 more · 2 queued"));
        QCOMPARE(view.viewport()->height(), 5 * height);
        QCOMPARE(more->y(), view.viewport()->geometry().bottom() + 1); // in the place of a row
        QCOMPARE(view.rowHeight(), height);
        // The others can be scrolled to; those in sight are not among those that are not.
        QCOMPARE(view.verticalScrollBar()->maximum(), 4);
        view.verticalScrollBar()->setValue(4);
        QCOMPARE(more->text(), QStringLiteral("+4 more"));
        fill(lanesOf(2));
        QVERIFY(!more->isVisible());
        QCOMPARE(view.viewport()->height(), 6 * height);
    }

    void the_choice_goes_with_its_lane()
    {
        LaneView view(m_theme);
        view.resize(900, 400);
        view.show();
        view.setLanes(lanesOf(300));
        view.setCurrentIndex(view.model()->index(299, 0));
        view.setLanes({{}, {.id = 300, .name = QStringLiteral("m")}, {.id = 7}}); // rows were closed
        QCOMPARE(view.currentIndex().row(), 1);
        view.setLanes({{.id = 7}});
        QVERIFY(!view.currentIndex().isValid());
    }

    void the_bars_keep_room()
    {
        LaneView view(m_theme);
        view.show();
        view.setLanes(lanesOf(2));
        view.resize(300, 200); // the words get less
        QCoreApplication::processEvents();
        const auto& parts = view.geometryOfRows();
        QVERIFY(parts.plotRight - parts.plotLeft > 50);
        QVERIFY(parts.nameRight <= parts.plotLeft && parts.plotRight <= parts.stateLeft && parts.ageRight <= 300);
    }

    void the_key_is_there_as_a_whole_or_not_at_all()
    {
        LaneKey key(m_theme);
        for (const auto* words : {"queued", "waiting for the first token", "tokens", "done"})
            QVERIFY2(key.accessibleName().contains(QLatin1String(words)), words);
        QCOMPARE(key.toolTip(), key.accessibleName());
        key.resize(key.sizeHint());
        QVERIFY(!ofOneColor(key.grab().toImage()));
        key.resize(key.width() - 1, key.height());
        QVERIFY(ofOneColor(key.grab().toImage()));
    }

    void who_waits_is_seen()
    {
        for (const auto mode : {ThemeMode::dark, ThemeMode::light}) {
            const Theme theme(mode);
            const auto& tokens = theme.tokens();
            const auto shade = swatch(LaneSegment::Kind::waiting, 1, tokens).pixelColor(0, 0);
            const auto contrast = contrastRatio(shade, tokens.surface);
            QVERIFY2(contrast >= 3, qPrintable(QString::number(contrast)));
        }
    }

    void the_hatch_is_as_strong_on_every_screen()
    {
        const auto& tokens = m_theme.tokens();
        const auto strength = [&](int scale) {
            const auto image = swatch(LaneSegment::Kind::queued, scale, tokens);
            double sum = 0;
            for (int y = 0; y < image.height(); ++y)
                for (int x = 0; x < image.width(); ++x)
                    sum += image.pixelColor(x, y).redF() - tokens.surface.redF();
            return sum / (image.width() * image.height());
        };
        const double once = strength(1), twice = strength(2);
        QVERIFY2(std::abs(once - twice) < 0.05 * twice, qPrintable(QStringLiteral("%1 %2").arg(once).arg(twice)));
    }

    void the_axis_does_not_go_to_and_fro()
    {
        LaneView view(m_theme);
        const auto span = [&](double age) {
            view.setLanes({{.id = 1, .age = age}});
            return view.geometryOfRows().span;
        };
        QCOMPARE(span(0.1), 1.0);
        QCOMPARE(span(9.4), 10.0); // most of it is used
        QCOMPARE(span(7), 10.0);
        QCOMPARE(span(10.1), 12.0);
        QCOMPARE(span(7), 10.0);
        QCOMPARE(span(6.6), 10.0);
        QCOMPARE(span(9.9), 10.0);
        QCOMPARE(span(1), 1.5);
        QCOMPARE(span(70), 90.0);
        QCOMPARE(span(4000), 5400.0);
        QVERIFY(span(1e6) >= 1e6);
    }

private:
    Theme m_theme{ThemeMode::dark};
};

QTEST_MAIN(TstLaneView)
#include "tst_lane_view.moc"
