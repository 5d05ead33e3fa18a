// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/composition.h"
#include "app/config_reload.h"
#include "app/config_source.h"
#include "app/remote_sources.h"
#include "app/settings_store.h"
#include "bridge/console_context.h"
#include "bridge/source_list.h"
#include "charts/time_series_chart.h"
#include "dashboards/library.h"
#include "shell/main_window.h"
#include "theme/theme.h"

#include <QApplication>
#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QPushButton>
#include <QSettings>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

#include <filesystem>
#include <memory>

using namespace tokenscope;
using namespace tokenscope::ui;

namespace {

constexpr auto begin = "listen: 127.0.0.1:0\n"
                       "providers:\n"
                       "  - name: demo\n"
                       "    kind: demo\n"
                       "conversations:\n"
                       "  backend: memory\n";

} // namespace

/// Settings, Explore, Targets and what is restored, in the window as the program makes it: the file, the gateway and a scraped
/// page are real.
class TstConsolePages : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_home;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<Theme> m_theme;
    SystemClock m_clock;
    std::unique_ptr<app::Composition> m_composition;
    std::unique_ptr<app::ConfigReload> m_reload;
    std::unique_ptr<app::FileSettings> m_configuration;
    std::unique_ptr<app::RemoteSources> m_remote;
    std::unique_ptr<SourceList> m_sources;
    std::unique_ptr<dashboards::Library> m_dashboards;
    std::unique_ptr<MainWindow> m_window;

    template <typename Widget>
    Widget* find(const char* name) const
    {
        auto* widget = m_window->findChild<Widget*>(QLatin1StringView(name));
        if (!widget)
            qFatal("No widget is called %s.", name);
        return widget;
    }

    QString file() const { return m_home->filePath(QStringLiteral("config.yaml")); }
    QByteArray written() const
    {
        QFile text(file());
        return text.open(QIODevice::ReadOnly) ? text.readAll() : QByteArray();
    }
    void write(const QByteArray& text) const
    {
        QFile out(file());
        QVERIFY(out.open(QIODevice::WriteOnly) && out.write(text) == text.size());
    }

    void start()
    {
        app::CliOptions options;
        options.config_file = file().toStdString();
        const config::Env nothing = [](const std::string&) { return std::optional<std::string>(); };
        app::ConfigSource source(options, nothing, nullptr);
        auto loaded = source.load();
        QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
        telemetry::LogOptions log;
        log.to_stderr = false;
        m_composition = std::make_unique<app::Composition>(
            app::Composition::Options{.config = loaded->config, .log = log, .qt_version = qVersion(), .charts = true});
        QVERIFY(m_composition->start());
        const auto apply = [this](config::Config next) { return m_composition->apply(std::move(next)); };
        m_reload = std::make_unique<app::ConfigReload>(std::move(source), loaded->config, apply, m_composition->log());
        m_reload->watch();
        m_configuration = std::make_unique<app::FileSettings>(
            app::FileSettings::Parts{.source = app::ConfigSource(options, nothing, nullptr),
                                     .keychain = nullptr,
                                     .env = nothing,
                                     .config = loaded->config,
                                     .reload = m_reload.get()});
        const std::filesystem::path home = m_home->path().toStdString();
        m_remote = std::make_unique<app::RemoteSources>(m_clock);
        const auto connect = [this](const sources::Connection& connection) { return m_remote->make(connection); };
        m_sources = std::make_unique<SourceList>(m_composition->local_source(), connect, home / "sources.json");
        m_dashboards = std::make_unique<dashboards::Library>(home / "dashboards");
        m_dashboards->load();
    }

    void openWindow()
    {
        m_window = std::make_unique<MainWindow>(ConsoleContext{
            .theme = *m_theme,
            .sources = *m_sources,
            .library = *m_dashboards,
            .requests = m_composition->requests(),
            .clock = m_clock,
            .settings = *m_settings,
            .gateway = {.baseUrl = QString::fromStdString(m_composition->gateway_url()),
                        .authorization = [this] { return QByteArray::fromStdString(m_composition->authorization()); },
                        .error = {}},
            .traces = &m_composition->traces(),
            .live = m_composition->live(),
            .captures = m_composition->captures(),
            .configuration = m_configuration.get()});
        m_window->resize(1280, 800);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    }

    void goTo(int key, const char* page)
    {
        QTest::keyClick(m_window.get(), static_cast<Qt::Key>(Qt::Key_0 + key), Qt::ControlModifier);
        QTRY_COMPARE(m_window->currentPage(), QLatin1StringView(page));
    }

    /// A client asks the gateway for a few words.
    void ask()
    {
        QNetworkAccessManager client;
        QNetworkRequest request(
            QUrl(QString::fromStdString(m_composition->gateway_url()) + QStringLiteral("/v1/chat/completions")));
        request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArray("application/json"));
        const std::unique_ptr<QNetworkReply> reply(client.post(
            request, R"({"model": "demo-tiny", "max_tokens": 5, "messages": [{"role": "user", "content": "Hi"}]})"));
        QTRY_VERIFY_WITH_TIMEOUT(reply->isFinished(), 10'000);
        QCOMPARE(reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), 200);
    }

    QString addOwnPage()
    {
        const auto id = m_sources->save({.id = {},
                                         .name = "own page",
                                         .kind = sources::ConnectionKind::page,
                                         .url = m_composition->gateway_url() + "/metrics",
                                         .timeout = std::chrono::seconds(2),
                                         .interval = std::chrono::milliseconds(200)});
        return id ? *id : QString();
    }

    /// The values in Explore's table, as they are written there.
    QStringList tableValues() const
    {
        const auto* model = find<QTableView>("explore.table.view")->model();
        QStringList values;
        for (int row = 0; row < model->rowCount(); ++row)
            values << model->index(row, model->columnCount() - 1).data().toString();
        return values;
    }

private Q_SLOTS:
    void init()
    {
        m_home = std::make_unique<QTemporaryDir>();
        m_settings =
            std::make_unique<QSettings>(m_home->filePath(QStringLiteral("settings.ini")), QSettings::IniFormat);
        m_theme = std::make_unique<Theme>(ThemeMode::dark);
        m_theme->applyTo(*qApp);
        write(begin);
        start();
        openWindow();
    }

    void cleanup()
    {
        m_window.reset();
        m_sources.reset();
        m_remote.reset();
        m_configuration.reset();
        m_reload.reset();
        m_composition.reset();
        m_theme.reset();
    }

    void aSettingIsInTheFileAndInEffectOnceItIsSaved()
    {
        goTo(7, "settings");
        auto* timeout = find<QLineEdit>("settings.limits.body_timeout");
        m_window->activateWindow();
        timeout->setFocus();
        timeout->selectAll();
        QTest::keyClicks(timeout, QStringLiteral("45s"));
        QCOMPARE(written(), QByteArray(begin)); // not before it is asked for
        QTest::keyClick(timeout, Qt::Key_S, Qt::ControlModifier);
        QTRY_VERIFY2(written().contains("body_timeout: 45s"), written().constData());
        QVERIFY(written().startsWith(begin)); // what was there stays as it was
        QTRY_COMPARE(m_reload->current().limits.body_timeout, std::chrono::milliseconds(45'000));
        ask(); // and the gateway goes on
    }

    void aWrongSettingChangesNothing()
    {
        goTo(7, "settings");
        auto* timeout = find<QLineEdit>("settings.limits.body_timeout");
        m_window->activateWindow();
        timeout->setFocus();
        timeout->selectAll();
        QTest::keyClicks(timeout, QStringLiteral("soon"));
        QTRY_VERIFY(!find<QLabel>("settings.limits.body_timeout.problem")->text().isEmpty());
        QTest::keyClick(timeout, Qt::Key_S, Qt::ControlModifier);
        QTest::qWait(300);
        QCOMPARE(written(), QByteArray(begin));
        QVERIFY(find<QWidget>("settings.changes")->isVisible());
    }

    void whatAnotherProgramWritesIsShown()
    {
        goTo(7, "settings");
        auto* timeout = find<QLineEdit>("settings.limits.body_timeout");
        write(QByteArray(begin) + "limits:\n  body_timeout: 77s\n");
        QTRY_COMPARE_WITH_TIMEOUT(timeout->text(), QStringLiteral("77s"), 10'000);
        QTRY_COMPARE(m_reload->current().limits.body_timeout, std::chrono::milliseconds(77'000));
    }

    void whatWasAskedIsExplored()
    {
        ask();
        goTo(5, "explore");
        auto* metric = find<QComboBox>("builder.metric");
        QTRY_VERIFY_WITH_TIMEOUT(metric->findText(QStringLiteral("aigateway_requests_total")) >= 0, 10'000);
        metric->setFocus();
        metric->lineEdit()->selectAll();
        QTest::keyClicks(metric, QStringLiteral("aigateway_requests_total"));
        QTest::keyClick(metric, Qt::Key_Tab);
        auto* function = find<QComboBox>("builder.function"); // a rate where nothing is said
        function->setCurrentIndex(function->findText(QStringLiteral("Value")));
        find<QPushButton>("explore.run")->click();
        QTRY_COMPARE_WITH_TIMEOUT(tableValues(), QStringList{QStringLiteral("1")}, 10'000);
        QTRY_VERIFY(find<TimeSeriesChart>("explore.chart")->pointCount() > 0);
        QVERIFY(find<QLabel>("explore.summary")->text().startsWith(QStringLiteral("1 series")));
    }

    void aPageIsASourceWhichGoesAndIsSaid()
    {
        ask();
        const auto id = addOwnPage();
        QVERIFY(!id.isEmpty());
        m_sources->setCurrent(id);
        goTo(5, "explore");
        auto* metric = find<QComboBox>("builder.metric");
        QTRY_VERIFY_WITH_TIMEOUT(metric->findText(QStringLiteral("up")) >= 0, 10'000);
        metric->setCurrentText(QStringLiteral("up"));
        find<QPushButton>("explore.run")->click();
        QTRY_COMPARE_WITH_TIMEOUT(tableValues(), QStringList{QStringLiteral("1")}, 10'000);

        goTo(6, "targets");
        const auto* targets = find<QTreeView>("targets.tree")->model();
        QTRY_COMPARE_WITH_TIMEOUT(targets->rowCount(targets->index(0, 0)), 1, 10'000);
        auto* banner = find<QLabel>("banner");
        QVERIFY(!banner->isVisible());
        m_composition->stop();
        QTRY_VERIFY_WITH_TIMEOUT(banner->isVisible(), 10'000);
        QVERIFY2(banner->text().contains(QStringLiteral("Nothing answers at")), qPrintable(banner->text()));
    }

    void theWindowComesBackAsItWas()
    {
        const auto id = addOwnPage();
        m_sources->setCurrent(id);
        goTo(5, "explore");
        find<QPushButton>("topBar.range.15m")->click();
        m_theme->setMode(ThemeMode::light);
        m_window->resize(1100, 700);
        m_window->close();
        m_window.reset();
        m_sources = std::make_unique<SourceList>(
            m_composition->local_source(),
            [this](const sources::Connection& connection) { return m_remote->make(connection); },
            std::filesystem::path(m_home->path().toStdString()) / "sources.json");
        m_window = std::make_unique<MainWindow>(ConsoleContext{
            *m_theme,
            *m_sources,
            *m_dashboards,
            m_composition->requests(),
            m_clock,
            *m_settings,
            {.baseUrl = QString::fromStdString(m_composition->gateway_url()), .authorization = {}, .error = {}}});
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
        QCOMPARE(m_window->currentPage(), QStringLiteral("explore"));
        QCOMPARE(m_sources->current().id, id);
        QVERIFY(find<QPushButton>("topBar.range.15m")->isChecked());
        QCOMPARE(m_window->size(), QSize(1100, 700));
    }
};

QTEST_MAIN(TstConsolePages)
#include "tst_console_pages.moc"
