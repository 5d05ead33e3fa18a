// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/metric_catalogue.h"
#include "bridge/metric_feed.h"
#include "bridge/time_range.h"
#include "charts/plot_item.h"
#include "charts/plot_view.h"
#include "charts/time_series_chart.h"
#include "console_fixture.h"
#include "pages/common/promql_editor.h"
#include "pages/explore/explore_page.h"

#include <QPlainTextEdit>
#include <QScrollBar>
#include <QtTest>

#include <cmath>
#include <limits>

using namespace tokenscope;
using namespace tokenscope::ui;

namespace {

test::FakeSource::Script refusal(const std::string& words)
{
    return [words](const test::FakeSource::Call&) -> Result<query::FramePtr> {
        return failure(Error{.code = ErrorCode::invalid_request,
                             .message = "far does not accept the query: correct it.",
                             .detail = words});
    };
}

/// The page on a Prometheus that refuses everything with the same words, or answers by a script.
struct Bench : test::ConsoleFixture {
    explicit Bench(const std::string& words) : Bench(refusal(words)) {}
    explicit Bench(const test::FakeSource::Script& script)
    {
        prepare = [script](test::FakeSource& source) {
            source.canPromql = true;
            source.script = script;
        };
        sources.setCurrent(add("far"));
        page = std::make_unique<ExplorePage>(console, feed, catalogue);
        page->resize(1000, 700);
        page->show();
    }
    template <typename W>
    W* find(const char* name) const
    {
        return page->findChild<W*>(QLatin1StringView(name));
    }
    PromqlEditor* editor() const { return find<PromqlEditor>("explore.editor"); }
    QString outcome() const { return find<QWidget>("explore.error")->accessibleName(); }
    void run(const QString& text) const
    {
        editor()->setPlainText(text);
        editor()->verticalScrollBar()->setValue(0);
        QTest::keyClick(editor(), Qt::Key_Return, Qt::ControlModifier);
    }
    bool markInSight() const
    {
        auto at = editor()->textCursor();
        at.setPosition(static_cast<int>(editor()->errorPlace()->from));
        return editor()->viewport()->rect().contains(editor()->cursorRect(at).center());
    }

    ConsoleContext console = context();
    TimeRange range{clock};
    MetricFeed feed{sources, range};
    MetricCatalogue catalogue{sources};
    std::unique_ptr<ExplorePage> page;
};

} // namespace

class TestExploreErrors : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theMarkIsBroughtIntoSight()
    {
        const Bench bench("bad_data: 21:11: parse error: unexpected end of input");
        QVERIFY(QTest::qWaitForWindowExposed(bench.page.get()));
        bench.run(QStringLiteral("sum(") + QString(20, QLatin1Char('\n')) + QStringLiteral("rate(up[5m)"));
        QTRY_VERIFY(bench.editor()->errorPlace());
        QCOMPARE(bench.outcome(), QStringLiteral("Line 21, column 11: parse error: unexpected end of input"));
        QTRY_VERIFY(bench.markInSight());
        // Not again while it is only renewed.
        bench.editor()->verticalScrollBar()->setValue(0);
        bench.page->refresh();
        QTest::qWait(100);
        QVERIFY(bench.editor()->errorPlace());
        QCOMPARE(bench.editor()->verticalScrollBar()->value(), 0);
    }

    void aSingleLineNeedsNoNumber()
    {
        const Bench bench("bad_data: 1:5: parse error: unexpected end of input");
        bench.run(QStringLiteral("sum("));
        QTRY_COMPARE(bench.outcome(), QStringLiteral("parse error: unexpected end of input"));
    }

    /// The series that it names come first, what is wrong with them last.
    void theEndOfAServersWordsIsSeen()
    {
        const std::string series = "{__name__=\"up\", instance=\"" + std::string(600, 'x') + "\"}";
        const std::string words =
            "execution: found duplicate series for the match group {} on the right hand-side of the "
            "operation: ["
            + series
            + "];many-to-many matching not allowed: matching labels must be unique on one "
              "side";
        const Bench bench(words);
        bench.run(QStringLiteral("up * on() up"));
        QTRY_VERIFY(bench.outcome().startsWith(QStringLiteral("execution: found duplicate series")));
        QVERIFY2(bench.outcome().endsWith(QStringLiteral("matching labels must be unique on one side")),
                 qPrintable(bench.outcome()));
        QVERIFY(bench.outcome().size() < 500);
        const auto detail = bench.find<QPlainTextEdit>("explore.error.detail")->toPlainText();
        QVERIFY(detail.startsWith(QStringLiteral("far does not accept the query")));
        QVERIFY(detail.endsWith(QString::fromStdString(words)));
    }

    /// Infinite values leave the grid, on which they can be read; NaN alone leaves nothing to point at.
    void whatCannotBeDrawnIsSaid()
    {
        const test::FakeSource::Script script = [](const test::FakeSource::Call& call) {
            const double none = std::nan("");
            const double infinity = std::numeric_limits<double>::infinity();
            const double b = call.expression == "x / 0" ? infinity : none;
            return Result<query::FramePtr>(test::frameFor(call.range, "job", {{"a", none}, {"b", b}}));
        };
        const Bench bench(script);
        const auto& scene = bench.find<TimeSeriesChart>("explore.chart")->findChild<PlotView*>()->item().plotScene();
        bench.run(QStringLiteral("x / 0"));
        QTRY_COMPARE(scene.remark, QStringLiteral("Only values that cannot be drawn: NaN, +Inf (see the table)"));
        QVERIFY(scene.message.isEmpty());
        bench.run(QStringLiteral("0 / 0"));
        const auto onlyNan = QStringLiteral("Only values that cannot be drawn: NaN (see the table)");
        QTRY_COMPARE(scene.message, onlyNan);
        QTest::qWait(100); // the time before has no number either
        QCOMPARE(scene.message, onlyNan);
        QVERIFY(bench.find<TimeSeriesChart>("explore.chart")->accessibleDescription().startsWith(onlyNan));
    }
};

QTEST_MAIN(TestExploreErrors)
#include "tst_explore_errors.moc"
