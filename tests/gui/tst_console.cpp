// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/composition.h"
#include "base/key_hash.h"
#include "bridge/console_context.h"
#include "bridge/source_list.h"
#include "charts/time_series_chart.h"
#include "dashboards/library.h"
#include "shell/main_window.h"
#include "theme/theme.h"

#include <QAccessible>
#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QSettings>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <memory>

using namespace tokenscope;
using namespace tokenscope::ui;

namespace {

config::Config fast_demo()
{
    config::Provider demo;
    demo.name = "demo";
    demo.kind = config::ProviderKind::demo;
    demo.demo.prefill_base = std::chrono::milliseconds(20);
    demo.demo.per_token = std::chrono::milliseconds(2);
    config::Config config;
    config.listen = "127.0.0.1:0";
    config.providers = {demo};
    config.conversations.backend = config::ConversationBackend::memory; // nothing of a test stays on the disk
    return config;
}

} // namespace

/// What a user does in the first minute, in the real window over the real gateway, with the keyboard.
class TstConsole : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_home;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<Theme> m_theme;
    SystemClock m_clock;
    std::unique_ptr<app::Composition> m_composition;
    std::unique_ptr<SourceList> m_sources;
    std::unique_ptr<dashboards::Library> m_dashboards;
    std::unique_ptr<MainWindow> m_window;

    template <typename Widget>
    Widget* find(const char* name)
    {
        auto* widget = m_window->findChild<Widget*>(QLatin1StringView(name));
        if (!widget)
            qWarning("No widget is called %s.", name);
        return widget;
    }

    void open(bool with_gateway = true, const config::Config& config = fast_demo())
    {
        telemetry::LogOptions log;
        log.to_stderr = false;
        m_composition = std::make_unique<app::Composition>(
            app::Composition::Options{.config = config, .log = log, .qt_version = qVersion(), .charts = true});
        GatewayInfo gateway{.baseUrl = {}, .error = QStringLiteral("Port 8080 is taken.")};
        if (with_gateway) {
            QVERIFY(m_composition->start());
            gateway = {.baseUrl = QString::fromStdString(m_composition->gateway_url()),
                       .authorization = [this] { return QByteArray::fromStdString(m_composition->authorization()); },
                       .error = {}};
        }
        const std::filesystem::path home = m_home.path().toStdString();
        m_sources = std::make_unique<SourceList>(m_composition->local_source(), SourceFactory(), home / "sources.json");
        m_dashboards = std::make_unique<dashboards::Library>(home / "dashboards");
        m_dashboards->load();
        m_window = std::make_unique<MainWindow>(ConsoleContext{
            *m_theme, *m_sources, *m_dashboards, m_composition->requests(), m_clock, *m_settings, gateway});
        m_window->resize(1280, 800);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    }

private Q_SLOTS:
    void init()
    {
        m_settings = std::make_unique<QSettings>(m_home.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat);
        m_settings->clear();
        m_theme = std::make_unique<Theme>(ThemeMode::dark);
    }

    void cleanup()
    {
        m_window.reset();
        m_sources.reset();
        m_composition.reset();
        m_theme.reset();
    }

    void the_console_has_a_key_of_its_own()
    {
        auto config = fast_demo();
        config.auth.keys = {{.name = "laptop", .hash = hash_key("the-key-of-the-laptop")}};
        open(true, config);
        QTest::keyClick(m_window.get(), Qt::Key_2, Qt::ControlModifier);
        auto* models = find<QComboBox>("playground.model");
        auto* prompt = find<QPlainTextEdit>("playground.prompt");
        QVERIFY(models && prompt);
        QTRY_VERIFY(models->count() > 0);
        prompt->setFocus();
        QTest::keyClicks(prompt, QStringLiteral("Hello"));
        QTest::keyClick(prompt, Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE(m_composition->requests().since(0).size(), std::size_t(1));
        QCOMPARE(m_composition->requests().since(0)[0]->http_status, 200U);

        // Where nobody needs a key, none is sent: it would reach the provider.
        QVERIFY(!m_composition->authorization().empty());
        auto open_to_all = config;
        open_to_all.auth = {};
        QVERIFY(m_composition->apply(open_to_all));
        QVERIFY(m_composition->authorization().empty());
    }

    void a_prompt_is_answered_and_shows_in_the_overview()
    {
        open();
        auto* requests = find<QTableView>("overview.requests.table");
        auto* ttft = find<TimeSeriesChart>("chart.ttft");
        QVERIFY(requests && ttft);
        QCOMPARE(requests->model()->rowCount(), 0);
        QCOMPARE(ttft->pointCount(), 0);

        QTest::keyClick(m_window.get(), Qt::Key_2, Qt::ControlModifier);
        QCOMPARE(m_window->currentPage(), QStringLiteral("playground"));
        auto* models = find<QComboBox>("playground.model");
        QVERIFY(models);
        QTRY_VERIFY(models->count() > 0);
        auto* prompt = find<QPlainTextEdit>("playground.prompt");
        QVERIFY(prompt);
        prompt->setFocus();
        QTest::keyClicks(prompt, QStringLiteral("What is a histogram?"));
        QTest::keyClick(prompt, Qt::Key_Return, Qt::ControlModifier);

        const auto replies = [&] { return m_composition->requests().since(0); };
        QTRY_COMPARE_WITH_TIMEOUT(replies().size(), std::size_t(1), 20'000);
        QCOMPARE(replies()[0]->status, telemetry::RequestStatus::success);
        auto* reply = find<QTextEdit>("playground.reply");
        QVERIFY(reply);
        QTRY_VERIFY(reply->toPlainText().contains(QStringLiteral("simulated")));
        QVERIFY(prompt->toPlainText().isEmpty());
        auto* stats = find<QLabel>("playground.stats.ttft");
        QVERIFY(stats);
        QTRY_VERIFY2(stats->text().contains(QStringLiteral("ms")), qPrintable(stats->text()));

        QTest::keyClick(m_window.get(), Qt::Key_1, Qt::ControlModifier);
        QCOMPARE(m_window->currentPage(), QStringLiteral("overview"));
        QTRY_COMPARE_WITH_TIMEOUT(requests->model()->rowCount(), 1, 10'000);
        QTRY_VERIFY_WITH_TIMEOUT(ttft->pointCount() > 0, 10'000);
    }

    void escape_stops_a_reply_and_the_gateway_notices()
    {
        open();
        m_window->showPage(QStringLiteral("playground"));
        auto* models = find<QComboBox>("playground.model");
        QTRY_VERIFY(models->findText(QStringLiteral("demo-large"), Qt::MatchContains) >= 0);
        models->setCurrentIndex(models->findText(QStringLiteral("demo-large"), Qt::MatchContains));
        auto* prompt = find<QPlainTextEdit>("playground.prompt");
        prompt->setFocus();
        QTest::keyClicks(prompt, QStringLiteral("Tell me much."));
        QTest::keyClick(prompt, Qt::Key_Return, Qt::ControlModifier);
        QTRY_VERIFY(m_window->findChild<QTextEdit*>(QStringLiteral("playground.reply")));
        QTRY_VERIFY(!find<QTextEdit>("playground.reply")->toPlainText().isEmpty());
        QTest::keyClick(prompt, Qt::Key_Escape);
        QTRY_COMPARE(m_composition->requests().since(0).size(), std::size_t(1));
        QCOMPARE(m_composition->requests().since(0)[0]->end_reason, telemetry::EndReason::client_gone);
    }

    void without_a_gateway_the_window_opens_and_says_why()
    {
        open(false);
        bool said = false;
        for (const auto* label : m_window->findChildren<QLabel*>())
            said = said || (label->isVisible() && label->text().contains(QStringLiteral("Port 8080 is taken.")));
        QVERIFY(said);
    }

    void every_control_has_a_name_for_screen_readers()
    {
        open();
        for (const auto& page : m_window->pages()) {
            m_window->showPage(page.id);
            QTest::qWait(50); // what it makes when it is first seen
            for (const auto* widget : m_window->findChildren<QWidget*>()) {
                const bool control =
                    widget->focusPolicy() != Qt::NoFocus && !widget->objectName().startsWith(QLatin1String("qt_"));
                if (!control || !widget->isVisible())
                    continue;
                auto* interface = QAccessible::queryAccessibleInterface(const_cast<QWidget*>(widget));
                QVERIFY2(interface && !interface->text(QAccessible::Name).isEmpty(),
                         qPrintable(QString(QLatin1String(widget->metaObject()->className()) + QLatin1Char(' ')
                                            + widget->objectName() + QLatin1Char(' ') + page.id)));
            }
        }
    }
};

QTEST_MAIN(TstConsole)
#include "tst_console.moc"
