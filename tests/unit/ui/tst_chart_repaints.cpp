// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a chart in a shown window has painted by itself. The window's own pixels are read: to grab a widget would make it paint.
#include "charts/plot_item.h"
#include "charts/plot_view.h"
#include "charts/time_series_chart.h"
#include "theme/theme.h"
#include "unit/ui/chart_images.h"

#include <QScreen>
#include <QVBoxLayout>
#include <QtTest>

#include <functional>

using namespace tokenscope;
using namespace tokenscope::ui;
using tokenscope::test::countPixels;

namespace {

constexpr std::int64_t start = 1'700'000'000'000;
constexpr int samples = 60;

query::FramePtr level(double value)
{
    auto frame = std::make_shared<query::Frame>();
    for (int i = 0; i < samples; ++i)
        frame->times.push_back(start + i * std::int64_t{1000});
    frame->columns.push_back({"a", {{"n", "a"}}, std::vector<double>(samples, value)});
    return frame;
}

} // namespace

class TestChartRepaints : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void aThemeIsSeenAtOnce();
    void dataAreSeenAfterAnything_data();
    void dataAreSeenAfterAnything();
    void anotherPixelRatioIsLaidOutAnew();

private:
    QImage screen() const { return m_window->screen()->grabWindow(m_window->winId()).toImage(); }
    QRect plot() const;
    bool lineAt(double value) const;

    std::unique_ptr<Theme> m_theme;
    std::unique_ptr<QWidget> m_window;
    TimeSeriesChart* m_chart = nullptr;
    PlotView* m_view = nullptr;
};

void TestChartRepaints::init()
{
    m_theme = std::make_unique<Theme>(ThemeMode::dark);
    m_theme->applyTo(*qApp);
    m_window = std::make_unique<QWidget>();
    m_window->resize(640, 360);
    m_chart = new TimeSeriesChart(*m_theme, nullptr);
    (new QVBoxLayout(m_window.get()))->addWidget(m_chart);
    m_chart->setYMaximum(100);
    m_chart->setFrame(level(20));
    m_view = m_chart->findChild<PlotView*>();
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    QTRY_VERIFY(lineAt(20));
}

void TestChartRepaints::cleanup()
{
    m_window.reset();
    m_theme.reset();
}

/// Where the lines are, in the window.
QRect TestChartRepaints::plot() const
{
    return m_view->item().plotScene().plot.toRect().translated(m_view->mapTo(m_window.get(), QPoint()));
}

bool TestChartRepaints::lineAt(double value) const
{
    const auto& scene = m_view->item().plotScene();
    if (scene.lines.empty())
        return false;
    const int y = qRound(scene.y(value)) - 2 + m_view->mapTo(m_window.get(), QPoint()).y();
    return countPixels(screen(), QRect(plot().left() + 20, y, plot().width() - 40, 5), scene.lines.front().color)
           > plot().width() / 2;
}

void TestChartRepaints::aThemeIsSeenAtOnce()
{
    const auto covered = [this](const QColor& color) {
        return countPixels(screen(), plot(), color, 2) > plot().width() * plot().height() / 2;
    };
    QVERIFY(covered(m_theme->tokens().surface));
    for (const auto mode : {ThemeMode::light, ThemeMode::dark, ThemeMode::light}) {
        m_theme->setMode(mode);
        QTRY_VERIFY(covered(m_theme->tokens().surface));
        QVERIFY(lineAt(20));
    }
    m_chart->setFrame(level(60));
    QTRY_VERIFY(lineAt(60));
    QVERIFY(!lineAt(20));
}

void TestChartRepaints::dataAreSeenAfterAnything_data()
{
    QTest::addColumn<std::function<void()>>("happens");
    const auto told = [this](QEvent::Type type) {
        return std::function<void()>([this, type] {
            for (QWidget* widget :
                 {static_cast<QWidget*>(m_chart), static_cast<QWidget*>(m_view), m_view->viewport()}) {
                QEvent event(type);
                QCoreApplication::sendEvent(widget, &event);
            }
        });
    };
    QTest::newRow("style") << told(QEvent::StyleChange);
    QTest::newRow("palette") << told(QEvent::PaletteChange);
    QTest::newRow("font") << told(QEvent::FontChange);
    QTest::newRow("language") << told(QEvent::LanguageChange);
    QTest::newRow("direction") << told(QEvent::LayoutDirectionChange);
    QTest::newRow("screen") << told(QEvent::ScreenChangeInternal);
    QTest::newRow("palette of all") << std::function<void()>([] {
        QPalette palette = QApplication::palette();
        palette.setColor(QPalette::Window, Qt::blue);
        QApplication::setPalette(palette);
    });
    QTest::newRow("font of all") << std::function<void()>([] {
        QFont font = QApplication::font();
        font.setPixelSize(17);
        QApplication::setFont(font);
    });
    QTest::newRow("style sheet") << std::function<void()>([] { qApp->setStyleSheet(QStringLiteral("QLabel{}")); });
    QTest::newRow("scene") << std::function<void()>([this] { m_view->scene()->update(); });
    QTest::newRow("resized") << std::function<void()>([this] { m_window->resize(700, 420); });
    QTest::newRow("resized while hidden") << std::function<void()>([this] {
        m_window->hide();
        m_window->resize(500, 300);
        m_chart->setFrame(level(40));
        m_window->show();
    });
    QTest::newRow("theme while hidden") << std::function<void()>([this] {
        m_window->hide();
        m_theme->setMode(ThemeMode::light);
        m_window->show();
    });
}

void TestChartRepaints::dataAreSeenAfterAnything()
{
    QFETCH(std::function<void()>, happens);
    happens();
    QCoreApplication::processEvents();
    for (const double value : {70.0, 35.0}) {
        m_chart->setFrame(level(value));
        QTRY_VERIFY(lineAt(value));
    }
    QVERIFY(!lineAt(20));
}

void TestChartRepaints::anotherPixelRatioIsLaidOutAnew()
{
    // As on a window that was moved to a finer screen: what is there was drawn for another one.
    PlotScene scene = m_view->item().plotScene();
    scene.pixelRatio = 2;
    m_view->setPlotScene(std::move(scene));
    QTRY_COMPARE(m_view->item().plotScene().pixelRatio, m_view->devicePixelRatioF());
    QVERIFY(lineAt(20));
}

QTEST_MAIN(TestChartRepaints)
#include "tst_chart_repaints.moc"
