// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/trace_model.h"
#include "recorded_requests.h"
#include "telemetry/tracing/trace_ids.h"
#include "theme/theme.h"

#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QtTest>

using namespace tokenscope;
using namespace tokenscope::ui;
using telemetry::SpanData;

namespace {

telemetry::SpanId idOf(int number)
{
    return {0,
            0,
            0,
            0,
            0,
            static_cast<std::uint8_t>(number >> 16),
            static_cast<std::uint8_t>(number >> 8),
            static_cast<std::uint8_t>(number)};
}

SpanData span(int id, int parent, int startMs, int endMs)
{
    SpanData made;
    made.trace_id[0] = 1;
    made.span_id = idOf(id);
    made.parent_id = parent == 0 ? telemetry::SpanId{} : idOf(parent);
    made.name = "s" + std::to_string(id);
    made.start = std::chrono::milliseconds(1000 + startMs);
    made.end = std::chrono::milliseconds(1000 + endMs);
    return made;
}

TraceTree treeOf(std::vector<SpanData> spans)
{
    return TraceTree(std::make_shared<const std::vector<SpanData>>(std::move(spans)));
}

QString nameOf(const TraceTree& tree, std::size_t row)
{
    const auto& entry = tree.rows()[row];
    return entry.loop   ? QStringLiteral("loop")
           : entry.span ? QString::fromStdString(tree.span(row)->name)
                        : QStringLiteral("missing");
}

/// "s1(s2 s3(s4))": the whole tree as text.
QString textOf(const TraceTree& tree, const std::vector<std::size_t>& rows)
{
    QStringList out;
    for (const auto row : rows) {
        const auto& children = tree.rows()[row].children;
        out << nameOf(tree, row)
                   + (children.empty() ? QString() : QLatin1Char('(') + textOf(tree, children) + QLatin1Char(')'));
    }
    return out.join(QLatin1Char(' '));
}

QString textOf(const TraceTree& tree)
{
    return textOf(tree, tree.top());
}

} // namespace

class TestTraceTree : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void putsSpansBelowTheirParents_data()
    {
        QTest::addColumn<std::vector<SpanData>>("spans");
        QTest::addColumn<QString>("tree");
        using Spans = std::vector<SpanData>;
        QTest::newRow("none") << Spans{} << QString();
        QTest::newRow("children by start")
            << Spans{span(1, 0, 0, 9), span(3, 1, 5, 6), span(2, 1, 1, 2)} << QStringLiteral("s1(s2 s3)");
        QTest::newRow("child before its parent in the list")
            << Spans{span(2, 1, 1, 2), span(1, 0, 0, 9)} << QStringLiteral("s1(s2)");
        QTest::newRow("two requests") << Spans{span(1, 0, 0, 3), span(5, 0, 4, 9), span(6, 5, 5, 6)}
                                      << QStringLiteral("s1 s5(s6)");
        QTest::newRow("a missing parent")
            << Spans{span(1, 0, 0, 9), span(3, 77, 2, 3), span(4, 77, 1, 2), span(5, 3, 2, 3)}
            << QStringLiteral("s1 missing(s4 s3(s5))");
        QTest::newRow("two missing parents")
            << Spans{span(3, 77, 2, 3), span(4, 78, 1, 2)} << QStringLiteral("missing(s4) missing(s3)");
        QTest::newRow("its own parent") << Spans{span(1, 0, 0, 9), span(2, 2, 1, 2)} << QStringLiteral("s1 loop(s2)");
        QTest::newRow("each other's parents")
            << Spans{span(1, 2, 0, 1), span(2, 1, 1, 2), span(3, 2, 1, 2)} << QStringLiteral("loop(s1(s2(s3)))");
        QTest::newRow("the same id twice")
            << Spans{span(1, 0, 0, 9), span(1, 0, 1, 9), span(2, 1, 3, 4)} << QStringLiteral("s1(s2) s1");
    }
    void putsSpansBelowTheirParents()
    {
        QFETCH(std::vector<SpanData>, spans);
        QFETCH(QString, tree);
        QCOMPARE(textOf(treeOf(spans)), tree);
    }

    void aRemoteParentIsNotMissing()
    {
        auto first = span(1, 99, 0, 5);
        first.parent_is_remote = true;
        const auto tree = treeOf({first, span(2, 1, 1, 2)});
        QCOMPARE(textOf(tree), QStringLiteral("s1(s2)"));
        QVERIFY(spanText(tree, tree.top().front()).contains(QStringLiteral("the client's")));
    }

    void clocksThatDisagreeAreTold()
    {
        const auto tree = treeOf({span(1, 0, 10, 20), span(2, 1, 5, 30), span(3, 1, 12, 11)});
        QVERIFY(tree.rows()[1].beforeParent);
        QVERIFY(!tree.rows()[2].beforeParent);
        QVERIFY(tree.rows()[2].endsBeforeStart);
        QVERIFY(!secondsOf(*tree.span(2)));
        QVERIFY(tree.begin() == std::chrono::milliseconds(1005));
        QVERIFY(tree.end() == std::chrono::milliseconds(1030));
        QVERIFY(spanText(tree, 1).contains(QStringLiteral("clocks disagree")));
        Theme theme(ThemeMode::dark);
        TraceModel model(theme);
        model.setTree(tree);
        for (std::size_t row = 0; row < 3; ++row) {
            const auto bar = model.barOf(model.indexOf(row));
            QVERIFY(bar.from >= 0 && bar.from <= bar.to && bar.to <= 1);
        }
        QCOMPARE(model.indexOf(2).siblingAtColumn(TraceModel::time).data().toString(), QStringLiteral("–"));
    }

    void aDeepChainGoesOnFlat()
    {
        std::vector<SpanData> spans;
        for (int i = 1; i <= 20'000; ++i)
            spans.push_back(span(i, i - 1, 0, 5));
        const auto tree = treeOf(spans);
        std::size_t deepest = 0;
        for (std::size_t row = 0; row < tree.rows().size(); ++row) {
            std::size_t depth = 1;
            for (auto at = tree.rows()[row].parent; at; at = tree.rows()[*at].parent)
                ++depth;
            deepest = std::max(deepest, depth);
        }
        QCOMPARE(deepest, TraceTree::deepest);
        Theme theme(ThemeMode::dark);
        TraceModel model(theme);
        model.setTree(tree);
        QVERIFY(model.indexOf(19'999).isValid());
        QVERIFY(model.indexOf(19'999).parent().isValid());
    }

    void theModelHoldsTogether()
    {
        Theme theme(ThemeMode::dark);
        TraceModel model(theme);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setTree(treeOf({span(1, 0, 0, 9), span(2, 1, 1, 2), span(3, 77, 2, 3), span(4, 4, 1, 2)}));
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.rowCount(model.index(0, 0)), 1);
        QCOMPARE(model.index(0, 0, model.index(0, 0)).parent(), model.index(0, 0));
        model.setTree({});
        QCOMPARE(model.rowCount(), 0);
    }

    void readsTheRealTrace()
    {
        test::RequestSamples samples;
        const auto record = samples.run({});
        const TraceTree tree(samples.spans.trace(record->trace_id.view()));
        QCOMPARE(textOf(tree), QStringLiteral("POST /v1/chat/completions(queue.wait chat llama3:8b)"));
        QCOMPARE(tree.requestCount(), std::size_t{1});
        const auto lines = spanLines(tree.spans()).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 3);
        QVERIFY(lines.front().contains(QStringLiteral("\"http.request_id\":\"req_7f3a\"")));
        QVERIFY(spanText(tree, 2).contains(QStringLiteral("event first_chunk at 32")));
    }

    void namesAreNeverMarkup()
    {
        auto bad = span(1, 0, 0, 9);
        bad.name = "<b>x</b>";
        bad.status = telemetry::SpanStatus::error;
        bad.status_message = "<img src=x>";
        Theme theme(ThemeMode::dark);
        TraceModel model(theme);
        model.setTree(treeOf({bad}));
        QVERIFY(!model.index(0, 0).data(Qt::ToolTipRole).toString().contains(QStringLiteral("<b>")));
        QVERIFY(!model.index(0, 0).data(Qt::ToolTipRole).toString().contains(QStringLiteral("<img")));
    }
};

QTEST_MAIN(TestTraceTree)
#include "tst_trace_tree.moc"
