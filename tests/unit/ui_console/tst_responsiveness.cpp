// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "console_fixture.h"
#include "shell/main_window.h"

#include <QElapsedTimer>
#include <QTimer>
#include <QtTest>

#include <algorithm>
#include <thread>

using namespace tokenscope;
using namespace tokenscope::ui;

namespace {

/// The longest time for which the event loop did not come round.
class Gap : public QObject {
public:
    Gap()
    {
        m_since.start();
        m_timer.start(0);
        connect(&m_timer, &QTimer::timeout, this, [this] { m_longest = std::max(m_longest, m_since.restart()); });
    }
    void restart()
    {
        m_since.restart();
        m_longest = 0;
    }
    qint64 longest() const { return m_longest; }

private:
    QTimer m_timer;
    QElapsedTimer m_since;
    qint64 m_longest = 0;
};

constexpr qint64 bearable = 250; ///< ms, on a machine that does other things, too

/// Answers on a thread of its own, as sources do.
class Answerer {
public:
    explicit Answerer(std::function<void(std::stop_token)> work) : m_thread(std::move(work)) {}

private:
    std::jthread m_thread;
};

Result<query::FramePtr> large(const test::FakeSource::Call& call)
{
    std::vector<std::pair<std::string, double>> values;
    for (int i = 0; i < 2000; ++i)
        values.emplace_back("pod-" + std::to_string(i), i);
    return test::frameFor(call.range, "pod", values);
}

} // namespace

/// Whatever a source does, the window goes on.
class TestResponsiveness : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theWindowNeverStalls_data()
    {
        QTest::addColumn<QString>("kind");
        for (const char* kind : {"never answers", "fails", "answers with thousands of series"})
            QTest::newRow(kind) << QString::fromLatin1(kind);
    }

    void theWindowNeverStalls()
    {
        QFETCH(QString, kind);
        test::ConsoleFixture fixture;
        fixture.remoteAtOnce = false;
        fixture.prepare = [&](test::FakeSource& source) {
            if (kind.startsWith(QLatin1StringView("never")))
                source.silent = true;
            else if (kind == QLatin1StringView("fails"))
                source.metricsError =
                    Error{.code = ErrorCode::upstream_unreachable, .message = "Nobody listens there."};
        };
        fixture.settings.setValue(QStringLiteral("dashboards/current"), QStringLiteral("gateway"));
        const auto id = fixture.add("far");
        MainWindow window(fixture.context());
        window.resize(1440, 900);
        window.show();
        window.showPage(QStringLiteral("dashboards"));
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        QTest::qWait(300); // laid out once, with all its fonts and icons

        const auto source = fixture.remote["far"];
        const Answerer answerer([&](const std::stop_token& stop) {
            while (!stop.stop_requested()) {
                for (const auto& call : source->takeCalls()) {
                    if (kind == QLatin1StringView("fails"))
                        call.done(failure(ErrorCode::upstream_unreachable, "Nobody listens there."));
                    else if (!kind.startsWith(QLatin1StringView("never")))
                        call.done(large(call));
                }
                std::this_thread::yield();
            }
        });
        Gap gap;
        fixture.sources.setCurrent(id);
        QTest::qWait(500);
        window.showPage(QStringLiteral("overview"));
        QTest::qWait(700);
        window.showPage(QStringLiteral("dashboards"));
        QTest::qWait(1500);
        fixture.sources.setCurrent({});
        QTest::qWait(300);
        qInfo("longest gap: %lld ms", static_cast<long long>(gap.longest()));
        QVERIFY2(gap.longest() < bearable, qPrintable(QString::number(gap.longest())));
    }
};

QTEST_MAIN(TestResponsiveness)
#include "tst_responsiveness.moc"
