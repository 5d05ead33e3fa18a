// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the window keeps coming round while 2,000 tokens a second stream into the Playground, through the real gateway, with
// twelve charts live: on a page of the same window, and then in a second window that shows them. See docs/benchmarks.md.
#include "app/composition.h"
#include "bench/load.h"
#include "bench/token_stream.h"
#include "bridge/console_context.h"
#include "bridge/source_list.h"
#include "charts/time_series_chart.h"
#include "dashboards/library.h"
#include "pages/playground/markdown_view.h"
#include "pages/playground/parameter_panel.h"
#include "shell/main_window.h"
#include "theme/theme.h"

#include <QAbstractButton>
#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFile>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QSettings>
#include <QTemporaryDir>
#include <QTextBlock>
#include <QTimer>

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <memory>
#include <vector>

using namespace tokenscope;
using namespace tokenscope::ui;

namespace {

constexpr int perSecond = 2'000;
constexpr int charts = 12;
constexpr std::size_t parts = 5; ///< of the reply, to see whether it slows down

double threadMs()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

/// Every time that the event loop did not come round, by the wall's clock and by this thread's own. Asks once in a
/// millisecond: a loop without any pause would take the processor from the gateway.
class Gaps : public QObject {
public:
    Gaps()
    {
        m_timer.setTimerType(Qt::PreciseTimer);
        connect(&m_timer, &QTimer::timeout, this, [this] {
            const double cpu = threadMs();
            m_wall.push_back(static_cast<double>(m_since.nsecsElapsed()) / 1e6);
            m_since.start();
            m_longestCpu = std::max(m_longestCpu, cpu - m_cpu);
            m_cpu = cpu;
        });
        m_since.start();
        m_cpu = threadMs();
        m_timer.start(1);
    }
    double longest() const { return *std::max_element(m_wall.begin(), m_wall.end()); }
    double longestCpu() const { return m_longestCpu; }
    double quantile(double share)
    {
        std::sort(m_wall.begin(), m_wall.end());
        return m_wall[static_cast<std::size_t>(share * static_cast<double>(m_wall.size() - 1))];
    }
    std::size_t count() const { return m_wall.size(); }

private:
    QTimer m_timer;
    QElapsedTimer m_since;
    double m_cpu = 0;
    double m_longestCpu = 0;
    std::vector<double> m_wall;
};

/// Runs the loop as the program does, until it is so; Qt Test's own waiting sleeps in between.
template <typename Condition>
void waitFor(Condition condition)
{
    QElapsedTimer patience;
    patience.start();
    QEventLoop loop;
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, &loop, [&] {
        if (condition())
            loop.quit();
        else if (patience.elapsed() > 120'000)
            qFatal("What was waited for did not happen.");
    });
    timer.start(5);
    loop.exec();
}

void pause(qint64 ms)
{
    QElapsedTimer timer;
    timer.start();
    waitFor([&] { return timer.elapsed() >= ms; });
}

config::Config configuration(std::uint16_t upstream)
{
    config::Provider demo;
    demo.name = "demo";
    demo.kind = config::ProviderKind::demo;
    config::Provider model;
    model.name = "up";
    model.kind = config::ProviderKind::openai;
    model.base_url = "http://127.0.0.1:" + std::to_string(upstream) + "/v1";
    config::Config config;
    config.listen = "127.0.0.1:0";
    config.providers = {demo, model};
    config.conversations.backend = config::ConversationBackend::memory;
    return config;
}

/// Twelve charts of three lines each, all of which move while the demo engine is busy.
void writeDashboard(const QString& folder)
{
    QDir().mkpath(folder);
    QFile file(folder + QStringLiteral("/twelve.json"));
    if (!file.open(QIODevice::WriteOnly))
        std::abort(); // no disk, nothing to measure
    std::string panels;
    for (int i = 0; i < charts; ++i)
        panels += fmt::format(
            R"({}{{"id":"p{}","title":"Panel {}","unit":"seconds","width":3,"queries":[{{"query":{{)"
            R"("metric":"aigateway_first_token_latency_seconds","fn":"quantile","q":[0.5,0.95,0.99]}}}}]}})",
            i == 0 ? "" : ",", i, i);
    file.write(
        fmt::format(R"({{"version":1,"title":"Twelve","rows":[{{"title":"All","panels":[{}]}}]}})", panels).c_str());
}

/// The whole console in this process, on the given home.
struct Console {
    Console(const QString& home, std::uint16_t upstream)
        : settings(home + QStringLiteral("/settings.ini"), QSettings::IniFormat), theme(ThemeMode::dark),
          library(std::filesystem::path(home.toStdString()) / "dashboards")
    {
        theme.applyTo(*qApp);
        writeDashboard(home + QStringLiteral("/dashboards"));
        library.load();
        settings.setValue(QStringLiteral("dashboards/current"), QStringLiteral("twelve"));
        telemetry::LogOptions log;
        log.to_stderr = false;
        composition = std::make_unique<app::Composition>(app::Composition::Options{.config = configuration(upstream),
                                                                                   .log = log,
                                                                                   .qt_version = qVersion(),
                                                                                   .demo_traffic = true,
                                                                                   .charts = true});
        if (!composition->start())
            std::abort(); // no loopback
        sources = std::make_unique<SourceList>(composition->local_source(), SourceFactory(),
                                               std::filesystem::path(home.toStdString()) / "sources.json");
    }
    std::unique_ptr<MainWindow> open(const QString& page)
    {
        auto window = std::make_unique<MainWindow>(
            ConsoleContext{.theme = theme,
                           .sources = *sources,
                           .library = library,
                           .requests = composition->requests(),
                           .clock = clock,
                           .settings = settings,
                           .gateway = {.baseUrl = QString::fromStdString(composition->gateway_url()),
                                       .authorization = {},
                                       .error = {}},
                           .traces = &composition->traces(),
                           .live = composition->live(),
                           .captures = composition->captures()});
        window->resize(1920, 1080);
        window->show();
        // The charts are there, and have been looked at.
        window->showPage(QStringLiteral("dashboards"));
        pause(1500);
        window->showPage(page);
        pause(500);
        return window;
    }

    SystemClock clock;
    QSettings settings;
    Theme theme;
    dashboards::Library library;
    std::unique_ptr<app::Composition> composition;
    std::unique_ptr<SourceList> sources;
};

/// Sends a prompt in the window's Playground to the model of the upstream.
void ask(MainWindow& window)
{
    auto* parameters = window.findChild<ParameterPanel*>(QStringLiteral("playground.parameters"));
    parameters->setModel(QStringLiteral("m1"));
    waitFor([&] { return parameters->model() == QLatin1StringView("m1"); });
    auto* prompt = window.findChild<QPlainTextEdit*>(QStringLiteral("playground.prompt"));
    prompt->setPlainText(QStringLiteral("Tell me everything."));
    window.findChild<QAbstractButton*>(QStringLiteral("playground.send"))->click();
}

/// How much of the text is on the page, by the last words of it: a chapter is called after the token it begins at.
std::size_t shownTokens(const MarkdownView& view)
{
    for (auto block = view.document()->lastBlock(); block.isValid(); block = block.previous()) {
        const auto text = block.text();
        if (text.startsWith(QLatin1StringView("Chapter ")))
            return text.mid(8).toULongLong();
    }
    return 0;
}

/// How often charts of this process have been laid out with new data.
int layouts()
{
    int count = 0;
    for (const auto* widget : QApplication::allWidgets()) {
        if (const auto* chart = qobject_cast<const TimeSeriesChart*>(widget))
            count += chart->layoutCount();
    }
    return count;
}

void measure(const char* what, MainWindow& window, const bench::TokenStream& stream)
{
    ask(window);
    waitFor([&] { return window.findChild<MarkdownView*>(QStringLiteral("playground.reply")) != nullptr; });
    auto& view = *window.findChild<MarkdownView*>(QStringLiteral("playground.reply"));
    auto* button = window.findChild<QAbstractButton*>(QStringLiteral("playground.send"));
    const auto arrived = [&] { return stream.tokensIn(static_cast<std::size_t>(view.source().size())); };
    waitFor([&] { return arrived() > 0; });
    Gaps gaps;
    const int layoutsBefore = layouts();
    QElapsedTimer clock;
    clock.start();
    double cpu = threadMs();
    fmt::print("{}\n", what);
    for (std::size_t part = 1; part <= parts; ++part) {
        Gaps own;
        const double from = static_cast<double>(clock.nsecsElapsed()) / 1e6;
        waitFor([&] { return arrived() >= stream.size() * part / parts; });
        const double now = threadMs();
        const double wall = static_cast<double>(clock.nsecsElapsed()) / 1e6 - from;
        fmt::print("  {:6} tokens arrived, {:6} shown: UI thread {:5.1f} % of a core, longest gap {:6.1f} ms\n",
                   arrived(), shownTokens(view), (now - cpu) / wall * 100, own.longest());
        std::fflush(stdout);
        cpu = now;
    }
    waitFor([&] { return button->text() == QLatin1StringView("Send"); });
    const double seconds = static_cast<double>(clock.nsecsElapsed()) / 1e9;
    pause(300); // what the end of a reply makes
    const double quantile = gaps.quantile(0.999);
    fmt::print(
        "  in all {} of {} tokens in {:.1f} s, {:.0f}/s; {} gaps, 99.9 % below {:.1f} ms, longest {:.1f} ms (goal "
        "50); most CPU in one {:.1f} ms; charts laid out {} times\n",
        arrived(), stream.size(), seconds, static_cast<double>(arrived()) / seconds, gaps.count(), quantile,
        gaps.longest(), gaps.longestCpu(), layouts() - layoutsBefore);
}

} // namespace

int main(int argc, char** argv)
{
    if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    const QTemporaryDir home;
    qputenv("HOME", home.path().toUtf8());
    QApplication application(argc, argv);
    const std::size_t tokens = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 44'000;
    const bench::TokenStream stream(tokens, perSecond);
    const bench::Upstream upstream([&stream](net::Exchange& exchange) { return stream.answer(exchange); });
    Console console(home.path(), upstream.port());
    {
        const auto window = console.open(QStringLiteral("playground"));
        measure("Playground, 12 charts on another page of the window", *window, stream);
    }
    const auto other = console.open(QStringLiteral("dashboards"));
    const auto window = console.open(QStringLiteral("playground"));
    measure("Playground, 12 charts shown in a second window", *window, stream);
    return 0;
}
