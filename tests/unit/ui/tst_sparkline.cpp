// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/sparkline.h"
#include "theme/theme.h"
#include "unit/ui/chart_images.h"

#include <QtTest>

#include <cmath>
#include <limits>

using namespace tokenscope::ui;
using tokenscope::test::countPixels;

class TestSparkline : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void drawsALineWithAGap();
    void zerosAreOnTheGround();
    void survives_data();
    void survives();

private:
    static QImage picture(std::vector<double> values, const Theme& theme);
};

QImage TestSparkline::picture(std::vector<double> values, const Theme& theme)
{
    Sparkline line(theme);
    line.resize(120, 40);
    line.setValues(std::move(values));
    QImage image(line.size(), QImage::Format_RGB32);
    image.fill(theme.tokens().surface);
    line.render(&image, {}, {}, QWidget::DrawChildren);
    return image;
}

void TestSparkline::drawsALineWithAGap()
{
    const Theme theme(ThemeMode::dark);
    std::vector<double> values(60, 5);
    std::fill(values.begin() + 20, values.begin() + 40, std::nan(""));
    const QImage image = picture(values, theme);
    const QColor accent = theme.tokens().accent;
    QVERIFY(countPixels(image, QRect(5, 0, 25, 40), accent) > 20);
    QCOMPARE(countPixels(image, QRect(45, 0, 30, 40), theme.tokens().surface, 0), 30 * 40);
    QVERIFY(countPixels(image, QRect(90, 0, 25, 40), accent) > 20);
}

void TestSparkline::zerosAreOnTheGround()
{
    const Theme theme(ThemeMode::dark);
    const QImage image = picture(std::vector<double>(60, 0), theme);
    QCOMPARE(countPixels(image, QRect(0, 0, 120, 30), theme.tokens().surface, 0), 120 * 30);
    QVERIFY(countPixels(image, QRect(0, 34, 120, 6), theme.tokens().accent, 90) > 100);
}

void TestSparkline::survives_data()
{
    constexpr double infinity = std::numeric_limits<double>::infinity();
    QTest::addColumn<std::vector<double>>("values");
    QTest::newRow("nothing") << std::vector<double>{};
    QTest::newRow("one") << std::vector<double>{3};
    QTest::newRow("not a number") << std::vector<double>{std::nan(""), std::nan("")};
    QTest::newRow("infinite") << std::vector<double>{1, infinity, -infinity, 2};
    QTest::newRow("negative") << std::vector<double>{-1, -5, -2};
}

void TestSparkline::survives()
{
    QFETCH(std::vector<double>, values);
    QVERIFY(!picture(values, Theme(ThemeMode::light)).isNull());
}

QTEST_MAIN(TestSparkline)
#include "tst_sparkline.moc"
