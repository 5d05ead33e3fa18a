// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/alert_engine.h"
#include "bridge/console_context.h"
#include "bridge/source_list.h"
#include "composition.h"
#include "config/environment.h"
#include "config/places.h"
#include "config_reload.h"
#include "config/secret_service.h"
#include "dashboards/library.h"
#include "net/tls.h"
#include "process_age.h"
#include "remote_sources.h"
#include "settings_store.h"
#include "shell/config_problem_dialog.h"
#include "shell/desktop_notifier.h"
#include "shell/first_paint.h"
#include "shell/main_window.h"
#include "shell/screenshots.h"
#include "shell/tray.h"
#include "signal_watch.h"
#include "single_instance.h"
#include "startup.h"
#include "theme/theme.h"
#include "usage_lines.h"

#include <QApplication>
#include <QIcon>
#include <QSettings>
#include <QTemporaryDir>

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <vector>

using namespace tokenscope;

namespace {

ui::ThemeMode themeMode(app::Theme theme)
{
    switch (theme) {
    case app::Theme::light: return ui::ThemeMode::light;
    case app::Theme::dark: return ui::ThemeMode::dark;
    case app::Theme::system:
    case app::Theme::both: break;
    }
    return ui::ThemeMode::system;
}

/// The application, made when it is first needed: what only prints needs no display.
class Desktop {
public:
    explicit Desktop(const char* program) : m_words{program} {}

    QApplication& application(const app::CliOptions& options)
    {
        if (m_application)
            return *m_application;
        std::signal(SIGPIPE, SIG_IGN);
        app::SignalWatch::block();
        m_words.insert(m_words.end(), options.qt_arguments.begin(), options.qt_arguments.end());
        for (auto& word : m_words)
            m_arguments.push_back(word.data());
        m_count = static_cast<int>(m_arguments.size());
        m_arguments.push_back(nullptr);
        m_application = std::make_unique<QApplication>(m_count, m_arguments.data());
        QCoreApplication::setApplicationName(QStringLiteral("Tokenscope"));
        QCoreApplication::setApplicationVersion(QStringLiteral(TOKENSCOPE_VERSION));
        QGuiApplication::setDesktopFileName(QStringLiteral("tokenscope"));
        return *m_application;
    }

private:
    // The application looks at these as long as it lives.
    std::vector<std::string> m_words;
    std::vector<char*> m_arguments;
    int m_count = 0;
    std::unique_ptr<QApplication> m_application;
};

/// Whether somebody may be there to answer. QApplication ends the program where there is no display, so that is looked at before.
bool canAsk(Desktop& desktop, const app::CliOptions& options)
{
    const bool display = !qEnvironmentVariableIsEmpty("DISPLAY") || !qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY");
    if (!display || options.screenshots)
        return false;
    desktop.application(options);
    const auto platform = QGuiApplication::platformName();
    return platform == QLatin1StringView("xcb") || platform.startsWith(QLatin1StringView("wayland"));
}

/// Pictures are taken beside whatever runs.
bool mayStart(app::SingleInstance& instance, const app::CliOptions& options)
{
    if (options.screenshots || instance.claim(app::instance_name(options, config::process_environment())))
        return true;
    fmt::print(stderr,
               "tokenscope: it runs already, and its window is shown. Quit it first to start it in another way.\n");
    return false;
}

/// Who starts the console from a menu sees no standard error.
bool askToReadAgain(Desktop& desktop, app::SingleInstance& instance, const app::CliOptions& options,
                    const app::ConfigProblem& problem)
{
    if (!canAsk(desktop, options))
        return false;
    instance.listen();
    ui::Theme theme(themeMode(options.theme.value_or(app::Theme::system)));
    theme.applyTo(desktop.application(options));
    theme.followDesktop(QDBusConnection::sessionBus());
    ui::ConfigProblemDialog dialog(theme, QString::fromStdString(problem.message),
                                   problem.file ? QString::fromStdString(problem.file->string()) : QString());
    const app::SignalWatch signals([&dialog] { dialog.reject(); });
    instance.answer([&dialog] {
        dialog.raise();
        dialog.activateWindow();
    });
    const bool again = dialog.exec() == QDialog::Accepted;
    instance.answer({});
    return again;
}

/// Pictures must not depend on, nor disturb, what the user has set.
std::unique_ptr<QSettings> makeSettings(const QTemporaryDir& scratch, bool screenshots)
{
    if (screenshots)
        return std::make_unique<QSettings>(scratch.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat);
    return std::make_unique<QSettings>(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("tokenscope"),
                                       QStringLiteral("tokenscope"));
}

/// Beside config.yaml; pictures must neither show nor change what is the user's.
std::filesystem::path ownFile(const QTemporaryDir& scratch, bool screenshots, const char* name)
{
    return screenshots ? std::filesystem::path(scratch.path().toStdString()) / name
                       : config::config_file(config::process_environment(), name);
}

/// As this process's, but nobody is at home.
config::Env scratchEnvironment(const QTemporaryDir& scratch)
{
    return [real = config::process_environment(), home = scratch.path().toStdString()](const std::string& name) {
        const bool place = name == "HOME" || name == "XDG_CONFIG_HOME" || name == "XDG_DATA_HOME";
        return place ? std::optional(home) : real(name);
    };
}

/// Follows the configuration's file. The address stays until the next start: the window and the clients that it told its
/// address to would lose the gateway.
std::unique_ptr<app::ConfigReload> followConfig(app::Composition& composition, app::ConfigSource source,
                                                config::Config config)
{
    const auto listen = config.listen;
    auto apply = [&composition, listen](config::Config next) {
        if (next.listen != listen)
            composition.log().log(telemetry::Level::warn, "the new address is listened on after a restart",
                                  {{"listen", next.listen}});
        next.listen = listen;
        return composition.apply(std::move(next));
    };
    auto reload =
        std::make_unique<app::ConfigReload>(std::move(source), std::move(config), std::move(apply), composition.log());
    reload->watch();
    return reload;
}

ui::GatewayInfo describe(const app::Composition& composition, const Result<void>& started)
{
    ui::GatewayInfo info;
    info.authorization = [&composition] { return QByteArray::fromStdString(composition.authorization()); };
    if (started)
        info.baseUrl = QString::fromStdString(composition.gateway_url());
    else
        info.error = QString::fromStdString(started.error().message);
    return info;
}

std::vector<ui::ProviderAddress> addresses(const config::Config& config)
{
    std::vector<ui::ProviderAddress> all;
    for (const auto& provider : config.providers)
        all.push_back({provider.name, provider.base_url});
    return all;
}

/// How long it takes until there is something to see.
void measureStart(ui::MainWindow& window, telemetry::Logger& log)
{
    const auto* paint = new ui::FirstPaint(window);
    QObject::connect(paint, &ui::FirstPaint::painted, &window, [&log] {
        if (const auto age = app::process_age())
            log.log(telemetry::Level::debug, "first page painted", {{"ms_since_start", age->count()}});
    });
}

/// In the background it stands where the user has it while it is not looked at: in the tray, or minimised.
void show(ui::MainWindow& window, bool minimised)
{
    if (!minimised)
        window.show();
    else if (!window.tray().shown() || !window.tray().keepsRunning())
        window.showMinimized();
}

void takeScreenshots(ui::MainWindow& window, ui::Theme& theme, const app::CliOptions& options)
{
    ui::ScreenshotOptions wanted;
    wanted.directory = QString::fromStdString(options.screenshots->string());
    if (!options.sizes.empty())
        wanted.sizes.clear();
    for (const auto& size : options.sizes)
        wanted.sizes.append(QSize(size.width, size.height));
    if (options.theme == app::Theme::both)
        wanted.themes = {ui::ThemeMode::dark, ui::ThemeMode::light};
    if (options.after)
        wanted.afterSeconds = std::chrono::duration<double>(*options.after).count();
    auto* run = new ui::ScreenshotRun(window, theme, wanted, &window);
    QObject::connect(run, &ui::ScreenshotRun::finished, &window, [](int exitCode, const QStringList& errors) {
        for (const auto& error : errors)
            fmt::print(stderr, "{}\n", error.toStdString());
        QCoreApplication::exit(exitCode);
    });
    run->start();
}

} // namespace

/// The console: the gateway and the windows in one process.
int main(int argc, char** argv)
{
    Desktop desktop(argv[0]);
    app::SingleInstance instance;
    auto startup = app::start_up(
        std::vector<std::string>(argv + 1, argv + argc), app::Program::console,
        [&](const auto& options, const auto& problem) { return askToReadAgain(desktop, instance, options, problem); },
        [&](const auto& options) { return mayStart(instance, options); });
    if (const auto* exitCode = std::get_if<int>(&startup))
        return *exitCode;
    auto& plan = std::get<app::Startup>(startup);
    const bool screenshots = plan.options.screenshots.has_value();
    // Pictures are taken beside whatever already runs on the usual port.
    if (screenshots && !plan.options.listen)
        plan.config.listen = "127.0.0.1:0";

    QApplication& application = desktop.application(plan.options);
    instance.listen();

    const QTemporaryDir scratch;
    dashboards::Library library(ownFile(scratch, screenshots, "dashboards"));
    // On the other core, but not before Qt has changed locale and environment, which others may not read meanwhile.
    auto reading = std::async(std::launch::async, [&library] {
        net::make_client_tls(); // that is, the authorities that the system trusts
        library.load();
    });
    const auto settings = makeSettings(scratch, screenshots);
    ui::Theme theme(themeMode(plan.options.theme.value_or(app::Theme::system)));
    theme.applyTo(application);
    theme.followDesktop(QDBusConnection::sessionBus());

    const SystemClock clock;
    app::Composition composition({.config = plan.config,
                                  .log = std::move(plan.log),
                                  .qt_version = qVersion(),
                                  .demo_traffic = plan.options.demo_traffic,
                                  .charts = true});
    const auto started = composition.start();
    for (const auto& warning : plan.warnings)
        composition.log().log(telemetry::Level::warn, "configuration", {{"warning", warning}});
    const auto first = plan.config;
    auto reload =
        started && !screenshots ? followConfig(composition, std::move(plan.source), std::move(plan.config)) : nullptr;

    // Its own ways to the file and to the keychain: they are used on other threads, each on one.
    const auto environment = screenshots ? scratchEnvironment(scratch) : config::process_environment();
    app::FileSettings configuration(
        {.source = app::ConfigSource(plan.options, environment, std::make_shared<config::SecretServiceKeychain>()),
         .keychain = std::make_shared<config::SecretServiceKeychain>(),
         .env = environment,
         .config = first,
         .reload = reload.get()});

    app::RemoteSources remote(clock);
    const auto connect = [&remote](const sources::Connection& connection) { return remote.make(connection); };
    ui::SourceList sources(composition.local_source(), connect, ownFile(scratch, screenshots, "sources.json"));

    ui::AlertEngine alerts(sources, clock, ownFile(scratch, screenshots, "alerts.json"));
    alerts.start();
    ui::MainWindow* shown = nullptr;
    ui::DesktopNotifier notifier(QDBusConnection::sessionBus(), [&shown](const ui::Notifier::Message& message) {
        if (shown)
            shown->tray().tell(message);
    });

    reading.get();
    ui::MainWindow window({.theme = theme,
                           .sources = sources,
                           .library = library,
                           .requests = composition.requests(),
                           .clock = clock,
                           .settings = *settings,
                           .gateway = describe(composition, started),
                           .providers = [&] { return addresses(reload ? reload->current() : first); },
                           .traces = &composition.traces(),
                           .live = composition.live(),
                           .captures = composition.captures(),
                           .configuration = &configuration,
                           .alerts = &alerts,
                           .notifier = &notifier,
                           .usage = [&] { return app::usageLines(composition, sources.entries()); }});
    shown = &window;
    if (plan.options.theme)
        theme.setMode(themeMode(*plan.options.theme)); // the command line wins over what the window restored
    if (!plan.options.sizes.empty())
        window.resize(plan.options.sizes.front().width, plan.options.sizes.front().height);
    measureStart(window, composition.log());
    show(window, plan.options.minimised && !screenshots);
    instance.answer([&] {
        composition.log().log(telemetry::Level::debug, "another start shows the window", {});
        window.comeBack();
    });
    const app::SignalWatch signals([&window] { window.quit(); });
    if (screenshots)
        takeScreenshots(window, theme, plan.options);
    const int exitCode = QApplication::exec();
    instance.answer({}); // who comes now waits, and starts anew
    configuration.stop();
    reload.reset(); // a gateway that ends takes no new configuration
    composition.stop();
    return exitCode;
}
