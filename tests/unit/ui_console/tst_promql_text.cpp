// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/common/error_place.h"
#include "pages/common/promql_completion.h"
#include "pages/common/promql_lexer.h"
#include "pages/common/promql_words.h"

#include <QRandomGenerator>
#include <QtTest>

#include <algorithm>

using namespace tokenscope::ui;

namespace {

/// The text without its cursor mark, and where that was.
std::pair<QString, qsizetype> marked(QString text)
{
    const auto at = text.indexOf(QLatin1Char('|'));
    return {text.remove(at, 1), at};
}

QString kindName(CompletionSpot::Kind kind)
{
    switch (kind) {
    case CompletionSpot::Kind::none: return QStringLiteral("none");
    case CompletionSpot::Kind::expression: return QStringLiteral("expression");
    case CompletionSpot::Kind::labelName: return QStringLiteral("label");
    case CompletionSpot::Kind::labelValue: return QStringLiteral("value");
    case CompletionSpot::Kind::duration: return QStringLiteral("duration");
    }
    return {};
}

} // namespace

/// What is made of PromQL texts, right and wrong ones.
class TestPromqlText : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void knowsWhatIsBeingWritten_data()
    {
        QTest::addColumn<QString>("text"); // the cursor is at the bar
        QTest::addColumn<QString>("spot"); // kind, prefix, metric, label
        const auto row = [](const char* text, const char* spot) {
            QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(spot);
        };
        row("|", "expression///");
        row("up|", "expression/up//");
        row("u|p", "expression/u//");
        row("rate(vllm:num|", "expression/vllm:num//");
        row("sum by (le) (ra|", "expression/ra//");
        row("a + |", "expression///");
        row("(|)", "expression///");
        row("up{|", "label//up/");
        row("up{jo|", "label/jo/up/");
        row("up{job=\"x\", in|}", "label/in/up/");
        row("vllm:x{|}", "label//vllm:x/");
        row("{|}", "label///");
        row("{__name__=\"m\", |}", "label//m/");
        row("up{job=\"|", "value//up/job");
        row("up{job=\"a|\"}", "value/a/up/job");
        row("up{job=~'a|'}", "value/a/up/job");
        row("up{job!=`a|`}", "value/a/up/job");
        row("up{a=\"}\", job=\"|\"}", "value//up/job");
        row("up{job=|", "none///");
        row("up{job|=\"a\"}", "label/job/up/");
        row("up{job=\"a\"|}", "none///");
        row("sum by (|) (rate(m_total[5m]))", "label//m_total/");
        row("sum(rate(m_total{a=\"b\"}[5m])) by (j|", "label/j/m_total/");
        row("sum without (a, |) (m)", "label//m/");
        row("a / on (|) b", "label//a/");
        row("sum by (x) (|)", "expression///");
        row("rate(m[|", "duration///");
        row("rate(m[5|", "duration/5//");
        row("rate(m[1|m])", "none///"); // amidst a word that is there
        row("rate(m[5m|])", "duration/5m//");
        row("rate(m[1h:|", "none///");
        row("m[5m] offset 5|", "none///");
        row("m offset |", "none///");
        row("# comment up{|", "none///");
        row("up # comm|", "none///");
        row("# one\nu|", "expression/u//");
        row("5|", "none///");
        row("label_replace(up, \"|\"", "none///");
        row("up{job=\"a\\\"b|", "value/a\\\"b/up/job");
        row("ä|", "expression///"); // no letter of PromQL
        row("m) by (|", "label//m/");
        row("}{|", "label///");
        row("by (|", "label///");
    }

    void knowsWhatIsBeingWritten()
    {
        QFETCH(QString, text);
        QFETCH(QString, spot);
        const auto [written, cursor] = marked(text);
        const auto found = completionAt(written, cursor);
        QCOMPARE(QStringList({kindName(found.kind), found.prefix, found.metric, found.label}).join(QLatin1Char('/')),
                 spot);
        QVERIFY(found.from <= cursor && cursor <= found.to);
    }

    void choicesAreWrittenWithWhatBelongsToThem_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("choice");
        QTest::addColumn<QString>("result");
        const auto row = [](const char* text, const char* choice, const char* result) {
            QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(choice) << QString::fromUtf8(result);
        };
        row("ra|", "rate", "rate(|");
        row("ra|(x)", "rate", "rate|(x)");
        row("vl| + 1", "vllm:running", "vllm:running| + 1");
        row("sum b|", "by", "sum by (|");
        row("up{jo|}", "job", "up{job=\"|\"}");
        row("up{jo|=\"x\"}", "job", "up{job|=\"x\"}");
        row("up{job=\"a|\"}", "abc", "up{job=\"abc\"|}");
        row("up{job=\"a|", "a\"b\\c", "up{job=\"a\\\"b\\\\c\"|");
        row("up{job='a|", "it's", "up{job='it\\'s'|");
        row("sum by (jo|) (up)", "job", "sum by (job|) (up)");
        row("a an|", "and", "a and |");
        row("rate(m[|", "5m", "rate(m[5m]|");
        row("rate(m[1|])", "15m", "rate(m[15m]|)");
        row("max_over_time(m[|:1m])", "1h", "max_over_time(m[1h|:1m])");
    }

    void choicesAreWrittenWithWhatBelongsToThem()
    {
        QFETCH(QString, text);
        QFETCH(QString, choice);
        QFETCH(QString, result);
        const auto [written, cursor] = marked(text);
        const auto spot = completionAt(written, cursor);
        const auto insertion = insertionOf(spot, choice, written);
        auto made = written;
        made.replace(spot.from, spot.to - spot.from, insertion.text);
        made.insert(spot.from + insertion.cursor, QLatin1Char('|'));
        QCOMPARE(made, result);
    }

    void ranks()
    {
        const auto rank = [](const char* typed, const char* candidate) {
            return matchRank(QString::fromLatin1(typed), QString::fromLatin1(candidate)).value_or(-1);
        };
        QCOMPARE(rank("RATE", "rate"), 0);
        QCOMPARE(rank("ra", "rate"), 1);
        QCOMPARE(rank("wait", "vllm:num_requests_waiting"), 2);
        QCOMPARE(rank("quest", "vllm:num_requests"), 3);
        QCOMPARE(rank("vnr", "vllm:num_requests"), 4);
        QCOMPARE(rank("rnv", "vllm:num_requests"), -1);
        QCOMPARE(rank("", "x"), 1);
        QCOMPARE(rank("x", ""), -1);
    }

    void bracketsAreMatched_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("partner"); // -1: it has none, -2: no bracket here
        QTest::newRow("outer") << QStringLiteral("(a[5m])|") << 0;
        QTest::newRow("before") << QStringLiteral("|(a)") << 2;
        QTest::newRow("in a text") << QStringLiteral("{a=\")\"|}") << 0;
        QTest::newRow("lone") << QStringLiteral("(|a") << -1;
        QTest::newRow("crossed") << QStringLiteral("([)|]") << -1;
        QTest::newRow("none") << QStringLiteral("a|b") << -2;
        QTest::newRow("comment") << QStringLiteral("# (|)") << -2;
    }

    void bracketsAreMatched()
    {
        QFETCH(QString, text);
        QFETCH(int, partner);
        const auto [written, cursor] = marked(text);
        const auto pair = bracketsAt(written, cursor);
        QCOMPARE(pair ? static_cast<int>(pair->second) : -2, partner);
    }

    void tokensCoverAnyText()
    {
        QRandomGenerator random(7);
        const auto letters = QStringLiteral("abz_:09.eExX(){}[]\"'`\\#\n \t=!~<>+-*/%^,@ms\u00e4\u20ac$");
        for (int round = 0; round < 3000; ++round) {
            QString text;
            for (auto size = random.bounded(40); size > 0; --size)
                text += letters[static_cast<qsizetype>(random.bounded(static_cast<int>(letters.size())))];
            qsizetype at = 0;
            for (const auto& token : lexPromql(text, round % 3 == 0)) {
                QCOMPARE(token.at, at);
                QVERIFY(token.length > 0);
                at = token.end();
            }
            QCOMPARE(at, text.size());
            for (qsizetype cursor = 0; cursor <= text.size(); ++cursor) {
                const auto spot = completionAt(text, cursor);
                QVERIFY2(0 <= spot.from && spot.from <= spot.to && spot.to <= text.size(), qPrintable(text));
                bracketsAt(text, cursor);
            }
        }
    }

    void aHugeTextIsNoTrouble()
    {
        const QString text = QStringLiteral("(").repeated(200'000) + QStringLiteral("sum by (");
        const auto spot = completionAt(text, text.size());
        QCOMPARE(kindName(spot.kind), QStringLiteral("label"));
        completionAt(QStringLiteral("\"").repeated(100'001), 100'001);
        QVERIFY(completionAt(QStringLiteral("up"), 99).from == 0);
        QVERIFY(completionAt(QStringLiteral("up"), -3).from == 0);
    }

    void wordsAreSortedAndKnown()
    {
        const auto words = promqlWords();
        QVERIFY(std::is_sorted(words.begin(), words.end(),
                               [](const auto& a, const auto& b) { return a.name.compare(b.name) < 0; }));
        QVERIFY(findPromqlWord(u"histogram_quantile"));
        QVERIFY(findPromqlWord(u"SUM"));
        QVERIFY(!findPromqlWord(u"RATE"));
        for (const auto& word : words)
            QVERIFY(word.kind == WordKind::keyword || word.signature.startsWith(word.name));
    }

    void errorsHaveTheirPlace_data()
    {
        QTest::addColumn<QString>("said");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("marked"); // the part in error; "-": no place
        QTest::addColumn<QString>("sentence");
        const auto row = [](const char* name, const char* said, const char* text, const char* part,
                            const char* sentence) {
            QTest::newRow(name) << QString::fromUtf8(said) << QString::fromUtf8(text) << QString::fromUtf8(part)
                                << QString::fromUtf8(sentence);
        };
        row("one line", "bad_data: invalid parameter \"query\": 1:5: parse error: unexpected identifier \"foo\"",
            "sum foo", "foo", "parse error: unexpected identifier \"foo\"");
        row("second line", "2:4: parse error: unexpected <op:+>", "up\n + +", "+", "parse error: unexpected <op:+>");
        row("bytes", "1:9: parse error: x", "\"ä€\" b", "b", "parse error: x");
        row("end", "1:5: parse error: unexpected end of input", "sum(", "", "parse error: unexpected end of input");
        row("char", "parse error at char 5: unknown function with name \"foo\"", "1 + foo(x)", "foo",
            "parse error: unknown function with name \"foo\"");
        row("no place", "execution: found duplicate series", "up", "-", "");
        row("far outside", "1:500: parse error: x", "up", "-", "");
        row("no such line", "9:1: parse error: x", "up", "-", "");
        row("column zero", "1:0: parse error: x", "up", "-", "");
        row("a time", "at 12:30:59: error", "up", "-", "");
        row("huge", "999999999999:1: parse error: x", "up", "-", "");
        row("empty", "", "", "-", "");
        row("empty text", "1:1: parse error: no expression found in input", "", "",
            "parse error: no expression found in input");
    }

    void errorsHaveTheirPlace()
    {
        QFETCH(QString, said);
        QFETCH(QString, text);
        QFETCH(QString, marked);
        QFETCH(QString, sentence);
        const auto place = errorPlaceIn(said, text);
        if (marked == QLatin1StringView("-")) {
            QVERIFY(!place);
            return;
        }
        QVERIFY(place);
        QCOMPARE(place->sentence, sentence);
        QVERIFY(place->length >= 1);
        QCOMPARE(text.mid(place->from, place->from >= text.size() ? 0 : place->length), marked);
    }
};

QTEST_APPLESS_MAIN(TestPromqlText)
#include "tst_promql_text.moc"
