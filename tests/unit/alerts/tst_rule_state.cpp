// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "alerts/rule_state.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace tokenscope;
using namespace tokenscope::alerts;
using namespace std::chrono_literals;

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

query::Frame frame(std::vector<std::pair<std::string, std::vector<double>>> columns, std::int64_t last)
{
    query::Frame out;
    const auto count = columns.empty() ? std::size_t{1} : columns.front().second.size();
    for (std::size_t i = 0; i < count; ++i)
        out.times.push_back(last - static_cast<std::int64_t>(count - 1 - i) * 1000);
    for (auto& [model, values] : columns)
        out.columns.push_back({.name = model, .labels = {{"model", model}}, .values = std::move(values)});
    return out;
}

Rule above(double threshold, std::chrono::milliseconds hold = 0ms, std::chrono::milliseconds keep = 0ms)
{
    return {.id = "r",
            .name = "r",
            .source = "local",
            .question = std::string("x"),
            .threshold = threshold,
            .hold = hold,
            .keep = keep};
}

QString text(const std::vector<Event>& events)
{
    QStringList out;
    for (const auto& event : events)
        out << QStringLiteral("%1 %2 %3")
                   .arg(event.fired ? QStringLiteral("fired") : QStringLiteral("over"),
                        QString::fromStdString(event.labels.empty() ? std::string("-") : event.labels.begin()->second))
                   .arg(event.at_ms);
    return out.join(QStringLiteral("; "));
}

} // namespace

class TestRuleState : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void firesAtOnceWithoutAHold()
    {
        RuleState state;
        QCOMPARE(text(state.answered(above(5), frame({{"a", {6}}}, 1000), 1000)), QStringLiteral("fired a 1000"));
        QCOMPARE(state.state(), State::firing);
        QCOMPARE(text(state.answered(above(5), frame({{"a", {7}}}, 2000), 2000)), QString());
        const auto over = state.answered(above(5), frame({{"a", {5}}}, 4500), 4500);
        QCOMPARE(text(over), QStringLiteral("over a 4500"));
        QCOMPARE(over.front().lasted_ms, std::int64_t{3500});
        QCOMPARE(state.state(), State::inactive);
    }

    void theThresholdItselfMeetsNothing()
    {
        RuleState state;
        QVERIFY(state.answered(above(5), frame({{"a", {5}}}, 0), 0).empty());
        auto below = above(5);
        below.condition = Condition::below;
        QVERIFY(state.answered(below, frame({{"a", {5}}}, 1), 1).empty());
        QCOMPARE(state.answered(below, frame({{"a", {4.999}}}, 2), 2).size(), std::size_t{1});
    }

    void holdsAndStartsAnewWhenItWasFalse()
    {
        RuleState state;
        const auto rule = above(5, 3s);
        QVERIFY(state.answered(rule, frame({{"a", {6}}}, 0), 0).empty());
        QCOMPARE(state.state(), State::pending);
        QVERIFY(state.answered(rule, frame({{"a", {6}}}, 2999), 2999).empty());
        QVERIFY(state.answered(rule, frame({{"a", {1}}}, 3000), 3000).empty());
        QCOMPARE(state.state(), State::inactive);
        QVERIFY(state.answered(rule, frame({{"a", {6}}}, 4000), 4000).empty());
        QVERIFY(state.answered(rule, frame({{"a", {6}}}, 6999), 6999).empty());
        QCOMPARE(text(state.answered(rule, frame({{"a", {6}}}, 7000), 7000)), QStringLiteral("fired a 7000"));
    }

    void keepsFiringWhileItJitters()
    {
        RuleState state;
        const auto rule = above(5, 0ms, 2s);
        QCOMPARE(state.answered(rule, frame({{"a", {6}}}, 0), 0).size(), std::size_t{1});
        for (std::int64_t at = 1000; at < 20'000; at += 1000)
            QVERIFY(state.answered(rule, frame({{"a", {at % 2000 == 0 ? 6.0 : 4.0}}}, at), at).empty());
        QVERIFY(state.answered(rule, frame({{"a", {4}}}, 20'000), 20'000).empty());
        QCOMPARE(state.state(), State::firing);
        QCOMPARE(text(state.answered(rule, frame({{"a", {4}}}, 21'000), 21'000)), QStringLiteral("over a 21000"));
    }

    void everySeriesForItself()
    {
        RuleState state;
        QCOMPARE(text(state.answered(above(5), frame({{"a", {6}}, {"b", {1}}}, 0), 0)), QStringLiteral("fired a 0"));
        QCOMPARE(state.series().size(), std::size_t{2});
        QCOMPARE(text(state.answered(above(5), frame({{"a", {6}}, {"b", {9}}}, 1), 1)), QStringLiteral("fired b 1"));
        QCOMPARE(text(state.answered(above(5), frame({{"b", {9}}}, 2), 2)), QStringLiteral("over a 2")); // a has gone
        QCOMPARE(state.series().size(), std::size_t{1});
    }

    void looksAtTheNewestValueThatIsThere()
    {
        RuleState state;
        QCOMPARE(state.answered(above(5), frame({{"a", {9, 9, 1}}}, 3000), 3000).size(), std::size_t{0});
        QCOMPARE(state.answered(above(5), frame({{"a", {1, 9, none}}}, 4000), 4000).size(), std::size_t{1});
        // What is not yet is not looked at.
        QCOMPARE(text(state.answered(above(5), frame({{"a", {1, 9}}}, 6000), 5500)), QStringLiteral("over a 5500"));
    }

    void infinityIsAValueAndNanIsNone()
    {
        RuleState state;
        const auto infinite = std::numeric_limits<double>::infinity();
        QCOMPARE(state.answered(above(5), frame({{"a", {infinite}}, {"b", {none}}}, 0), 0).size(), std::size_t{1});
        QCOMPARE(state.series().size(), std::size_t{1});
    }

    void absence()
    {
        RuleState state;
        auto rule = above(0, 2s);
        rule.condition = Condition::absent;
        QVERIFY(state.answered(rule, frame({{"a", {0}}}, 0), 0).empty());
        QVERIFY(state.answered(rule, frame({}, 1000), 1000).empty());
        QVERIFY(state.answered(rule, frame({{"a", {none}}}, 2000), 2000).empty());
        QCOMPARE(text(state.answered(rule, frame({}, 3000), 3000)), QStringLiteral("fired - 3000"));
        QCOMPARE(text(state.answered(rule, frame({{"a", {0}}}, 4000), 4000)), QStringLiteral("over - 4000"));
    }

    void aFailureChangesNothing()
    {
        RuleState state;
        state.answered(above(5), frame({{"a", {6}}}, 0), 0);
        state.failed({.message = "no answer"});
        QCOMPARE(state.state(), State::firing);
        QVERIFY(state.error());
        QCOMPARE(state.answered_ms(), std::optional<std::int64_t>(0));
        QVERIFY(state.answered(above(5), frame({{"a", {6}}}, 9000), 9000).empty());
        QVERIFY(!state.error());
    }

    void aClockThatIsSetBack()
    {
        RuleState state;
        const auto rule = above(5, 10s);
        state.answered(rule, frame({{"a", {6}}}, 100'000), 100'000);
        QVERIFY(state.answered(rule, frame({{"a", {6}}}, 1'000), 1'000).empty());
        QCOMPARE(text(state.answered(rule, frame({{"a", {6}}}, 110'000), 110'000)), QStringLiteral("fired a 110000"));
    }

    void aChangedThresholdIsJudgedAtOnce()
    {
        RuleState state;
        state.answered(above(5), frame({{"a", {6}}}, 0), 0);
        QCOMPARE(text(state.answered(above(10), frame({{"a", {6}}}, 1), 1)), QStringLiteral("over a 1"));
    }
};

QTEST_APPLESS_MAIN(TestRuleState)
#include "tst_rule_state.moc"
