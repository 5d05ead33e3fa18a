// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A day of the console at 50 requests a second, by a clock that is turned: what it holds after each hour, of what the Settings
// page shows and of the allocator. Then its parts go one after the other, which tells what each really took.
//     bench_memory [hours [MiB for the charts]]
#include "app/latency_sketches.h"
#include "app/local_metrics.h"
#include "app/records.h"
#include "app/sampling.h"
#include "bench/memory_traffic.h"
#include "bridge/alert_engine.h"
#include "bridge/console_context.h"
#include "dashboards/library.h"
#include "query/series_store.h"
#include "shell/main_window.h"
#include "sources/local_source.h"
#include "telemetry/tracing/span_pipeline.h"
#include "theme/theme.h"

#include <QAbstractButton>
#include <QApplication>
#include <QSettings>
#include <QTemporaryDir>

#include <fmt/format.h>
#include <jemalloc/jemalloc.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace tokenscope;

namespace {

constexpr double mib = 1'048'576;

double resident()
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmRSS"))
            return std::stod(line.substr(line.find_first_of("0123456789"))) * 1'024;
    return 0;
}

/// Bytes that the program has from the allocator and has not given back.
std::size_t allocated()
{
    // What this thread has given back, but its cache still holds, counts as allocated.
    mallctl("thread.tcache.flush", nullptr, nullptr, nullptr, 0);
    std::uint64_t epoch = 1;
    std::size_t size = sizeof epoch;
    mallctl("epoch", &epoch, &size, &epoch, size);
    std::size_t bytes = 0;
    size = sizeof bytes;
    mallctl("stats.allocated", &bytes, &size, nullptr, 0);
    return bytes;
}

/// What Composition has, wired as it does it, but on a clock that is turned by hand.
struct Process {
    explicit Process(const config::Config& config)
        : metrics(std::make_unique<telemetry::Metrics>(telemetry::BuildInfo{.version = "0", .qt = "6"},
                                                       config.observability.metrics.series_cap, &clock)),
          records(std::make_unique<app::Records>(log, clock, [](const std::string&) { return std::nullopt; })),
          spans(std::make_unique<telemetry::SpanPipeline>(telemetry::SpanPipeline::Parts{
              .metrics = metrics->spans(), .log = log, .make_exporter = {}, .version = "0"})),
          captures(std::make_unique<telemetry::CaptureRing>(telemetry::CaptureRing::Settings{
              .bodies = config.observability.requests.bodies, .bytes = config.observability.requests.capture_memory})),
          series(std::make_unique<query::SeriesStore>(
              query::SeriesStore::Limits{.max_bytes = config.observability.charts.sample_memory()})),
          sketches(std::make_unique<query::SketchStore>(
              query::SketchStore::Limits{.max_bytes = config.observability.charts.sketch_memory()})),
          sketched(metrics->tokens(), metrics->requests(), *sketches, clock),
          local(std::make_unique<sources::LocalSource>(*series, sketches.get(), app::describe_metric)),
          tracer(config.observability, *spans, clock)
    {
        if (!records->start(config))
            std::abort();
    }

    ManualClock clock;
    telemetry::Logger log{{.to_stderr = false}};
    std::unique_ptr<telemetry::Metrics> metrics;
    std::unique_ptr<app::Records> records;
    std::unique_ptr<telemetry::SpanPipeline> spans;
    std::unique_ptr<telemetry::LiveBoard> live = std::make_unique<telemetry::LiveBoard>();
    std::unique_ptr<telemetry::CaptureRing> captures;
    std::unique_ptr<query::SeriesStore> series;
    std::unique_ptr<query::SketchStore> sketches;
    app::LatencySketches sketched;
    std::unique_ptr<sources::LocalSource> local;
    telemetry::Tracer tracer;
    telemetry::Observers observers{.tokens = sketched,
                                   .requests = sketched,
                                   .pricing = &records->prices(),
                                   .records = records->sink(),
                                   .clock = clock,
                                   .live = live.get()};
};

/// The windows, with two rules of which one comes and goes all the time. Its own timers run by the real clock: every second of
/// it is some minutes of the process.
struct Console {
    explicit Console(Process& process)
        : settings(directory.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat),
          library(path("dashboards")), sources(*process.local, {}, path("sources.json")),
          alerts(sources, process.clock, path("alerts.json"))
    {
        theme.applyTo(*qApp);
        library.load();
        for (const auto* metric : {"process_cpu_seconds_total", "aigateway_requests_total"}) {
            query::Query query{.metric = metric, .function = query::Function::rate};
            query.by = {"model"};
            if (!alerts.save({.id = {}, .name = metric, .source = "local", .question = query, .threshold = 0.31}))
                std::abort();
        }
        settings.setValue(QStringLiteral("window/range"), qlonglong{86'400'000});
        window = std::make_unique<ui::MainWindow>(ui::ConsoleContext{.theme = theme,
                                                                     .sources = sources,
                                                                     .library = library,
                                                                     .requests = process.records->log(),
                                                                     .clock = process.clock,
                                                                     .settings = settings,
                                                                     .gateway = {},
                                                                     .traces = &process.spans->store(),
                                                                     .live = process.live.get(),
                                                                     .captures = process.captures.get(),
                                                                     .alerts = &alerts});
        window->show();
    }

    std::filesystem::path path(const char* name) const
    {
        return directory.filePath(QLatin1StringView(name)).toStdString();
    }
    void follow(int second)
    {
        if (second % 10 == 0)
            alerts.tick();
        if (second % 20 == 0)
            QCoreApplication::processEvents();
        if (second % 900 == 0)
            turn(second / 900);
    }
    /// Somebody looks around: another page, another window.
    void turn(int times)
    {
        static constexpr std::array pages{"overview", "requests", "dashboards", "overview", "targets", "explore"};
        window->showPage(QLatin1StringView(pages.at(static_cast<std::size_t>(times) % pages.size())));
        const auto range = times % 2 == 0 ? QStringLiteral("topBar.range.24h") : QStringLiteral("topBar.range.1h");
        if (auto* button = window->findChild<QAbstractButton*>(range))
            button->click();
        else
            std::abort();
    }

    QTemporaryDir directory;
    QSettings settings;
    ui::Theme theme{ui::ThemeMode::dark};
    dashboards::Library library;
    ui::SourceList sources;
    ui::AlertEngine alerts;
    std::unique_ptr<ui::MainWindow> window;
};

/// Seconds that the work takes really.
struct Real {
    double traffic = 0, snapshots = 0, windows = 0;
};

void spent_in(double& sum, auto work)
{
    const auto start = std::chrono::steady_clock::now();
    work();
    sum += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

struct Line {
    int hour = 0;
    double resident = 0;
    double allocated = 0;
    double kept = 0; ///< what has a budget
    double beside() const { return allocated - kept; }
};

/// Of all that has a budget: what Settings says is used, and how much it may be.
struct Kept {
    std::size_t bytes = 0;
    std::size_t budget = 0;
};

Kept kept_in(const Process& process)
{
    const auto samples = process.series->use();
    const auto records = process.records->log().use();
    const auto traces = process.spans->store().use();
    return {.bytes =
                samples.bytes + process.sketches->bytes() + records.bytes + traces.bytes + process.captures->bytes(),
            .budget = samples.budget + process.sketches->budget() + records.budget + traces.budget
                      + process.captures->settings().bytes};
}

Line report(int hour, const Process& process, double real_seconds)
{
    const Line line{hour, resident(), static_cast<double>(allocated()), static_cast<double>(kept_in(process).bytes)};
    const auto use = process.series->use();
    const auto mb = [](auto bytes) { return static_cast<double>(bytes) / mib; };
    fmt::print("{:4} {:9.1f} {:10.1f} {:8.1f} {:8.1f} {:9.2f} {:9.2f} {:8} {:9.2f} {:9.2f} {:7.2f} {:7.0f}\n", hour,
               mb(line.resident), mb(line.allocated), mb(line.kept), mb(line.beside()), mb(use.bytes),
               mb(process.sketches->bytes()), use.series, mb(process.records->log().use().bytes),
               mb(process.captures->bytes()), mb(process.spans->store().use().bytes), real_seconds);
    std::fflush(stdout);
    return line;
}

/// MiB more an hour from the first to the last of the lines, by least squares.
template <typename What>
double growth(const std::vector<Line>& lines, What what)
{
    double n = 0, x = 0, y = 0, xx = 0, xy = 0;
    for (const auto& line : lines) {
        const auto hour = static_cast<double>(line.hour);
        const auto value = std::invoke(what, line) / mib;
        n += 1, x += hour, y += value, xx += hour * hour, xy += hour * value;
    }
    return (n * xy - x * y) / (n * xx - x * x);
}

template <typename Work>
void take_down(const char* name, Work work, std::optional<std::size_t> said)
{
    const auto before = allocated();
    work();
    const auto took = static_cast<double>(before - allocated());
    fmt::print("  {:<18} {:8.2f} MiB", name, took / mib);
    if (said)
        fmt::print(", said {:.2f} MiB: {:+.1f} %", static_cast<double>(*said) / mib,
                   (static_cast<double>(*said) / took - 1) * 100);
    fmt::print("\n");
}

} // namespace

int main(int argc, char** argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    const int hours = argc > 1 ? std::atoi(argv[1]) : 24;

    config::Config config;
    if (argc > 2)
        config.observability.charts.memory = static_cast<std::size_t>(std::atoi(argv[2])) << 20;
    config.observability.requests.bodies = true;
    // So few that the guests among the models reach it within some hours. A name more is some hundred samples a second more.
    config.observability.metrics.series_cap = 6;

    auto process = std::make_unique<Process>(config);
    auto console = std::make_unique<Console>(*process);
    auto traffic = std::make_unique<bench::MemoryTraffic>(bench::TrafficParts{.metrics = *process->metrics,
                                                                              .observers = process->observers,
                                                                              .tracer = process->tracer,
                                                                              .captures = *process->captures,
                                                                              .clock = process->clock});
    fmt::print("MiB of:\nhour  resident  allocated     kept   beside   samples  sketches   series   records  captures"
               "  traces  real s\n");
    const auto start = std::chrono::steady_clock::now();
    const auto spent = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(); };
    Real real;
    std::vector<Line> later;
    for (int second = 0; second <= hours * 3'600; ++second) {
        if (second % 3'600 == 0) {
            const auto hour = second / 3'600;
            const auto line = report(hour, *process, spent());
            if (2 * hour >= hours)
                later.push_back(line);
        }
        spent_in(real.traffic, [&] { traffic->second(); });
        spent_in(real.snapshots, [&] {
            app::keep_snapshot(*process->metrics, *process->series, process->clock.wall().time_since_epoch().count());
        });
        spent_in(real.windows, [&] { console->follow(second); });
    }
    fmt::print("Real seconds: requests {:.0f}, snapshots {:.0f}, windows {:.0f}\n", real.traffic, real.snapshots,
               real.windows);
    fmt::print("{} requests. MiB more an hour in the second half: resident {:+.2f}, allocated {:+.2f}, allocated "
               "beside what is kept {:+.2f}\n",
               traffic->begun(), growth(later, &Line::resident), growth(later, &Line::allocated),
               growth(later, &Line::beside));
    const auto kept = kept_in(*process);
    fmt::print(
        "Kept within budgets: {:.1f} of {:.1f} MiB, at most {:.1f}\n", static_cast<double>(kept.bytes) / mib,
        static_cast<double>(kept.budget) / mib,
        std::max_element(later.begin(), later.end(), [](const Line& a, const Line& b) { return a.kept < b.kept; })->kept
            / mib);

    fmt::print("what each took:\n");
    traffic.reset();
    take_down(
        "windows", [&] { console.reset(); }, std::nullopt);
    process->local.reset();
    const auto use = process->series->use();
    take_down(
        "samples", [&] { process->series.reset(); }, use.bytes);
    const auto sketch_bytes = process->sketches->bytes();
    take_down(
        "sketches", [&] { process->sketches.reset(); }, sketch_bytes);
    const auto capture_bytes = process->captures->bytes();
    take_down(
        "captures", [&] { process->captures.reset(); }, capture_bytes);
    const auto span_bytes = process->spans->store().use().bytes;
    take_down(
        "traces", [&] { process->spans.reset(); }, span_bytes);
    // All but the newest; what else goes with it, the table of prices, has no budget.
    auto& log = process->records->log();
    take_down(
        "records", [&log] { log.set_budget(0); }, log.use().bytes);
    take_down(
        "prices", [&] { process->records.reset(); }, std::nullopt);
    take_down(
        "metrics", [&] { process->metrics.reset(); }, std::nullopt);
    fmt::print("  {:<18} {:8.2f} MiB\n", "what is left", static_cast<double>(allocated()) / mib);
    return 0;
}
