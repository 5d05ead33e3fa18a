// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/time_series_chart.h"
#include "dashboard_bench.h"
#include "pages/dashboards/value_picker.h"
#include "pages/dashboards/variable_bar.h"

#include <QComboBox>
#include <QLineEdit>
#include <QListWidget>
#include <QSignalSpy>
#include <QtTest>

#include <algorithm>

using namespace tokenscope;
using namespace tokenscope::ui;
using test::find;

namespace {

const std::string json = R"json({
  "version": 2, "title": "Bench", "needs": ["m"],
  "variables": [{"name": "model", "title": "Model", "label": "model", "metrics": ["m"], "multi": true}],
  "rows": [{"panels": [
    {"id": "equal", "title": "Equal", "queries": [{"query": {"metric": "m", "where": {"model": "$model"}}}]},
    {"id": "not", "title": "Not", "queries": [{"query": {"metric": "newer", "where": {"model": "!$model"}}}]},
    {"id": "text", "title": "Text", "queries": [{"expr": "sum(older{model=~'$model'})"}]}
  ]}]})json";

struct Bench : test::DashboardBench {
    Bench() : DashboardBench(json) { local.canPromql = true; }
    ValuePicker& picker() const { return *find<ValuePicker>(*window, "variable.model"); }
    QListWidget& list() const { return *find<QListWidget>(*window, "variable.model.list"); }
    QLineEdit& filter() const { return *find<QLineEdit>(*window, "variable.model.filter"); }
    void openPicker() const
    {
        QTest::keyClick(&picker(), Qt::Key_Down);
        QVERIFY(list().isVisible());
    }
    void click(const char* value) const
    {
        const auto found = list().findItems(QLatin1StringView(value), Qt::MatchExactly);
        QCOMPARE(found.size(), 1);
        QTest::mouseClick(list().viewport(), Qt::LeftButton, {}, list().visualItemRect(found.front()).center());
    }
    QStringList ticked() const
    {
        QStringList texts;
        for (int row = 0; row < list().count(); ++row) {
            if (list().item(row)->checkState() == Qt::Checked)
                texts << list().item(row)->text();
        }
        return texts;
    }
    /// How the last query for the metric matched the label.
    QString matcher(const std::string& metric) const
    {
        const auto calls = local.calls();
        const auto call =
            std::find_if(calls.rbegin(), calls.rend(), [&](const auto& made) { return made.query.metric == metric; });
        if (call == calls.rend())
            return QStringLiteral("never asked");
        const auto found = call->query.where.find("model");
        return found == call->query.where.end() ? QString() : QString::fromStdString(found->second);
    }
    QString expression() const
    {
        const auto calls = local.calls();
        const auto call =
            std::find_if(calls.rbegin(), calls.rend(), [](const auto& made) { return !made.expression.empty(); });
        return call == calls.rend() ? QString() : QString::fromStdString(call->expression);
    }
};

} // namespace

class TestVariableBar : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void severalValuesAreAskedForAtOnce()
    {
        Bench bench;
        bench.open();
        QTRY_COMPARE(bench.matcher("m"), QString()); // all: no condition
        bench.openPicker();
        QTRY_COMPARE(bench.list().count(), 4);
        QCOMPARE(bench.ticked(), QStringList{QStringLiteral("All")});
        bench.click("phi4");
        QTRY_COMPARE(bench.matcher("m"), QStringLiteral("phi4"));
        QCOMPARE(bench.picker().currentText(), QStringLiteral("phi4"));
        bench.click("gpt-4o.mini");
        QCOMPARE(bench.ticked(), (QStringList{QStringLiteral("gpt-4o.mini"), QStringLiteral("phi4")}));
        // Whatever is in a value is taken literally, and a matcher with = becomes one of alternatives.
        QTRY_COMPARE(bench.matcher("m"), QStringLiteral("~gpt-4o\\.mini|phi4"));
        QTRY_COMPARE(bench.matcher("newer"), QStringLiteral("!~gpt-4o\\.mini|phi4"));
        QTRY_COMPARE(bench.expression(), QStringLiteral("sum(older{model=~'(?:gpt-4o\\\\.mini|phi4)'})"));
        bench.click("All");
        QCOMPARE(bench.ticked(), QStringList{QStringLiteral("All")});
        QTRY_COMPARE(bench.matcher("m"), QString());
        bench.click("All"); // it is all that there is
        QCOMPARE(bench.ticked(), QStringList{QStringLiteral("All")});
    }

    void theChoiceIsThereAfterARestart()
    {
        Bench bench;
        bench.open();
        bench.openPicker();
        QTRY_COMPARE(bench.list().count(), 4);
        bench.click("tiny");
        bench.click("phi4");
        bench.window.reset();
        bench.settings.sync();
        bench.local.labelValues = {"phi4"}; // one is gone meanwhile
        bench.open();
        QCOMPARE(bench.picker().chosen(), (QStringList{QStringLiteral("phi4"), QStringLiteral("tiny")}));
        QTRY_COMPARE(bench.matcher("m"), QStringLiteral("~phi4|tiny"));
        bench.openPicker();
        QTRY_COMPARE(bench.list().count(), 3); // it can still be unticked
        bench.click("tiny");
        QTRY_COMPARE(bench.matcher("m"), QStringLiteral("phi4"));
    }

    void theKeyboardDoesAll()
    {
        Bench bench;
        bench.open();
        bench.openPicker();
        QTRY_COMPARE(bench.list().count(), 4);
        QTRY_VERIFY(bench.filter().hasFocus());
        QTest::keyClicks(&bench.filter(), QStringLiteral("TIN"));
        QVERIFY(bench.list().isRowHidden(0) && bench.list().isRowHidden(1) && !bench.list().isRowHidden(3));
        QTest::keyClick(&bench.filter(), Qt::Key_Return);
        QCOMPARE(bench.picker().chosen(), QStringList{QStringLiteral("tiny")});
        bench.filter().clear();
        QTest::keyClick(&bench.filter(), Qt::Key_Down);
        QTRY_VERIFY(bench.list().hasFocus());
        QTest::keyClick(&bench.list(), Qt::Key_Down);
        QTest::keyClick(&bench.list(), Qt::Key_Space);
        QCOMPARE(bench.picker().chosen(), (QStringList{QStringLiteral("gpt-4o.mini"), QStringLiteral("tiny")}));
        QTest::keyClick(&bench.list(), Qt::Key_Escape);
        QVERIFY(!bench.list().isVisible());
        QTRY_VERIFY(bench.picker().hasFocus());
        QCOMPARE(bench.picker().accessibleDescription(), QStringLiteral("gpt-4o.mini, tiny"));
    }

    /// A line in a box is one of a box that can be written in to the style, which gives it no height.
    void theFilterIsAsHighAsOtherFields()
    {
        Bench bench;
        bench.open();
        bench.openPicker();
        QTRY_COMPARE(bench.list().count(), 4);
        QTRY_VERIFY(bench.filter().hasFocus());
        QVERIFY2(bench.filter().height() >= bench.picker().sizeHint().height(),
                 qPrintable(QString::number(bench.filter().height())));
    }

    void oneValueOfBeforeIsStillChosen()
    {
        Bench bench;
        bench.settings.setValue(QStringLiteral("dashboards/choices/bench/model"), QStringLiteral("phi4"));
        bench.open();
        QCOMPARE(bench.picker().chosen(), QStringList{QStringLiteral("phi4")});
    }

    /// All of them mixed would mean nothing.
    void oneIsAlwaysChosenWhereTheFileSaysWhich()
    {
        test::DashboardBench bench(R"json({
  "version": 3, "title": "Bench", "needs": ["m"],
  "variables": [{"name": "model", "label": "model", "metrics": ["m"], "first": "!gpt-4o.mini"}],
  "rows": [{"panels": [
    {"id": "equal", "title": "Equal", "queries": [{"query": {"metric": "m", "where": {"model": "$model"}}}]}]}]})json");
        bench.open();
        auto* box = find<QComboBox>(*bench.window, "variable.model");
        const auto asked = [&bench] {
            const auto calls = bench.local.calls();
            const auto call =
                std::find_if(calls.rbegin(), calls.rend(), [](const auto& made) { return made.query.metric == "m"; });
            return call == calls.rend() || !call->query.where.contains("model") ? std::string()
                                                                                : call->query.where.at("model");
        };
        QTRY_COMPARE(box->count(), 3); // no "All"
        QCOMPARE(box->currentText(), QStringLiteral("phi4"));
        QTRY_COMPARE(asked(), std::string("phi4"));
        // Another one comes, and would be the first now: what is shown stays.
        bench.local.labelValues = {"gpt-4o.mini", "a-new-one", "phi4", "tiny"};
        find<VariableBar>(*bench.window, QString())->refresh({});
        QTRY_COMPARE(box->count(), 4);
        QCOMPARE(box->currentText(), QStringLiteral("phi4"));
        box->setCurrentIndex(0);
        QTRY_COMPARE(asked(), std::string("gpt-4o.mini"));
        bench.window.reset();
        bench.open();
        box = find<QComboBox>(*bench.window, "variable.model");
        QTRY_COMPARE(box->count(), 4);
        QCOMPARE(box->currentText(), QStringLiteral("gpt-4o.mini")); // what was chosen, not the first
    }

    /// What the source before had is neither offered nor asked for.
    void anotherSourceHasOtherValues()
    {
        test::DashboardBench bench(R"json({
  "version": 3, "title": "Bench", "needs": ["m"],
  "variables": [{"name": "model", "label": "model", "metrics": ["m"]},
                {"name": "one", "label": "model", "metrics": ["m"], "first": "!gpt-4o.mini"}],
  "rows": [{"panels": [
    {"id": "p", "title": "P", "queries": [{"query": {"metric": "m", "where": {"model": "$model", "one": "$one"}}}]}]}]})json");
        bench.prepare = [](test::FakeSource& source) { source.silent = true; };
        const auto far = bench.add("far");
        bench.open();
        const auto box = [&bench](const char* name) { return find<QComboBox>(*bench.window, name); };
        QTRY_COMPARE(box("variable.model")->count(), 4);
        QTRY_COMPARE(box("variable.one")->currentText(), QStringLiteral("phi4"));
        bench.sources.setCurrent(far);
        QCOMPARE(box("variable.model")->count(), 1);
        QCOMPARE(box("variable.model")->currentText(), QStringLiteral("All"));
        for (const auto& [name, values] : find<VariableBar>(*bench.window, QString())->choices())
            QVERIFY2(values.empty(), name.c_str());
        bench.sources.setCurrent({});
        QTRY_COMPARE(box("variable.one")->currentText(), QStringLiteral("phi4"));
        box("variable.model")->setCurrentIndex(3); // the user's own choice stays
        bench.sources.setCurrent(far);
        QCOMPARE(box("variable.model")->count(), 2);
        QCOMPARE(box("variable.model")->currentText(), QStringLiteral("tiny"));
    }

    /// What was chosen of one source is no filter of one that does not know it, and comes back with the first.
    void whatAnotherSourceDoesNotKnowIsNotChosen()
    {
        Bench bench;
        bench.prepare = [](test::FakeSource& source) {
            source.metricNames = {"m", "newer"};
            source.labelValues = {"phi4", "other"};
            source.script = [](const auto& call) -> Result<query::FramePtr> {
                return test::frameFor(call.range, "model", {{"other", 1}});
            };
        };
        const auto far = bench.add("far");
        bench.open();
        bench.openPicker();
        QTRY_COMPARE(bench.list().count(), 4);
        bench.click("tiny");
        bench.click("phi4");
        QTRY_COMPARE(bench.matcher("m"), QStringLiteral("~phi4|tiny"));
        QTest::keyClick(&bench.list(), Qt::Key_Escape);
        bench.sources.setCurrent(far);
        QTRY_COMPARE(bench.picker().chosen(), QStringList{QStringLiteral("phi4")});
        bench.sources.setCurrent({});
        QTRY_COMPARE(bench.picker().chosen(), (QStringList{QStringLiteral("phi4"), QStringLiteral("tiny")}));
        // In the same source it stays chosen while nothing of it is in the time shown.
        bench.local.labelValues = {"phi4"};
        find<VariableBar>(*bench.window, QString())->refresh({});
        bench.openPicker();
        QTRY_COMPARE(bench.list().count(), 3);
        QCOMPARE(bench.picker().chosen(), (QStringList{QStringLiteral("phi4"), QStringLiteral("tiny")}));
    }

    /// A server that is gone for a month is no choice for the last hour.
    void theValuesAreOfTheTimeThatIsShown()
    {
        Bench bench;
        bench.open();
        QTRY_VERIFY(bench.local.valuesOf);
        QVERIFY(bench.local.valuesOf->to - bench.local.valuesOf->from <= 61'000); // the last minute
        bench.local.labelValues = {"gone"};
        Q_EMIT find<TimeSeriesChart>(*bench.window, "panel.equal.content")->rangeSelected(1'000'000'000, 1'003'600'000);
        QCOMPARE(bench.local.valuesOf->from, std::int64_t{1'000'000'000});
        QCOMPARE(bench.local.valuesOf->to, std::int64_t{1'003'600'000});
        bench.openPicker();
        QTRY_COMPARE(bench.list().count(), 2);
        QCOMPARE(bench.list().item(1)->text(), QStringLiteral("gone"));
    }

    void manyAreCounted()
    {
        ValuePicker picker;
        QSignalSpy changed(&picker, &ValuePicker::chosenChanged);
        picker.setChosen({QStringLiteral("a rather long name"), QStringLiteral("and another one")});
        QCOMPARE(picker.currentText(), QStringLiteral("2 chosen"));
        QVERIFY(picker.toolTip().contains(QStringLiteral("another")));
        QCOMPARE(changed.size(), 0); // that was not the user
    }
};

QTEST_MAIN(TestVariableBar)
#include "tst_variable_bar.moc"
