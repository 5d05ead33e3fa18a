// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the charts of a page cost: CPU time a frame of 12 panels x 10 series x 86,400 points, with gaps, against bare widgets that
// draw the same data as plain polylines. All variants in turns, medians; see docs/benchmarks.md.
#include "charts/time_series_chart.h"
#include "charts/plot_view.h"
#include "theme/theme.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QGridLayout>
#include <QPaintEvent>
#include <QPainter>
#include <QProcess>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <functional>
#include <limits>
#include <random>
#include <sys/resource.h>

using namespace tokenscope;
using namespace tokenscope::ui;

namespace {

constexpr int panels = 12;
constexpr int seriesCount = 10;
constexpr std::int64_t shown = 86'400; ///< points a series in the window
constexpr std::int64_t extra = 6'000;  ///< points to move over
constexpr std::int64_t step = 1000;    ///< ms between points
constexpr std::int64_t start = 1'790'000'000'000;
constexpr std::int64_t stride = 60; ///< points that the axis moves a frame
constexpr int rounds = 31;
const QSize windowSize(1920, 1080);

double cpuMs()
{
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// Lines around levels of their own with noise, a slow wave, some spikes, and a gap now and then.
query::FramePtr makeFrame(int panel, std::int64_t points)
{
    std::mt19937 random(static_cast<unsigned>(panel + 1));
    std::normal_distribution<double> noise(0, 0.12);
    std::uniform_real_distribution<double> chance(0, 1);
    auto frame = std::make_shared<query::Frame>();
    for (std::int64_t i = 0; i < points; ++i)
        frame->times.push_back(start + i * step);
    for (int s = 0; s < seriesCount; ++s) {
        query::Column column{"series " + std::to_string(s), {{"instance", "host-" + std::to_string(s)}}, {}};
        int missing = 0;
        for (std::int64_t i = 0; i < points; ++i) {
            if (missing == 0 && chance(random) < 1e-4)
                missing = 300;
            double value = 1 + s + std::sin(static_cast<double>(i) / 9000 + s) + noise(random);
            if (chance(random) < 5e-4)
                value += 2;
            if (missing > 0) {
                --missing;
                value = std::numeric_limits<double>::quiet_NaN();
            }
            column.values.push_back(value);
        }
        frame->columns.push_back(std::move(column));
    }
    return frame;
}

/// What one would write without a chart: the least and the largest of each pixel column, joined by a polyline.
class BareWidget : public QWidget {
public:
    query::FramePtr frame;
    std::vector<QColor> colors;
    std::int64_t from = 0, to = 1;
    QString title;
    bool keepLines = false; ///< draws the lines of the time before: what drawing alone costs

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.fillRect(rect(), palette().window());
        painter.drawText(8, 16, title);
        if (!keepLines)
            m_runs.clear();
        for (std::size_t s = 0; frame && s < frame->columns.size(); ++s) {
            if (!keepLines)
                decimate(s);
        }
        for (const auto& [series, run] : m_runs) {
            painter.setPen(colors[series % colors.size()]);
            painter.drawPolyline(run);
        }
    }

private:
    void decimate(std::size_t series)
    {
        const auto& times = frame->times;
        const auto& values = frame->columns[series].values;
        const auto first = static_cast<std::size_t>(std::lower_bound(times.begin(), times.end(), from) - times.begin());
        QPolygonF run;
        int column = -1;
        double low = 0, high = 0;
        const auto flushColumn = [&] {
            if (column >= 0)
                run << QPointF(column, y(low)) << QPointF(column, y(high));
            column = -1;
        };
        const auto flush = [&] {
            flushColumn();
            if (!run.isEmpty())
                m_runs.emplace_back(series, std::exchange(run, {}));
        };
        for (std::size_t i = first; i < times.size() && times[i] <= to; ++i) {
            const double value = values[i];
            if (!std::isfinite(value)) {
                flush();
                continue;
            }
            const auto at = static_cast<int>((times[i] - from) * width() / (to - from));
            if (at != column) {
                flushColumn();
                column = at;
                low = high = value;
            }
            low = std::min(low, value);
            high = std::max(high, value);
        }
        flush();
    }
    double y(double value) const { return height() * (1 - value / 15); }

    std::vector<std::pair<std::size_t, QPolygonF>> m_runs;
};

struct PaintCounter : QObject {
    int paints = 0;
    bool eventFilter(QObject* watched, QEvent* event) override
    {
        paints += event->type() == QEvent::Paint;
        return QObject::eventFilter(watched, event);
    }
};

struct Charts {
    explicit Charts(const Theme& theme)
    {
        auto* grid = new QGridLayout(&window);
        for (int i = 0; i < panels; ++i) {
            auto* chart = new TimeSeriesChart(theme, &group);
            chart->setTitle(QStringLiteral("Panel %1").arg(i + 1));
            chart->setUnit(Unit::seconds);
            grid->addWidget(chart, i / 4, i % 4);
            charts.push_back(chart);
        }
        window.resize(windowSize);
    }
    void move(std::int64_t points)
    {
        for (auto* chart : charts)
            chart->setTimeRange(start + points * step, start + (points + shown) * step);
    }
    void wait(int before) const
    {
        while (charts.back()->layoutCount() == before)
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        QCoreApplication::processEvents();
    }
    QWidget window;
    ChartGroup group;
    std::vector<TimeSeriesChart*> charts;
};

struct Bare {
    explicit Bare(const Theme& theme)
    {
        auto* grid = new QGridLayout(&window);
        for (int i = 0; i < panels; ++i) {
            auto* widget = new BareWidget;
            widget->colors = theme.tokens().series;
            grid->addWidget(widget, i / 4, i % 4);
            widgets.push_back(widget);
        }
        window.resize(windowSize);
    }
    void move(std::int64_t points)
    {
        for (auto* widget : widgets) {
            widget->from = start + points * step;
            widget->to = start + (points + shown) * step;
            widget->update();
        }
        QCoreApplication::processEvents();
    }
    QWidget window;
    std::vector<BareWidget*> widgets;
};

double measured(const std::function<void()>& work)
{
    const double before = cpuMs();
    work();
    return cpuMs() - before;
}

void line(const char* what, double value, const char* unit, const char* goal)
{
    std::printf("%-58s %8.3f %-3s %s\n", what, value, unit, goal);
    std::fflush(stdout);
}

void axis(Charts& charts, Bare& bare)
{
    std::vector<double> moving, fixed, plain, drawing, ratios, drawingRatios, fresh;
    for (int i = 0; i < rounds; ++i) {
        const std::int64_t at = (i + 1) * stride;
        moving.push_back(measured([&] {
            const int before = charts.charts.back()->layoutCount();
            charts.move(at);
            charts.wait(before);
        }));
        plain.push_back(measured([&] { bare.move(at); }));
        for (auto* widget : bare.widgets)
            widget->keepLines = true;
        drawing.push_back(measured([&] { bare.move(at); }));
        for (auto* widget : bare.widgets)
            widget->keepLines = false;
        fixed.push_back(measured([&] {
            charts.window.update();
            for (auto* chart : charts.charts)
                chart->findChild<PlotView*>()->viewport()->update();
            QCoreApplication::processEvents();
        }));
        ratios.push_back(moving.back() / plain.back());
        drawingRatios.push_back(moving.back() / drawing.back());
    }
    // The same points in a frame of its own, as an answer brings it.
    for (int i = 0; i < 5; ++i) {
        for (auto* chart : charts.charts) {
            auto copy = std::make_shared<query::Frame>(*chart->frame());
            chart->setFrame(std::move(copy));
        }
        const int before = charts.charts.back()->layoutCount();
        fresh.push_back(measured([&] { charts.wait(before); }));
    }
    line("12 charts, axis moving, CPU a frame", median(moving), "ms", "goal 16");
    line("12 charts, axis fixed, all repainted", median(fixed), "ms", "goal 5");
    line("12 charts, a new frame of 86,400 points each", median(fresh), "ms", "");
    line("12 bare widgets, min/max of each column as polylines", median(plain), "ms", "");
    line("  of that, drawing the polylines alone", median(drawing), "ms", "");
    line("charts, axis moving : bare widgets", median(ratios), "", "goal 0.35");
    line("charts, axis moving : drawing polylines alone", median(drawingRatios), "", "");
}

void crosshair(Charts& charts)
{
    std::vector<double> moves, withValues;
    const std::int64_t from = start + rounds * stride * step;
    for (int i = 0; i < 200; ++i) {
        moves.push_back(measured([&] {
            charts.group.setTime(from + (i + 1) * 300 * step);
            QCoreApplication::sendPostedEvents(nullptr, 0);
            QCoreApplication::processEvents(QEventLoop::ExcludeUserInputEvents);
        }));
    }
    line("crosshair over 12 charts, a move", median(moves), "ms", "goal 0.2");
    const double all = measured([&] {
        for (int i = 0; i < 60; ++i) {
            charts.group.setTime(from + (i + 1) * 700 * step);
            QElapsedTimer timer;
            timer.start();
            while (timer.elapsed() < 16)
                QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 4);
        }
    });
    line("  at 60 moves a second, values in the legends included", all / 60, "ms", "");
    charts.group.setTime(std::nullopt);
    QCoreApplication::processEvents();
}

void hidden(Charts& charts)
{
    PaintCounter counter;
    charts.window.hide();
    for (auto* widget : charts.window.findChildren<QWidget*>())
        widget->installEventFilter(&counter);
    const int layouts = charts.charts.front()->layoutCount();
    const double cpu = measured([&] {
        for (int i = 0; i < 20; ++i) {
            charts.move(i);
            for (auto* chart : charts.charts)
                chart->setFrame(chart->frame());
            charts.group.setTime(start + i * step);
            QCoreApplication::processEvents();
        }
    });
    line("hidden: paints in 20 rounds of new data", counter.paints, "", "goal 0");
    line("hidden: layouts in them", charts.charts.front()->layoutCount() - layouts, "", "goal 0");
    line("hidden: CPU a round", cpu / 20, "ms", "");
}

/// What a process that shows such a window and ends has used.
double startUp(const char* what)
{
    rusage before{}, after{};
    getrusage(RUSAGE_CHILDREN, &before);
    QProcess::execute(QCoreApplication::applicationFilePath(), {QLatin1String("--show"), QLatin1String(what)});
    getrusage(RUSAGE_CHILDREN, &after);
    const auto ms = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
    };
    return ms(after.ru_utime) + ms(after.ru_stime) - ms(before.ru_utime) - ms(before.ru_stime);
}

void startUps()
{
    std::vector<double> charts, bare, differences;
    for (int i = 0; i < rounds; ++i) {
        charts.push_back(startUp("charts"));
        bare.push_back(startUp("bare"));
        differences.push_back(charts.back() - bare.back());
    }
    line("process that shows 12 charts", median(charts), "ms", "");
    line("process that shows 12 bare widgets", median(bare), "ms", "");
    line("difference", median(differences), "ms", "goal 15");
}

int show(const QString& what, Theme& theme)
{
    // As much as a chart of the console has, so that the lines do not hide what the rest costs.
    auto frame = std::make_shared<query::Frame>(*makeFrame(0, 300));
    frame->columns.resize(3);
    if (what == QLatin1String("charts")) {
        Charts charts(theme);
        for (auto* chart : charts.charts)
            chart->setFrame(frame);
        charts.window.show();
        QCoreApplication::processEvents();
        return charts.charts.back()->layoutCount() > 0 ? 0 : 1;
    }
    Bare bare(theme);
    for (auto* widget : bare.widgets) {
        widget->frame = frame;
        widget->title = QStringLiteral("Panel"); // text, since the first one loads the fonts
        widget->from = frame->times.front();
        widget->to = frame->times.back();
    }
    bare.window.show();
    QCoreApplication::processEvents();
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    qputenv("QT_LOGGING_RULES", "qt.qpa.*=false");
    QApplication application(argc, argv);
    Theme theme(ThemeMode::dark);
    theme.applyTo(application);
    const QStringList arguments = QApplication::arguments();
    if (arguments.size() == 3 && arguments[1] == QLatin1String("--show"))
        return show(arguments[2], theme);

    Charts charts(theme);
    Bare bare(theme);
    for (int i = 0; i < panels; ++i) {
        const auto frame = makeFrame(i, shown + extra);
        const auto place = static_cast<std::size_t>(i);
        charts.charts[place]->setFrame(frame);
        bare.widgets[place]->frame = frame;
    }
    charts.move(0);
    charts.window.show();
    bare.window.show();
    bare.move(0);
    QCoreApplication::processEvents();
    axis(charts, bare);
    crosshair(charts);
    hidden(charts);
    startUps();
    return 0;
}
