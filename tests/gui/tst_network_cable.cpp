// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/composition.h"
#include "app/remote_sources.h"
#include "bridge/console_context.h"
#include "bridge/source_list.h"
#include "charts/time_series_chart.h"
#include "dashboards/library.h"
#include "far_server.h"
#include "pages/dashboards/panel_view.h"
#include "remote/scrape_source.h"
#include "remote/source_thread.h"
#include "shell/main_window.h"
#include "theme/theme.h"
#include "widgets/stat_tile.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QLabel>
#include <QSemaphore>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <memory>

using namespace tokenscope;
using namespace tokenscope::ui;
using test::BlackHole;
using test::FarServer;

namespace {

constexpr qint64 bearable =
    500; ///< ms without the event loop, in a debug build on a machine that does other things, too
constexpr int tiles = 6;

/// The longest time for which the event loop did not come round.
class Gap : public QObject {
public:
    Gap()
    {
        connect(&m_timer, &QTimer::timeout, this, [this] {
            m_longest = std::max(m_longest, m_since.restart());
            if (onTurn)
                onTurn();
        });
    }
    void begin()
    {
        m_longest = 0;
        m_since.start();
        m_timer.start(1);
    }
    qint64 longest() const { return m_longest; }

    std::function<void()> onTurn;

private:
    QTimer m_timer;
    QElapsedTimer m_since;
    qint64 m_longest = 0;
};

/// Six tiles, three charts, a table and two bar lists, all to be seen at once.
QByteArray dashboard()
{
    QByteArray panels;
    const auto add = [&panels](const QByteArray& id, const QByteArray& kind, const QByteArray& width) {
        panels += QByteArray(panels.isEmpty() ? "" : ",") + R"({"id":")" + id + R"(","title":")" + id + R"(","kind":")"
                  + kind + R"(","width":)" + width + R"(,"queries":[{"query":{"metric":"load","by":"pod"}}]})";
    };
    for (int i = 0; i < tiles; ++i)
        add("tile-" + QByteArray::number(i), "stat", "2");
    for (int i = 0; i < 3; ++i)
        add("chart-" + QByteArray::number(i), "timeseries", "4");
    add("table", "table", "4");
    add("bars-0", "bar", "4");
    add("bars-1", "bar", "4");
    return R"({"version":1,"title":"Cable","needs":["load"],"rows":[{"panels":[)" + panels + "]}]}";
}

} // namespace

/// The real window over real servers that stop, hang, are not reached, or say more than anybody can read.
class TstNetworkCable : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_home;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<Theme> m_theme;
    SystemClock m_clock;
    std::unique_ptr<app::Composition> m_composition;
    std::unique_ptr<app::RemoteSources> m_remote;
    std::unique_ptr<SourceList> m_sources;
    std::unique_ptr<dashboards::Library> m_dashboards;
    std::unique_ptr<MainWindow> m_window;
    std::unique_ptr<Gap> m_gap;

    QString add(const char* name, const QString& url, std::chrono::milliseconds timeout,
                sources::ConnectionKind kind = sources::ConnectionKind::prometheus)
    {
        const auto id = m_sources->save({.id = {},
                                         .name = name,
                                         .kind = kind,
                                         .url = url.toStdString(),
                                         .timeout = timeout,
                                         .interval = std::chrono::milliseconds(200)});
        return id ? *id : QString();
    }
    /// Every panel of the dashboard.
    template <typename Fits>
    bool all(Fits fits) const
    {
        const auto panels = m_window->findChildren<PanelView*>();
        return panels.size() == tiles + 6 && std::all_of(panels.begin(), panels.end(), fits);
    }
    bool allTilesShow(double value) const
    {
        return all([value](const PanelView* panel) {
            const auto* tile = panel->findChild<StatTile*>();
            return panel->complaint().isEmpty() && (!tile || tile->value() == value);
        });
    }
    bool allSay(const QStringList& words) const
    {
        return all([&words](const PanelView* panel) {
            return std::any_of(words.begin(), words.end(),
                               [panel](const QString& word) { return panel->complaint().contains(word); });
        });
    }
    /// What the panels say, for the one who reads why the test failed.
    QByteArray said() const
    {
        QStringList lines;
        for (const auto* panel : m_window->findChildren<PanelView*>())
            lines << panel->objectName() + QLatin1String(": ") + panel->complaint();
        return lines.join(QLatin1Char('\n')).toUtf8();
    }
    void verifyGap() const
    {
        qInfo("longest gap: %lld ms", static_cast<long long>(m_gap->longest()));
        QVERIFY2(m_gap->longest() < bearable, qPrintable(QString::number(m_gap->longest())));
    }

private Q_SLOTS:
    void init()
    {
        m_home = std::make_unique<QTemporaryDir>();
        m_settings =
            std::make_unique<QSettings>(m_home->filePath(QStringLiteral("settings.ini")), QSettings::IniFormat);
        m_settings->setValue(QStringLiteral("dashboards/current"), QStringLiteral("cable"));
        m_settings->setValue(QStringLiteral("window/page"), QStringLiteral("dashboards"));
        const std::filesystem::path home = m_home->path().toStdString();
        std::filesystem::create_directory(home / "dashboards");
        QFile file(m_home->filePath(QStringLiteral("dashboards/cable.json")));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(dashboard()) > 0);
        file.close();

        config::Config config;
        config.listen = "127.0.0.1:0";
        config.conversations.backend = config::ConversationBackend::memory;
        telemetry::LogOptions log;
        log.to_stderr = false;
        m_theme = std::make_unique<Theme>(ThemeMode::dark);
        m_theme->applyTo(*qApp);
        m_composition = std::make_unique<app::Composition>(
            app::Composition::Options{.config = config, .log = log, .qt_version = qVersion(), .charts = true});
        QVERIFY(m_composition->start());
        m_remote = std::make_unique<app::RemoteSources>(m_clock);
        m_sources = std::make_unique<SourceList>(
            m_composition->local_source(),
            [this](const sources::Connection& connection) { return m_remote->make(connection); },
            home / "sources.json");
        m_dashboards = std::make_unique<dashboards::Library>(home / "dashboards");
        m_dashboards->load();
        m_window = std::make_unique<MainWindow>(ConsoleContext{
            *m_theme,
            *m_sources,
            *m_dashboards,
            m_composition->requests(),
            m_clock,
            *m_settings,
            {.baseUrl = QString::fromStdString(m_composition->gateway_url()),
             .authorization = [this] { return QByteArray::fromStdString(m_composition->authorization()); },
             .error = {}}});
        m_window->resize(1440, 900);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
        QTRY_COMPARE(m_window->findChildren<PanelView*>().size(), tiles + 6); // laid out, fonts and icons read
        m_gap = std::make_unique<Gap>();
    }

    void cleanup()
    {
        m_gap.reset();
        m_window.reset();
        m_sources.reset();
        m_remote.reset();
        m_composition.reset();
        m_theme.reset();
    }

    void aServerStopsAndComesBack()
    {
        FarServer server(1);
        const auto id = add("far", server.origin(), std::chrono::seconds(10));
        m_gap->begin();
        m_sources->setCurrent(id);
        QTRY_VERIFY(allTilesShow(1));
        server.stop();
        QTRY_VERIFY2_WITH_TIMEOUT(allSay({server.origin()}), said().constData(), 15'000);
        server.start();
        QTRY_VERIFY2_WITH_TIMEOUT(allTilesShow(1), said().constData(), 20'000);
        verifyGap();
    }

    void nobodyAnswers_data()
    {
        QTest::addColumn<bool>("hole");
        QTest::addColumn<QString>("words");
        QTest::newRow("connects and says nothing") << false << QStringLiteral("did not answer within 1 s");
        QTest::newRow("swallowed by a firewall") << true << QStringLiteral("did not accept a connection within 1 s");
    }

    void nobodyAnswers()
    {
        QFETCH(bool, hole);
        QFETCH(QString, words);
        const BlackHole blackHole;
        const FarServer silent(1, FarServer::Manner::silent);
        const auto origin = hole ? blackHole.origin() : silent.origin();
        const auto id = add("far", origin, std::chrono::seconds(1));
        const auto* banner = m_window->findChild<QLabel*>(QStringLiteral("banner"));
        QStringList sentences;
        m_gap->onTurn = [&] {
            if (const auto text = banner->text(); !text.isEmpty() && !sentences.contains(text))
                sentences << text;
        };
        m_gap->begin();
        m_sources->setCurrent(id);
        // Those that had to wait for their turn are told the same, and do not wait for ever.
        QTRY_VERIFY2_WITH_TIMEOUT(allSay({words}), said().constData(), 20'000);
        QVERIFY(allSay({origin}));
        QTest::qWait(3'000); // the next rounds fail, too
        m_gap->onTurn = nullptr;
        QVERIFY2(allSay({words}), said().constData());
        QVERIFY2(sentences.size() == 1 && sentences.front().contains(words),
                 qPrintable(sentences.join(QLatin1Char('\n'))));
        m_sources->setCurrent({});
        QTRY_VERIFY(all([](const PanelView* panel) { return panel->complaint().isEmpty(); }));
        verifyGap();
    }

    void anotherSourceWhileHugeAnswersTrickle()
    {
        FarServer huge(1, FarServer::Manner::trickles);
        FarServer second(2);
        const auto first = add("huge", huge.origin(), std::chrono::seconds(60));
        const auto other = add("second", second.origin(), std::chrono::seconds(10));
        bool mixed = false;
        m_gap->onTurn = [&] {
            if (m_sources->current().id != other)
                return;
            for (const auto* tile : m_window->findChildren<StatTile*>())
                mixed = mixed || (tile->objectName().startsWith(QLatin1StringView("panel.")) && tile->value() == 1.0);
        };
        m_gap->begin();
        m_sources->setCurrent(first);
        const auto charts = [this] { return m_window->findChildren<TimeSeriesChart*>(); };
        QTRY_VERIFY_WITH_TIMEOUT(std::ranges::any_of(charts(),
                                                     [](const auto* chart) {
                                                         return chart->objectName().startsWith(
                                                                    QLatin1StringView("panel.chart-"))
                                                                && chart->pointCount() > 1000;
                                                     }),
                                 120'000);
        m_sources->setCurrent(other);
        QTRY_VERIFY2_WITH_TIMEOUT(allTilesShow(2), said().constData(), 20'000);
        // Back and forth, in the midst of what is asked.
        for (int i = 0; i < 6; ++i) {
            const auto asked = huge.asked();
            m_sources->setCurrent(first);
            QTRY_VERIFY(huge.asked() > asked);
            m_sources->setCurrent(other);
        }
        m_sources->setCurrent(first);
        QTest::qWait(200);
        QVERIFY(m_sources->remove(first));
        QVERIFY(m_sources->current().local());
        m_sources->setCurrent(other);
        QTRY_VERIFY2_WITH_TIMEOUT(allTilesShow(2), said().constData(), 20'000);
        QVERIFY(!mixed);
        verifyGap();
    }

    void theWindowClosesWhileNobodyAnswers()
    {
        const BlackHole hole;
        const FarServer silent(1, FarServer::Manner::silent);
        add("hole", hole.origin(), std::chrono::seconds(30));
        const auto id = add("silent", silent.origin(), std::chrono::seconds(30));
        m_sources->setCurrent(id);
        QTRY_VERIFY(silent.asked() > 0);
        QElapsedTimer closing;
        closing.start();
        m_window.reset();
        m_sources.reset();
        qInfo("window and sources gone after %lld ms", static_cast<long long>(closing.elapsed()));
        QVERIFY(closing.elapsed() < bearable);
        m_remote.reset(); // waits for what hangs, but for no time-out
        QVERIFY2(closing.elapsed() < 10'000, qPrintable(QString::number(closing.elapsed())));
    }

    void aPageStopsAndComesBack()
    {
        FarServer server(1);
        const auto id = add("page", server.origin() + QStringLiteral("/metrics"), std::chrono::seconds(1),
                            sources::ConnectionKind::page);
        auto* banner = m_window->findChild<QLabel*>(QStringLiteral("banner"));
        QVERIFY(banner);
        m_gap->begin();
        m_sources->setCurrent(id);
        QTRY_VERIFY2_WITH_TIMEOUT(allTilesShow(1), said().constData(), 20'000);
        QVERIFY(!banner->isVisible());
        server.stop();
        QTRY_VERIFY_WITH_TIMEOUT(banner->isVisible() && banner->text().contains(server.origin()), 10'000);
        server.start();
        QTRY_VERIFY2_WITH_TIMEOUT(!banner->isVisible() && allTilesShow(1), said().constData(), 20'000);
        verifyGap();
    }

    void aPageThatIsNotThereYet()
    {
        FarServer server(3);
        server.stop();
        const auto id = add("page", server.origin() + QStringLiteral("/metrics"), std::chrono::seconds(1),
                            sources::ConnectionKind::page);
        m_sources->setCurrent(id);
        // Not that the source had no such metric: nobody knows.
        auto* banner = m_window->findChild<QLabel*>(QStringLiteral("banner"));
        QTRY_VERIFY(banner->text().contains(server.origin()));
        QTRY_VERIFY2_WITH_TIMEOUT(allSay({server.origin()}), said().constData(), 15'000);
        server.start();
        QTRY_VERIFY2_WITH_TIMEOUT(allTilesShow(3), said().constData(), 20'000);
    }

    void aSourceIsMadeWhileTheNetworkThreadIsBusy()
    {
        const auto thread = std::make_shared<remote::SourceThread>();
        QObject* there = nullptr;
        thread->run([&] { there = new QObject; });
        QSemaphore busy, free;
        QMetaObject::invokeMethod(
            there,
            [&] {
                busy.release();
                free.acquire();
                delete there;
            },
            Qt::QueuedConnection);
        busy.acquire();
        const sources::Connection connection{
            .id = {}, .name = "page", .kind = sources::ConnectionKind::page, .url = "http://127.0.0.1:9/metrics"};
        const config::Lookup lookup(config::process_environment(), nullptr);
        const auto source =
            std::make_unique<remote::ScrapeSource>(thread, connection, lookup, m_clock, remote::ScrapeSource::Limits{});
        QVERIFY(source->status().health == sources::Health::unknown);
        free.release();
        QTRY_VERIFY(source->status().health == sources::Health::bad);
    }
};

QTEST_MAIN(TstNetworkCable)
#include "tst_network_cable.moc"
