// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/metric_catalogue.h"
#include "bridge/metric_feed.h"
#include "bridge/time_range.h"
#include "console_fixture.h"
#include "dashboards/dashboard_json.h"
#include "dashboards/edits.h"
#include "find_widget.h"
#include "pages/common/promql_editor.h"
#include "pages/common/query_form.h"
#include "pages/dashboards/panel_dialog.h"
#include "pages/dashboards/panel_view.h"
#include "pages/dashboards/target_editor.h"

#include <nlohmann/json.hpp>

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QSpinBox>
#include <QTabBar>
#include <QToolButton>
#include <QtTest>

#include <set>

using namespace tokenscope;
using namespace tokenscope::ui;
using test::find;

namespace {

const std::string json = R"json({
  "version": 1, "title": "Bench",
  "variables": [{"name": "model", "label": "model", "metrics": ["m"]}],
  "rows": [{"panels": [
    {"id": "full", "title": "Full", "description": "Two\nlines.", "kind": "timeseries", "unit": "seconds", "width": 6,
     "height": 2, "stacked": true, "legend": false, "min": 0, "max": 1.5, "thresholds": [{"from": 0.1, "level": "bad"}],
     "queries": [
       {"name": "rate", "query": {"metric": "m", "fn": "rate", "by": ["model", "status"], "topk": 5, "scale": 100,
                                  "where": {"model": "$model", "status": "!~5.."}, "window": "2m", "offset": "1h"}},
       {"first_of": [{"metric": "absent"}, {"metric": "older", "fn": "increase"}, {"metric": "newer", "agg": "max"}]},
       {"query": {"fn": "share", "scale": 100, "or_zero": true, "of": {"metric": "m", "fn": "rate", "where": {"status": "500"}},
                  "in": {"metric": "m", "fn": "rate"}}},
       {"query": {"fn": "share", "of": {"metric": "m", "scale": 2}, "in": {"metric": "m"}}},
       {"name": "text", "expr": "sum(m{model=~'$model'})"}]},
    {"id": "plain", "title": "Plain", "queries": [{"query": {"metric": "m"}}]},
    {"id": "number", "title": "Number", "kind": "stat", "thresholds": [{"from": 0.1, "level": "warn"}],
     "queries": [{"query": {"metric": "m"}}]},
    {"id": "heat", "title": "Heat", "kind": "heatmap", "queries": [{"query": {"metric": "h", "fn": "heatmap"}}]}
  ]}]})json";

/// The dialog on one of the panels, as the Dashboards page opens it.
struct Bench : test::ConsoleFixture {
    explicit Bench(const char* panel, bool promql = false) : parsed(*dashboards::parse_dashboard(json, "bench"))
    {
        local.metricNames = {"broken", "h_bucket", "m", "newer", "older"};
        local.labelNames = {"model", "status"};
        local.labelValues = {"phi4", "tiny"};
        local.canPromql = promql;
        local.script = [](const test::FakeSource::Call& call) -> Result<query::FramePtr> {
            if (call.query.metric == "broken" || call.expression.find("broken") != std::string::npos)
                return failure(ErrorCode::invalid_request, "That cannot be asked.", "1:5: parse error: unexpected end");
            return test::frameFor(call.range, "model", {{"phi4", 1}});
        };
        catalogue = std::make_unique<MetricCatalogue>(sources);
        [&] { QTRY_VERIFY(catalogue->known()); }();
        feed.start();
        given =
            panel ? *dashboards::find_panel(parsed, panel) : dashboards::Panel{.title = "New panel", .queries = {{}}};
        dialog = new PanelDialog(consoleContext, feed, *catalogue, parsed, given, {{"model", {"phi4"}}});
        QObject::connect(dialog, &PanelDialog::decided, [this](const dashboards::Panel& made) { decided = made; });
        dialog->show();
        [&] { QVERIFY(QTest::qWaitForWindowExposed(dialog)); }();
    }
    ~Bench() { delete dialog; }
    TargetEditor& target(int number) const
    {
        return *find<TargetEditor>(*dialog, qPrintable(QStringLiteral("target.%1").arg(number)));
    }
    QPushButton& ok() const { return *find<QPushButton>(*dialog, "panel.edit.ok"); }
    QString reason() const { return find<QLabel>(*dialog, "panel.edit.reason")->text(); }
    static std::string text(const dashboards::Panel& panel) { return dashboards::to_json(panel).dump(); }

    ConsoleContext consoleContext = context();
    dashboards::Dashboard parsed;
    dashboards::Panel given;
    TimeRange range{clock};
    MetricFeed feed{sources, range};
    std::unique_ptr<MetricCatalogue> catalogue;
    QPointer<PanelDialog> dialog;
    std::optional<dashboards::Panel> decided;
};

} // namespace

class TestPanelDialog : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void openAndOkChangesNothing_data()
    {
        QTest::addColumn<QString>("panel");
        QTest::addColumn<bool>("promql");
        for (const auto* panel : {"full", "plain", "number", "heat"}) {
            QTest::addRow("%s", panel) << QString::fromLatin1(panel) << false;
            QTest::addRow("%s, PromQL", panel) << QString::fromLatin1(panel) << true;
        }
    }
    void openAndOkChangesNothing()
    {
        QFETCH(QString, panel);
        QFETCH(bool, promql);
        Bench bench(qPrintable(panel), promql);
        QVERIFY2(bench.ok().isEnabled(), qPrintable(bench.reason()));
        bench.ok().click();
        QVERIFY(bench.decided);
        QCOMPARE(Bench::text(*bench.decided), Bench::text(bench.given));
    }

    void everyShippedPanelComesBackAsItWas()
    {
        Bench bench("plain");
        int shown = 0;
        for (const auto& dashboard : bench.library.all()) {
            // One of each kind and dashboard: they are many.
            std::set<dashboards::PanelKind> kinds;
            for (const auto& row : dashboard.rows) {
                for (const auto& panel : row.panels) {
                    if (!kinds.insert(panel.kind).second)
                        continue;
                    const PanelDialog dialog(bench.consoleContext, bench.feed, *bench.catalogue, dashboard, panel, {});
                    const auto same = dialog.panel();
                    QVERIFY2(same, same ? "" : (dashboard.id + "/" + panel.id + ": " + same.error().message).c_str());
                    QCOMPARE(Bench::text(*same), Bench::text(panel));
                    ++shown;
                }
            }
        }
        QVERIFY(shown > 40);
    }

    void theFormHasFieldsForNearlyAll()
    {
        Bench bench("full");
        using Way = TargetEditor::Way;
        QCOMPARE(bench.target(0).way(), Way::form);
        QCOMPARE(find<QLineEdit>(bench.target(0), "form.scale")->text(), QStringLiteral("100"));
        QCOMPARE(find<QLineEdit>(bench.target(0), "form.offset")->text(), QStringLiteral("1h"));
        // Of several alternatives the one that this source answers.
        QCOMPARE(find<QComboBox>(bench.target(1), "target.alternatives")->currentText(), QStringLiteral("2. older"));
        QCOMPARE(find<QComboBox>(bench.target(2), "form.shape")->currentIndex(), 1);
        QVERIFY(find<QCheckBox>(bench.target(2), "form.orZero")->isChecked());
        QCOMPARE(bench.target(3).way(), Way::json); // a factor within a share
        QCOMPARE(bench.target(4).way(), Way::promql);
    }

    void whatIsChangedIsChangedAndNothingElse()
    {
        Bench bench("full");
        find<QLineEdit>(*bench.dialog, "options.title")->setText(QStringLiteral("Other"));
        find<QLineEdit>(*bench.dialog, "options.max")->setText(QStringLiteral("2.25"));
        find<QSpinBox>(*bench.dialog, "options.width")->setValue(8);
        find<QLineEdit>(bench.target(0), "target.name")->setText(QStringLiteral("r"));
        auto* alternatives = find<QComboBox>(bench.target(1), "target.alternatives");
        find<QLineEdit>(bench.target(1), "form.scale")->setText(QStringLiteral("3"));
        alternatives->setCurrentIndex(2);
        QCOMPARE(find<QComboBox>(bench.target(1), "builder.metric")->currentText(), QStringLiteral("newer"));
        find<QCheckBox>(bench.target(2), "form.orZero")->setChecked(false);
        bench.ok().click();
        QVERIFY(bench.decided);
        auto wanted = bench.given;
        wanted.title = "Other";
        wanted.maximum = 2.25;
        wanted.width = 8;
        wanted.queries[0].name = "r";
        wanted.queries[1].alternatives[1].scale = 3;
        wanted.queries[2].alternatives[0].or_zero = false;
        QCOMPARE(Bench::text(*bench.decided), Bench::text(wanted));
    }

    void theWaysOfWritingGoOverIntoEachOther()
    {
        Bench bench("full", true);
        auto& target = bench.target(0);
        target.setWay(TargetEditor::Way::promql);
        auto* promql = find<PromqlEditor>(target, "target.promql");
        QVERIFY2(promql->toPlainText().contains(QStringLiteral("model=~\"$model\"")),
                 qPrintable(promql->toPlainText()));
        QVERIFY(promql->isVisible());
        target.setWay(TargetEditor::Way::form); // back, with the form's own
        QCOMPARE(Bench::text(*bench.dialog->panel()), Bench::text(bench.given));
        target.setWay(TargetEditor::Way::json);
        auto* text = find<QPlainTextEdit>(target, "target.json");
        QVERIFY(text->toPlainText().contains(QStringLiteral("\"offset\": \"1h\"")));
        text->setPlainText(text->toPlainText().replace(QStringLiteral("\"1h\""), QStringLiteral("\"2h\"")));
        target.setWay(TargetEditor::Way::form);
        QCOMPARE(find<QLineEdit>(target, "form.offset")->text(), QStringLiteral("2h"));
        target.setWay(TargetEditor::Way::json);
        text->setPlainText(QStringLiteral("{\"query\": {\"metric\": "));
        target.setWay(TargetEditor::Way::form); // which would lose it
        QCOMPARE(target.way(), TargetEditor::Way::json);
        QTRY_VERIFY(!bench.ok().isEnabled());
        QVERIFY(!target.problem().isEmpty());
    }

    void errorsStandWhereTheyArose()
    {
        Bench bench("plain");
        const auto problem = [&](const char* name) { return find<QLabel>(*bench.dialog, name)->text(); };
        find<QLineEdit>(*bench.dialog, "options.min")->setText(QStringLiteral("3"));
        find<QLineEdit>(*bench.dialog, "options.max")->setText(QStringLiteral("2"));
        QTRY_COMPARE(problem("options.max.problem"), QStringLiteral("It must be greater than 'min'."));
        QVERIFY(!bench.ok().isEnabled());
        QCOMPARE(bench.ok().accessibleDescription(), bench.reason());
        find<QLineEdit>(*bench.dialog, "options.max")->setText(QStringLiteral("many"));
        QTRY_COMPARE(problem("options.max.problem"), QStringLiteral("“many” is no number."));
        find<QLineEdit>(*bench.dialog, "options.max")->clear();
        QTRY_VERIFY(bench.ok().isEnabled());
        find<QLineEdit>(*bench.dialog, "options.title")->setText(QStringLiteral(" "));
        QTRY_COMPARE(problem("options.title.problem"), QStringLiteral("Give the panel a title."));
        find<QLineEdit>(*bench.dialog, "options.title")->setText(QStringLiteral("Plain"));
        find<QComboBox>(bench.target(0), "builder.window")->setCurrentText(QStringLiteral("soon"));
        QTRY_VERIFY(bench.target(0).problem().contains(QStringLiteral("“soon” is no window")));
        QVERIFY(bench.reason().startsWith(QStringLiteral("Query 1: ")));
    }

    void thePreviewAsksAndSaysWhatTheSourceSays()
    {
        Bench bench("plain");
        const auto asked = [&](const std::string& metric) {
            const auto calls = bench.local.calls();
            return std::any_of(calls.begin(), calls.end(),
                               [&](const auto& call) { return call.query.metric == metric; });
        };
        QTRY_VERIFY(asked("m"));
        auto* metric = find<QComboBox>(bench.target(0), "builder.metric");
        metric->setCurrentText(QStringLiteral("broken"));
        QTRY_VERIFY(asked("broken"));
        QTRY_VERIFY(bench.target(0).problem().contains(QStringLiteral("That cannot be asked.")));
        QVERIFY(bench.ok().isEnabled()); // of the source, which may be another one tomorrow
        metric->setCurrentText(QStringLiteral("unheard_of"));
        QTRY_VERIFY(find<QLabel>(bench.target(0), "target.note")->text().contains(QStringLiteral("unheard_of")));
        QVERIFY(bench.target(0).problem().isEmpty());
    }

    /// What is asked is another list of questions now: the errors of before are of other ones.
    void anErrorIsNotTakenForThatOfAnotherQuery()
    {
        Bench bench("plain");
        find<QComboBox>(bench.target(0), "builder.metric")->setCurrentText(QStringLiteral("broken"));
        find<QPushButton>(*bench.dialog, "panel.edit.addQuery")->click();
        find<QComboBox>(bench.target(1), "builder.metric")->setCurrentText(QStringLiteral("m"));
        QTRY_VERIFY(bench.dialog->preview()->errors().size() == 2 && !bench.target(0).problem().isEmpty());
        std::optional<QString> blamed;
        connect(bench.catalogue.get(), &MetricCatalogue::changed, this, [&] { blamed = bench.target(1).problem(); });
        bench.local.metricNames = {"m"};
        bench.catalogue->refresh();
        QTRY_VERIFY(blamed);
        QCOMPARE(*blamed, QString());
    }

    void aPlaceInPromqlIsMarked()
    {
        Bench bench("plain", true);
        bench.target(0).setWay(TargetEditor::Way::promql);
        auto* promql = find<PromqlEditor>(bench.target(0), "target.promql");
        promql->setPlainText(QStringLiteral("sum(broken"));
        QTRY_VERIFY(promql->errorPlace());
        QCOMPARE(promql->errorPlace()->from, qsizetype{4});
        promql->setPlainText(QStringLiteral("sum(m{x=\"$nobody\"})"));
        QTRY_VERIFY(bench.target(0).problem().contains(QStringLiteral("nobody")));
        QVERIFY(!bench.ok().isEnabled());
    }

    void theChosenValueIsAskedFor()
    {
        Bench bench("full");
        QTRY_VERIFY([&] {
            for (const auto& call : bench.local.calls()) {
                if (call.query.where.contains("model") && call.query.where.at("model") == "phi4")
                    return true;
            }
            return false;
        }());
    }

    void aHeatmapGetsItsFunction()
    {
        Bench bench("plain");
        auto* kind = find<QComboBox>(*bench.dialog, "options.kind");
        kind->setCurrentIndex(kind->findText(QStringLiteral("Heatmap")));
        find<QComboBox>(bench.target(0), "builder.metric")->setCurrentText(QStringLiteral("h"));
        QTRY_VERIFY2(bench.ok().isEnabled(), qPrintable(bench.reason()));
        const auto function = [&] {
            const auto panel = bench.dialog->panel();
            return panel ? std::optional(panel->queries[0].alternatives[0].function) : std::nullopt;
        };
        QTRY_COMPARE(function(), std::optional(query::Function::heatmap));
        find<QPushButton>(*bench.dialog, "panel.edit.addQuery")->click();
        find<QComboBox>(bench.target(1), "builder.metric")->setCurrentText(QStringLiteral("h"));
        QTRY_VERIFY(bench.reason().contains(QStringLiteral("one query")));
        find<QToolButton>(bench.target(1), "target.remove")->click();
        QTRY_VERIFY(bench.ok().isEnabled());
        kind->setCurrentIndex(kind->findText(QStringLiteral("Lines over time")));
        QTRY_COMPARE(function(), std::optional(query::Function::quantile));
    }

    void thresholds()
    {
        Bench bench("number");
        find<QPushButton>(*bench.dialog, "thresholds.add")->click();
        QTRY_VERIFY(!bench.ok().isEnabled());
        auto* from = find<QLineEdit>(*bench.dialog, "threshold.1.from");
        QTest::keyClicks(from, QStringLiteral("0.05")); // below the first: sorted
        QTRY_VERIFY2(bench.ok().isEnabled(), qPrintable(bench.reason()));
        const auto thresholds = bench.dialog->panel()->thresholds;
        QCOMPARE(thresholds.size(), std::size_t{2});
        QCOMPARE(thresholds[0].from, 0.05);
        QCOMPARE(thresholds[0].level, dashboards::ThresholdLevel::bad);
        from->setText(QStringLiteral("0.1"));
        QTRY_VERIFY(find<QLabel>(*bench.dialog, "options.thresholds.problem")->isVisible());
        find<QToolButton>(*bench.dialog, "threshold.0.remove")->click();
        QTRY_VERIFY(bench.ok().isEnabled());
        QCOMPARE(bench.dialog->panel()->thresholds.size(), std::size_t{1});
    }

    void queriesMoveUpAndDown()
    {
        Bench bench("full");
        const auto tool = [&](int number, const char* name) { return find<QToolButton>(bench.target(number), name); };
        QVERIFY(!tool(0, "target.up")->isEnabled());
        QVERIFY(!tool(4, "target.down")->isEnabled());
        auto* first = &bench.target(0);
        find<QLineEdit>(*first, "form.scale")->setText(QStringLiteral("half a"));
        tool(0, "target.down")->click();
        QCOMPARE(&bench.target(1), first);
        QTRY_VERIFY(first->y() > bench.target(0).y());
        // What is half written goes along.
        QCOMPARE(find<QLineEdit>(bench.target(1), "form.scale")->text(), QStringLiteral("half a"));
        find<QLineEdit>(bench.target(1), "form.scale")->setText(QStringLiteral("100"));
        QVERIFY(tool(1, "target.down")->hasFocus());
        tool(1, "target.down")->click();
        tool(4, "target.up")->click();
        auto wanted = bench.given;
        auto& queries = wanted.queries;
        queries = {queries[1], queries[2], queries[0], queries[4], queries[3]};
        QCOMPARE(Bench::text(*bench.dialog->panel()), Bench::text(wanted));
        // Tab goes as the eye does, from one query to the next.
        tool(1, "target.remove")->setFocus();
        const auto within = [&](int number) { return bench.target(number).isAncestorOf(bench.dialog->focusWidget()); };
        for (int i = 0; i < 30 && within(1); ++i)
            QTest::keyClick(bench.dialog->focusWidget(), Qt::Key_Tab);
        QVERIFY(within(2));
    }

    void alternativesAreAddedMovedAndRemoved()
    {
        Bench bench("plain");
        auto& target = bench.target(0);
        auto* names = find<QComboBox>(target, "target.alternatives");
        auto* add = find<QPushButton>(target, "target.alternative.add");
        const auto metrics = [&] {
            QStringList all;
            const auto panel = bench.dialog->panel();
            if (!panel)
                return QStringList{QString::fromStdString(panel.error().message)};
            for (const auto& query : panel->queries[0].alternatives)
                all << QString::fromStdString(query.metric);
            return all;
        };
        const auto write = [&](const char* metric) {
            find<QComboBox>(target, "builder.metric")->setCurrentText(QLatin1StringView(metric));
        };
        QVERIFY(!names->isVisible());
        find<QLineEdit>(target, "form.scale")->setText(QStringLiteral("100"));
        add->click();
        QVERIFY(names->isVisible());
        QCOMPARE(names->currentText(), QStringLiteral("2. m"));
        QCOMPARE(find<QLineEdit>(target, "form.scale")->text(), QStringLiteral("100")); // all but the name is the same
        write("older");
        QCOMPARE(names->currentText(), QStringLiteral("2. older"));
        QCOMPARE(metrics(), (QStringList{QStringLiteral("m"), QStringLiteral("older")}));
        write("");
        QVERIFY(!add->isEnabled() && !names->isEnabled()); // half of one would be lost
        QVERIFY(!bench.dialog->panel());
        write("newer");
        find<QToolButton>(target, "target.alternative.up")->click();
        QCOMPARE(names->currentText(), QStringLiteral("1. newer"));
        QCOMPARE(metrics(), (QStringList{QStringLiteral("newer"), QStringLiteral("m")}));
        QVERIFY(!find<QToolButton>(target, "target.alternative.up")->isEnabled());
        add->click(); // behind the one that is shown
        write("older");
        QCOMPARE(metrics(), (QStringList{QStringLiteral("newer"), QStringLiteral("older"), QStringLiteral("m")}));
        names->setCurrentIndex(0);
        find<QToolButton>(target, "target.alternative.remove")->click();
        QCOMPARE(names->currentText(), QStringLiteral("1. older"));
        QTRY_VERIFY(bench.ok().isEnabled());
        bench.ok().click();
        QVERIFY(bench.decided);
        const auto& made = bench.decided->queries[0].alternatives;
        QCOMPARE(made.size(), std::size_t{2});
        QCOMPARE(made[0].metric, std::string("older"));
        QCOMPARE(made[0].scale, 100.0);
        QCOMPARE(made[1].metric, std::string("m"));
    }

    void theLastAlternativeIsAPlainQuery()
    {
        Bench bench("full");
        auto& target = bench.target(1);
        for (int i = 0; i < 2; ++i)
            find<QToolButton>(target, "target.alternative.remove")->click();
        QVERIFY(!find<QComboBox>(target, "target.alternatives")->isVisible());
        QVERIFY(find<QPushButton>(target, "target.alternative.add")->hasFocus());
        QCOMPARE(bench.dialog->panel()->queries[1].alternatives.size(), std::size_t{1});
        // One that the form has no fields for stays beside a new one.
        auto& nested = bench.target(3);
        nested.setWay(TargetEditor::Way::form);
        find<QPushButton>(nested, "target.alternative.add")->click();
        find<QComboBox>(nested, "builder.metric")->setCurrentText(QStringLiteral("older"));
        const auto both = bench.dialog->panel()->queries[3].alternatives;
        QCOMPARE(both.size(), std::size_t{2});
        QCOMPARE(both[0].parts[0].scale, 2.0);
        QCOMPARE(both[1].metric, std::string("older"));
    }

    void closingAsksWhereSomethingIsLost()
    {
        Bench bench("plain");
        find<QLineEdit>(*bench.dialog, "options.title")->setText(QStringLiteral("Other"));
        bench.dialog->reject();
        QVERIFY(bench.dialog->isVisible());
        find<QPushButton>(*bench.dialog, "panel.edit.notice.1")->click();
        QTRY_VERIFY(!bench.dialog);
        QVERIFY(!bench.decided);
        Bench untouched("plain");
        untouched.dialog->reject();
        QTRY_VERIFY(!untouched.dialog);
    }

    void fitsASmallWindowAndHasNames()
    {
        Bench bench("full", true);
        bench.dialog->resize(990, 600);
        QCoreApplication::processEvents();
        QVERIFY(bench.dialog->width() <= 1024 && bench.dialog->height() <= 640);
        const auto named = [&](const auto& widgets) {
            for (const auto* widget : widgets) {
                const bool inside = widget->parentWidget()->inherits("QAbstractSpinBox");
                if (widget->isVisible() && !inside && widget->focusPolicy() != Qt::NoFocus)
                    QVERIFY2(!widget->accessibleName().isEmpty() || !widget->property("text").toString().isEmpty(),
                             qPrintable(widget->objectName()));
            }
        };
        named(bench.dialog->findChildren<QAbstractButton*>());
        named(bench.dialog->findChildren<QLineEdit*>());
        named(bench.dialog->findChildren<QComboBox*>());
        named(bench.dialog->findChildren<QPlainTextEdit*>());
        named(bench.dialog->findChildren<QSpinBox*>());
    }
};

QTEST_MAIN(TestPanelDialog)
#include "tst_panel_dialog.moc"
