// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/alert_engine.h"
#include "bridge/metric_catalogue.h"
#include "console_fixture.h"
#include "find_widget.h"
#include "pages/targets/monitor_list.h"
#include "pages/targets/rule_dialog.h"
#include "pages/targets/rule_templates.h"
#include "pages/targets/watch_list.h"
#include "pages/targets/watch_view.h"

#include <QComboBox>
#include <QLabel>
#include <QLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTreeView>
#include <QtTest>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <memory>

using namespace tokenscope;
using namespace tokenscope::test;
using namespace tokenscope::ui;
using test::find;

namespace {

alerts::Rule simple(const char* name)
{
    query::Query query;
    query.metric = "m_seconds";
    return {.id = {}, .name = name, .source = "local", .question = query, .threshold = 2};
}

} // namespace

class TestWatchView : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_fixture = std::make_unique<ConsoleFixture>(false);
        m_value = 1.5;
        m_fixture->local.metricNames = {"m_seconds"};
        m_fixture->local.script = [this](const FakeSource::Call& call) -> Result<query::FramePtr> {
            return frameFor(call.range, "model", {{"tiny", m_value}});
        };
        m_clock = std::make_unique<ManualClock>();
        m_engine = std::make_unique<AlertEngine>(
            m_fixture->sources, *m_clock, m_fixture->directory.filePath(QStringLiteral("alerts.json")).toStdString());
        m_catalogue = std::make_unique<MetricCatalogue>(m_fixture->sources);
        m_view = std::make_unique<WatchView>(m_fixture->theme, *m_engine, m_fixture->sources, *m_catalogue);
        m_view->resize(1000, 600);
        m_view->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    }

    void cleanup()
    {
        m_view.reset();
        m_catalogue.reset();
        m_engine.reset();
    }

    void emptyItSaysWhatToDo()
    {
        const auto* text = find<QLabel>(*m_view, "watch.start.text");
        QVERIFY(text->isVisible());
        QVERIFY(text->text().contains(QLatin1StringView("has been above or below its threshold for a while")));
        QVERIFY(find<QPushButton>(*m_view, "watch.start.add")->isEnabled());
        for (const auto* dead : {"watch.add", "watch.edit", "watch.duplicate", "watch.toggle", "watch.remove"})
            QVERIFY2(!find<QPushButton>(*m_view, dead)->isVisible(), dead);
        QVERIFY(!find<QTreeView>(*m_view, "happenings.tree")->isVisible());
        QVERIFY(m_engine->save(simple("Slow")));
        look();
        QVERIFY(!find<QWidget>(*m_view, "watch.start")->isVisible());
        QVERIFY(find<QWidget>(*m_view, "happenings")->isVisible());
        QVERIFY(find<QPushButton>(*m_view, "watch.add")->isVisible());
        QVERIFY(!find<QPushButton>(*m_view, "watch.edit")->isEnabled());
    }

    /// A splitter knows nothing of lines that wrap.
    void theStartStandsInTheMiddleAndIsWhole()
    {
        auto* start = find<QWidget>(*m_view, "watch.start");
        const auto place = [&] { return QRect(start->mapTo(m_view.get(), QPoint()), start->size()); };
        m_view->resize(2400, 1200);
        QTRY_VERIFY(place().left() > 700);
        QVERIFY(std::abs(place().left() - (m_view->width() - place().right() - 1)) <= 1);
        QVERIFY(std::abs(place().top() - (m_view->height() - place().bottom() - 1)) <= 1);
        // Beside what fired before, in the least height.
        const auto id = m_engine->save(simple("Slow"));
        m_value = 2.5;
        look();
        QVERIFY(id && m_engine->remove(*id));
        look();
        QVERIFY(start->isVisible() && find<QWidget>(*m_view, "happenings")->isVisible());
        m_view->resize(520, 10);
        const auto whole = [&] {
            const auto labels = start->findChildren<QLabel*>();
            const auto* last = find<QPushButton>(*m_view, "watch.start.3");
            return m_view->rect().contains(place())
                   && start->rect().contains(QRect(last->mapTo(start, QPoint()), last->size()))
                   && std::all_of(labels.begin(), labels.end(), [](const QLabel* label) {
                          return label->height() >= label->heightForWidth(label->width());
                      });
        };
        QTRY_VERIFY(m_view->width() < 700);
        QTRY_VERIFY(whole());
    }

    void aProposalIsOneClickAway()
    {
        find<QPushButton>(*m_view, "watch.start.0")->click();
        auto* dialog = waitForDialog();
        QVERIFY(dialog);
        const auto proposal = ruleTemplates().front().rule;
        QCOMPARE(find<QLineEdit>(*dialog, "rule.name")->text().toStdString(), proposal.name);
        QCOMPARE(m_engine->size(), std::size_t{0}); // only proposed
        find<QPushButton>(*dialog, "rule.save")->click();
        QTRY_COMPARE(m_engine->size(), std::size_t{1});
        const auto& rule = m_engine->at(0).rule;
        QCOMPARE(rule.threshold, proposal.threshold);
        QCOMPARE(rule.source, m_fixture->sources.current().id.toStdString());
        QCOMPARE(std::get<query::Query>(rule.question).metric, std::get<query::Query>(proposal.question).metric);
    }

    void showsHowARuleStands()
    {
        QVERIFY(m_engine->save(simple("Slow")));
        look();
        QCOMPARE(cells(), QStringLiteral("Slow|quiet|1.50 s|above 2 s||Local gateway|m_seconds"));
        m_value = 2.5;
        look();
        QVERIFY2(cells().startsWith(QStringLiteral("Slow|warning|2.50 s|above 2 s|")), qPrintable(cells()));
        // A column grows with what comes to stand in it.
        auto* tree = find<QTreeView>(*m_view, "watch.tree");
        auto longer = simple("A rule with a name of some length");
        longer.hold = std::chrono::seconds(90);
        QVERIFY(m_engine->save(longer));
        QCOMPARE(cells(1).split(QLatin1Char('|')).at(3), QStringLiteral("above 2 s for 1 m 30 s"));
        QVERIFY(tree->columnWidth(0) > tree->fontMetrics().horizontalAdvance(QString::fromStdString(longer.name)));
        auto* happenings = find<QTreeView>(*m_view, "happenings.tree");
        QCOMPARE(happenings->model()->rowCount(happenings->model()->index(0, 0)), 1);
    }

    void aRuleIsMadeByKeyboardAlone()
    {
        QVERIFY(QTest::qWaitForWindowActive(m_view.get()));
        find<QPushButton>(*m_view, "watch.start.add")->setFocus();
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Space);
        auto* dialog = waitForDialog();
        QVERIFY(dialog);
        QTest::keyClicks(dialog->focusWidget(), QStringLiteral("Mine"));
        auto* metric = find<QComboBox>(*dialog, "builder.metric");
        metric->setFocus();
        metric->setCurrentText(QStringLiteral("m_seconds"));
        auto* threshold = find<QLineEdit>(*dialog, "rule.threshold");
        threshold->setFocus();
        QTest::keyClicks(threshold, QStringLiteral("1.25"));
        // What it is at present is shown before anything is saved.
        QTRY_VERIFY(find<QLabel>(*dialog, "rule.preview")->text().contains(QStringLiteral("1.50 s (tiny)")));
        QTest::keyClick(threshold, Qt::Key_Return);
        QTRY_COMPARE(m_engine->size(), std::size_t{1});
        const auto& rule = m_engine->at(0).rule;
        QCOMPARE(rule.name, std::string("Mine"));
        QCOMPARE(rule.threshold, 1.25);
        QCOMPARE(rule.hold, std::chrono::milliseconds(30'000));
        QCOMPARE(std::get<query::Query>(rule.question).metric, std::string("m_seconds"));
        // It is the one that is chosen now, and what is pressed is about it.
        QVERIFY(find<QPushButton>(*m_view, "watch.edit")->isEnabled());
        QCOMPARE(find<QTreeView>(*m_view, "watch.tree")->currentIndex().siblingAtColumn(0).data().toString(),
                 QStringLiteral("Mine"));
    }

    void saysWhatIsWrong_data()
    {
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("says");
        QTest::newRow("no name") << "rule.name"
                                 << ""
                                 << "Give the rule a name.";
        QTest::newRow("threshold") << "rule.threshold"
                                   << "two"
                                   << "Give the threshold as a number.";
        QTest::newRow("hold") << "rule.hold"
                              << "soon" << QStringLiteral("“soon” is no time: write 30s, 5m or 1h30m.");
        QTest::newRow("keep") << "rule.keep"
                              << "25h"
                              << "The time until it is over must be between 0 and 24 h.";
    }

    void saysWhatIsWrong()
    {
        QFETCH(QString, field);
        QFETCH(QString, text);
        QFETCH(QString, says);
        auto* dialog = open(simple("Slow"));
        auto* edit = find<QLineEdit>(*dialog, field.toLatin1().constData());
        edit->setText(text);
        find<QPushButton>(*dialog, "rule.save")->click();
        QCOMPARE(find<QLabel>(*dialog, "rule.problem")->text(), says);
        QVERIFY(edit->hasFocus());
        QVERIFY(dialog->isVisible());
        QVERIFY(dialog->width() >= dialog->layout()->minimumSize().width()); // or fields lie over each other
        QCOMPARE(m_saved, 0);
        dialog->reject();
    }

    void promqlNeedsASourceThatTakesIt()
    {
        auto* dialog = open(simple("Slow"));
        find<QComboBox>(*dialog, "rule.way")->setCurrentIndex(1);
        find<QPlainTextEdit>(*dialog, "rule.promql")->setPlainText(QStringLiteral("up"));
        find<QPushButton>(*dialog, "rule.save")->click();
        QVERIFY(find<QLabel>(*dialog, "rule.problem")->text().contains(QStringLiteral("Only a Prometheus")));
        QCOMPARE(m_saved, 0);
        dialog->reject();
    }

    void aShareHasItsForm()
    {
        const auto templates = ruleTemplates();
        const auto share = std::find_if(templates.begin(), templates.end(), [](const auto& proposed) {
            return std::get<query::Query>(proposed.rule.question).function == query::Function::share;
        });
        QVERIFY(share != templates.end());
        auto rule = share->rule;
        rule.source = "local";
        auto* dialog = open(rule);
        QVERIFY(!find<QPlainTextEdit>(*dialog, "rule.json")->isVisible());
        const auto metrics = dialog->findChildren<QComboBox*>(QStringLiteral("builder.metric"));
        QCOMPARE(metrics.size(), 2);
        for (const auto* metric : metrics) {
            QVERIFY(metric->isVisible());
            QCOMPARE(metric->currentText(), QStringLiteral("aigateway_requests_total"));
        }
        for (const auto* unused : {"form.scale", "form.offset"}) // a share is told in per cent as it is
            QVERIFY(!find<QLineEdit>(*dialog, unused)->isVisible());
        metrics[1]->setCurrentText(QStringLiteral("m_seconds"));
        find<QPushButton>(*dialog, "rule.save")->click();
        QCOMPARE(m_saved, 1);
        const auto& query = std::get<query::Query>(m_last.question);
        QCOMPARE(query.parts.size(), std::size_t{2});
        QCOMPARE(query.parts[0].where, std::get<query::Query>(rule.question).parts[0].where);
        QCOMPARE(query.parts[1].metric, std::string("m_seconds"));
        QVERIFY(query.or_zero);
    }

    void whatTheFormHasNoFieldForIsShownAsJson()
    {
        auto rule = simple("Slow");
        std::get<query::Query>(rule.question).scale = 1000;
        auto* dialog = open(rule);
        QVERIFY(find<QPlainTextEdit>(*dialog, "rule.json")->isVisible());
        find<QPushButton>(*dialog, "rule.save")->click();
        QCOMPARE(std::get<query::Query>(m_last.question).scale, 1000.0);
    }

    /// A series that is quiet is not one that there never was.
    void whatIsQuietSaysWhenItWasNot()
    {
        bool ever = true;
        m_fixture->local.script = [&ever](const FakeSource::Call& call) -> Result<query::FramePtr> {
            auto frame = std::make_shared<query::Frame>(*frameFor(call.range, "model", {{"tiny", 1.5}, {"idle", 2}}));
            for (auto& column : frame->columns) {
                for (std::size_t i = 0; i < frame->times.size(); ++i) {
                    const auto age = call.range.to - frame->times[i];
                    if (!ever || age < (column.name == "tiny" ? 120'000 : 600'000))
                        column.values[i] = std::numeric_limits<double>::quiet_NaN();
                }
            }
            return frame;
        };
        auto* dialog = open(simple("Slow"));
        const auto* preview = find<QLabel>(*dialog, "rule.preview");
        QTRY_COMPARE(preview->text(),
                     QStringLiteral("Now: no value at the moment; the last was 1.50 s (tiny), 2 min ago."));
        ever = false;
        find<QLineEdit>(*dialog, "rule.threshold")->setText(QStringLiteral("3"));
        QTRY_COMPARE(preview->text(), QStringLiteral("Now: no value at the moment, and none in the last hour."));
        dialog->reject();
    }

    /// As the rule will be.
    void thePreviewIsAskedOverTwoScrapes()
    {
        m_fixture->local.canPromql = true;
        m_fixture->local.script = [](const FakeSource::Call& call) -> Result<query::FramePtr> {
            if (!call.expression.empty())
                return frameOf({60}); // seconds between samples
            if (call.query.window < std::chrono::minutes(2))
                return std::make_shared<const query::Frame>();
            return frameFor(call.range, "model", {{"tiny", 1.5}});
        };
        auto rule = simple("Slow");
        std::get<query::Query>(rule.question).function = query::Function::rate;
        auto* dialog = open(rule);
        const auto* preview = find<QLabel>(*dialog, "rule.preview");
        QTRY_VERIFY2(preview->text().contains(QStringLiteral("(tiny)")), qPrintable(preview->text()));
        QVERIFY(!preview->text().contains(QStringLiteral("no value")));
        dialog->reject();
    }

    void agesAreRound_data()
    {
        QTest::addColumn<qint64>("seconds");
        QTest::addColumn<QString>("text");
        QTest::newRow("seconds") << qint64{7} << QStringLiteral("7 s ago");
        QTest::newRow("now") << qint64{0} << QStringLiteral("just now");
        QTest::newRow("a minute") << qint64{60} << QStringLiteral("1 min ago");
        QTest::newRow("an hour") << qint64{3600} << QStringLiteral("1 h ago");
    }

    void agesAreRound()
    {
        QFETCH(qint64, seconds);
        QTEST(ageText(1'000'000, 1'000'000 + seconds * 1000), "text");
    }

    void everyTemplateIsARule()
    {
        for (auto [rule, watched] : ruleTemplates()) {
            QVERIFY(!watched.isEmpty());
            rule.source = "local";
            const auto error = alerts::validate(rule);
            QVERIFY2(!error, error ? error->message.c_str() : "");
        }
    }

    void whatIsWatchedSaysItsMatchers()
    {
        const auto templates = ruleTemplates();
        const auto share = std::find_if(templates.begin(), templates.end(), [](const auto& proposed) {
            return std::get<query::Query>(proposed.rule.question).function == query::Function::share;
        });
        QCOMPARE(questionText(share->rule),
                 QStringLiteral("share of aigateway_requests_total{status=\"error\"} in aigateway_requests_total"));
        QCOMPARE(conditionText(share->rule), QStringLiteral("above 5 % for 30 s"));
        auto rule = simple("Slow");
        std::get<query::Query>(rule.question).where = {{"a", "!~x.*"}, {"b", "!y"}};
        QVERIFY2(questionText(rule).endsWith(QStringLiteral("{a!~\"x.*\", b!=\"y\"}")), qPrintable(questionText(rule)));
    }

    void theHistoryOfARemovedRuleStays()
    {
        QVERIFY(m_engine->save(simple("Slow")));
        m_value = 2.5;
        look();
        const auto* history = find<QTreeView>(*m_view, "happenings.tree")->model();
        const auto rule = [history] { return history->index(0, 2, history->index(0, 0)).data().toString(); };
        QCOMPARE(rule(), QStringLiteral("Slow"));
        choose(0);
        find<QPushButton>(*m_view, "watch.remove")->click();
        QVERIFY(find<QLabel>(*m_view, "watch.notice.text")->text().contains(QLatin1StringView("history")));
        QCOMPARE(rule(), QStringLiteral("Slow (removed)"));
        find<QPushButton>(*m_view, "watch.notice.0")->click();
        QCOMPARE(rule(), QStringLiteral("Slow"));
    }

    void switchesOffAndRemovesWithUndo()
    {
        const auto first = m_engine->save(simple("First"));
        QVERIFY(m_engine->save(simple("Second")));
        choose(0);
        find<QPushButton>(*m_view, "watch.toggle")->click();
        QVERIFY(!m_engine->at(0).rule.enabled);
        QCOMPARE(find<QPushButton>(*m_view, "watch.toggle")->text(), QStringLiteral("Switch on"));
        QVERIFY(cells().startsWith(QStringLiteral("First|off|")));
        find<QPushButton>(*m_view, "watch.remove")->click();
        QCOMPARE(m_engine->size(), std::size_t{1});
        find<QPushButton>(*m_view, "watch.notice.0")->click();
        QCOMPARE(m_engine->size(), std::size_t{2});
        QCOMPARE(m_engine->at(0).rule.id, *first); // where it was
        QCOMPARE(find<QPushButton>(*m_view, "watch.toggle")->text(), QStringLiteral("Switch on"));
        QVERIFY(find<QPushButton>(*m_view, "watch.toggle")->isEnabled());
        QVERIFY(!m_engine->at(0).rule.enabled);
    }

private:
    void look()
    {
        m_clock->advance(std::chrono::seconds(2));
        m_engine->tick();
        QCoreApplication::processEvents();
    }
    QString cells(int row = 0) const
    {
        const auto* model = find<QTreeView>(*m_view, "watch.tree")->model();
        QStringList all;
        for (int column = 0; column < model->columnCount(); ++column)
            all << model->index(row, column, model->index(0, 0)).data().toString();
        return all.join(QLatin1Char('|'));
    }
    void choose(int row) const
    {
        auto* tree = find<QTreeView>(*m_view, "watch.tree");
        tree->setCurrentIndex(tree->model()->index(row, 0, tree->model()->index(0, 0)));
    }
    RuleDialog* waitForDialog() const
    {
        RuleDialog* dialog = nullptr;
        for (auto* widget : QApplication::topLevelWidgets()) {
            if (auto* found = qobject_cast<RuleDialog*>(widget); found && found->isVisible())
                dialog = found;
        }
        return dialog;
    }
    RuleDialog* open(const alerts::Rule& rule)
    {
        m_saved = 0;
        auto* dialog = new RuleDialog(m_fixture->theme, m_fixture->sources, *m_catalogue, rule, m_view.get());
        dialog->setSave([this](const alerts::Rule& edited) -> Result<std::string> {
            ++m_saved;
            m_last = edited;
            return std::string("id");
        });
        dialog->open();
        QCoreApplication::processEvents();
        return dialog;
    }

    std::unique_ptr<ConsoleFixture> m_fixture;
    std::unique_ptr<ManualClock> m_clock;
    std::unique_ptr<AlertEngine> m_engine;
    std::unique_ptr<MetricCatalogue> m_catalogue;
    std::unique_ptr<WatchView> m_view;
    double m_value = 0;
    int m_saved = 0;
    alerts::Rule m_last;
};

QTEST_MAIN(TestWatchView)
#include "tst_watch_view.moc"
