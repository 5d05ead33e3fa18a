// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/time_range.h"
#include "console_fixture.h"
#include "pages/overview/baseline_panel.h"
#include "theme/theme.h"

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QRegularExpression>
#include <QtTest>

#include <memory>

using namespace tokenscope;
using namespace tokenscope::test;
using namespace tokenscope::ui;
using namespace std::chrono_literals;

namespace {

QString textOf(const QWidget& panel, const char* name)
{
    const auto* label = panel.findChild<QLabel*>(QLatin1StringView(name));
    return label ? label->text() : QStringLiteral("no label");
}

} // namespace

class TestBaselinePanel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_fixture = std::make_unique<ConsoleFixture>(false);
        m_clock = std::make_unique<ManualClock>();
        m_range = std::make_unique<TimeRange>(*m_clock);
        m_context = std::make_unique<ConsoleContext>(m_fixture->context());
    }

    void cleanup()
    {
        m_panel.reset();
        m_context.reset();
    }

    void smallUntilPinned()
    {
        make();
        QVERIFY(!m_panel->pinned());
        QVERIFY(!m_panel->findChild<QPushButton*>(QStringLiteral("baseline.unpin"))->isVisible());
        const auto before = m_panel->sizeHint().height();
        traffic(30, 100ms);
        click("baseline.pin");
        QVERIFY(m_panel->pinned());
        QVERIFY(m_panel->sizeHint().height() > before);
        click("baseline.unpin");
        QVERIFY(!m_panel->pinned());
        QCOMPARE(m_panel->sizeHint().height(), before);
    }

    void staysAsNarrowAsItsWindow()
    {
        make();
        traffic(120, 1234ms);
        click("baseline.pin");
        m_clock->advance(5min);
        traffic(120, 2345ms);
        m_panel->poll();
        QVERIFY2(m_panel->minimumSizeHint().width() < 800,
                 qPrintable(QString::number(m_panel->minimumSizeHint().width())));
    }

    void tellsWhatBecameSlower()
    {
        make();
        traffic(120, 100ms);
        click("baseline.pin");
        QVERIFY2(textOf(*m_panel, "baseline.note").contains(QStringLiteral("120 requests, against 120 now")),
                 qPrintable(textOf(*m_panel, "baseline.note")));
        QCOMPARE(textOf(*m_panel, "baseline.verdict.0"), QStringLiteral("no clear difference"));
        m_clock->advance(5min); // the window has left them behind
        traffic(120, 200ms);
        m_panel->poll();
        QVERIFY2(textOf(*m_panel, "baseline.verdict.0").endsWith(QStringLiteral("slower")),
                 qPrintable(textOf(*m_panel, "baseline.verdict.0")));
        QVERIFY(textOf(*m_panel, "baseline.verdict.0").startsWith(QLatin1Char('+')));
        QVERIFY(textOf(*m_panel, "baseline.values.0").startsWith(QStringLiteral("p50  1")));
        // What cannot be told from chance is not claimed.
        QCOMPARE(textOf(*m_panel, "baseline.verdict.10"), QStringLiteral("no clear difference")); // errors
    }

    void saysWhenThereIsTooLittle()
    {
        make();
        traffic(10, 100ms);
        click("baseline.pin");
        QCOMPARE(textOf(*m_panel, "baseline.verdict.0"), QStringLiteral("no clear difference"));
        QCOMPARE(textOf(*m_panel, "baseline.verdict.1"), QStringLiteral("too few requests"));
        m_clock->advance(5min);
        m_panel->poll();
        QVERIFY(textOf(*m_panel, "baseline.values.0").endsWith(QStringLiteral("→ –"))); // absent, not 0
    }

    void ofOneModel()
    {
        make();
        traffic(20, 100ms, "tiny");
        traffic(30, 100ms, "large");
        click("baseline.pin");
        auto* models = m_panel->findChild<QComboBox*>(QStringLiteral("baseline.model"));
        QCOMPARE(models->count(), 3);
        models->setCurrentIndex(models->findText(QStringLiteral("demo/large")));
        QVERIFY(textOf(*m_panel, "baseline.note").contains(QStringLiteral("30 requests, against 30 now")));
    }

    /// The log keeps so many; the baseline keeps its own.
    void outlivesTheLog()
    {
        make();
        traffic(50, 100ms);
        click("baseline.pin");
        m_clock->advance(5min);
        traffic(2'100, 100ms);
        m_panel->poll();
        QVERIFY(textOf(*m_panel, "baseline.note").contains(QStringLiteral("50 requests, against 2000 now")));
    }

    void isBackAfterARestartAsLongAsItsRequestsAre()
    {
        make();
        traffic(50, 100ms);
        click("baseline.pin");
        make();
        QVERIFY(m_panel->pinned());
        QVERIFY(textOf(*m_panel, "baseline.note").contains(QStringLiteral("50 requests")));
        m_fixture->settings.setValue(QStringLiteral("overview/baseline"), QVariantList{1, 2});
        make();
        QVERIFY(!m_panel->pinned());
        // That it is gone is said, until there is another or it is dismissed.
        QVERIFY2(textOf(*m_panel, "baseline.note").contains(QStringLiteral(" is gone with the last run")),
                 qPrintable(textOf(*m_panel, "baseline.note")));
        QCOMPARE(m_panel->findChild<QPushButton*>(QStringLiteral("baseline.pin"))->text(), QStringLiteral("Pin anew"));
        make();
        QVERIFY(textOf(*m_panel, "baseline.note").contains(QStringLiteral(" is gone with the last run")));
        click("baseline.unpin");
        QVERIFY(!textOf(*m_panel, "baseline.note").contains(QStringLiteral("gone")));
        make();
        QVERIFY(!textOf(*m_panel, "baseline.note").contains(QStringLiteral("gone")));
    }

    void oneOverNothingHasLostNothing()
    {
        make();
        click("baseline.pin");
        const auto note = textOf(*m_panel, "baseline.note");
        QVERIFY2(note.contains(QStringLiteral("0 requests")), qPrintable(note));
        make();
        QVERIFY(m_panel->pinned());
        QCOMPARE(textOf(*m_panel, "baseline.note"), note);
    }

    void partOfItThatIsGoneIsCounted()
    {
        make();
        traffic(50, 100ms);
        click("baseline.pin");
        auto saved = m_fixture->settings.value(QStringLiteral("overview/baseline")).toList();
        QCOMPARE(saved.value(2).toInt(), 50);
        saved[2] = 80;
        m_fixture->settings.setValue(QStringLiteral("overview/baseline"), saved);
        make();
        QVERIFY2(textOf(*m_panel, "baseline.note").contains(QStringLiteral("50 requests")), "those that are left");
        QVERIFY2(textOf(*m_panel, "baseline.note").contains(QStringLiteral("30 more are gone")),
                 qPrintable(textOf(*m_panel, "baseline.note")));
    }

    /// How sure it is, without a mouse.
    void saysHowSureItIs()
    {
        make();
        traffic(120, 100ms);
        click("baseline.pin");
        m_clock->advance(5min);
        traffic(120, 200ms);
        m_panel->poll();
        const auto verdict = textOf(*m_panel, "baseline.verdict.0");
        QVERIFY2(QRegularExpression(QStringLiteral("^\\+\\d+ ms \\(\\+\\d+(\\.\\d)? %\\) slower$"))
                     .match(verdict)
                     .hasMatch(),
                 qPrintable(verdict));
        const auto* interval = m_panel->findChild<QLabel*>(QStringLiteral("baseline.interval.0"));
        QVERIFY(interval && interval->isVisible());
        QVERIFY2(
            QRegularExpression(QStringLiteral("^\\+[\\d.]+ ms to \\+[\\d.]+ ms$")).match(interval->text()).hasMatch(),
            qPrintable(interval->text()));
        const auto* beside = m_panel->findChild<QLabel*>(QStringLiteral("baseline.verdict.0"));
        for (const auto* label : {beside, interval})
            QVERIFY(label->width() >= label->fontMetrics().horizontalAdvance(label->text()));
        QVERIFY(beside->geometry().right() < interval->x());
        for (const char* name : {"baseline.values.0", "baseline.verdict.0"})
            QVERIFY(m_panel->findChild<QLabel*>(QLatin1StringView(name))->accessibleName().endsWith(interval->text()));
        // What may be chance has its interval too, and no colour.
        const auto color = [this](const char* name) {
            return m_panel->findChild<QLabel*>(QLatin1StringView(name))->palette().color(QPalette::WindowText);
        };
        QCOMPARE(textOf(*m_panel, "baseline.verdict.10"), QStringLiteral("no clear difference"));
        QVERIFY(textOf(*m_panel, "baseline.interval.10").contains(QStringLiteral(" to ")));
        QCOMPARE(color("baseline.verdict.10"), m_context->theme.tokens().secondary);
        QCOMPARE(color("baseline.verdict.0"), m_context->theme.tokens().bad);
        // Whole or not at all.
        m_panel->resize(500, 200);
        QTRY_VERIFY(!interval->isVisible());
        m_panel->resize(1100, 200);
        QTRY_VERIFY(interval->isVisible());
    }

private:
    void make()
    {
        m_panel = std::make_unique<BaselinePanel>(*m_context, *m_range);
        m_panel->resize(1100, 200);
        m_panel->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_panel.get()));
    }
    void click(const char* name) const
    {
        m_panel->findChild<QPushButton*>(QLatin1StringView(name))->click();
        QCoreApplication::processEvents();
    }
    /// Requests that end now.
    void traffic(int count, std::chrono::milliseconds ttft, const char* model = "tiny") const
    {
        for (int i = 0; i < count; ++i) {
            telemetry::RequestRecord record;
            record.target = {"demo", model};
            record.status = telemetry::RequestStatus::success;
            const auto total = 2 * ttft + std::chrono::milliseconds(i % 20);
            record.started = m_clock->wall() - total;
            record.accepted = m_clock->now() - total;
            record.first_token = record.accepted + ttft + std::chrono::milliseconds(i % 20);
            record.last_token = m_clock->now();
            record.ended = m_clock->now();
            record.usage.completion = 20;
            m_fixture->log.publish(record);
        }
    }

    std::unique_ptr<ConsoleFixture> m_fixture;
    std::unique_ptr<ManualClock> m_clock;
    std::unique_ptr<TimeRange> m_range;
    std::unique_ptr<ConsoleContext> m_context;
    std::unique_ptr<BaselinePanel> m_panel;
};

QTEST_MAIN(TestBaselinePanel)
#include "tst_baseline_panel.moc"
