// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/baseline.h"
#include "telemetry/request_figures.h"

#include <QTest>

#include <cmath>

using namespace tokenscope;
using namespace tokenscope::telemetry;
using namespace std::chrono_literals;

namespace {

constexpr WallTime start{std::chrono::milliseconds(1'000'000)};

RequestRecord request(std::chrono::milliseconds began, std::chrono::milliseconds total, bool good = true)
{
    RequestRecord record;
    record.target = {"demo", "tiny"};
    record.started = start + began;
    record.accepted = Instant(began);
    record.ended = record.accepted + total;
    record.status = good ? RequestStatus::success : RequestStatus::error;
    return record;
}

RequestRecord streamed(std::chrono::milliseconds began, std::chrono::milliseconds ttft, std::uint64_t tokens)
{
    auto record = request(began, ttft + tokens * 10ms);
    record.first_token = record.accepted + ttft;
    record.last_token = *record.first_token + (tokens - 1) * 10ms;
    record.usage.completion = tokens;
    return record;
}

using Records = std::vector<std::shared_ptr<const RequestRecord>>;

void add(Records& records, RequestRecord record)
{
    records.push_back(std::make_shared<const RequestRecord>(std::move(record)));
}

const Comparison& find(const std::vector<Comparison>& all, Measure measure, double q)
{
    for (const auto& one : all) {
        if (one.measure == measure && one.quantile == q)
            return one;
    }
    qFatal("not compared");
}

} // namespace

class TestBaseline : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void figures()
    {
        const auto record = streamed(0ms, 100ms, 11);
        QCOMPARE(*time_per_output_token(record), 0.01);
        QCOMPARE(*output_speed(record), 110.0);
        auto single = streamed(0ms, 100ms, 1);
        QVERIFY(!output_speed(single) && !time_per_output_token(single));
        QVERIFY(!output_tokens(request(0ms, 1ms)));
        single.usage.completion.reset();
        single.stream_tokens = 3;
        QCOMPARE(*output_tokens(single), std::uint64_t{3});
    }

    void takesWhatEndedInTheWindow()
    {
        Records records;
        add(records, request(0ms, 1000ms));         // ends at 1 s: in
        add(records, request(500ms, 1500ms));       // ends at 2 s: not any more
        add(records, request(0ms, 999ms));          // too early
        add(records, request(900ms, 200ms, false)); // in, failed
        const auto taken = sample(records, start + 1s, start + 2s);
        QCOMPARE(taken.requests, std::size_t{2});
        QCOMPARE(taken.errors, std::size_t{1});
        QCOMPARE(taken.values[1].size(), std::size_t{1}); // an error has no latency here
        QVERIFY(taken.values[0].empty());                 // no first token was seen
    }

    void ofOneModelOnly()
    {
        Records records;
        add(records, request(0ms, 10ms));
        auto other = request(0ms, 10ms);
        other.target.model = "large";
        add(records, other);
        QCOMPARE(sample(records, start, start + 1s).requests, std::size_t{2});
        QCOMPARE(sample(records, start, start + 1s, "demo/large").requests, std::size_t{1});
        QCOMPARE(sample(records, start, start + 1s, "large").requests, std::size_t{0});
    }

    void tellsSlowerFromChance()
    {
        Records before, after;
        for (int i = 0; i < 200; ++i) {
            add(before, streamed(0ms, std::chrono::milliseconds(100 + i % 50), 20));
            add(after, streamed(0ms, std::chrono::milliseconds(150 + (i * 7) % 50), 20));
        }
        const auto old_one = sample(before, start, start + 1h);
        const auto all = compare(old_one, sample(after, start, start + 1h));
        const auto& median = find(all, Measure::first_token, 0.5);
        QCOMPARE(median.verdict, Comparison::Verdict::worse);
        QVERIFY(median.difference->low > 0 && std::abs(median.difference->value - 0.05) < 0.01);
        QCOMPARE(find(all, Measure::per_token, 0.5).verdict, Comparison::Verdict::unclear); // no difference at all
        const auto same = compare(old_one, old_one);
        for (const auto& one : same)
            QVERIFY(one.verdict == Comparison::Verdict::unclear);
        // The other way round it is better.
        QCOMPARE(find(compare(sample(after, start, start + 1h), old_one), Measure::first_token, 0.95).verdict,
                 Comparison::Verdict::better);
    }

    void tooFewSayNothing()
    {
        Records few;
        for (int i = 0; i < 30; ++i)
            add(few, streamed(0ms, 100ms, 20));
        const auto some = sample(few, start, start + 1h);
        const auto all = compare(some, some);
        QCOMPARE(find(all, Measure::total, 0.95).verdict, Comparison::Verdict::unclear);
        QCOMPARE(find(all, Measure::total, 0.99).verdict, Comparison::Verdict::too_few);
        QVERIFY(find(all, Measure::total, 0.99).before); // what there is is shown
        const auto nothing = compare(some, Sample());
        QVERIFY(!find(nothing, Measure::total, 0.5).after);
        QVERIFY(!find(nothing, Measure::errors, 0).after);
        QCOMPARE(find(nothing, Measure::errors, 0).verdict, Comparison::Verdict::too_few);
    }

    void moreSpeedIsBetter()
    {
        Sample slow, fast;
        for (int i = 0; i < 50; ++i) {
            slow.values[3].push_back(10 + i * 0.01);
            fast.values[3].push_back(20 + i * 0.01);
        }
        QCOMPARE(find(compare(slow, fast), Measure::speed, 0.5).verdict, Comparison::Verdict::better);
        QCOMPARE(find(compare(fast, slow), Measure::speed, 0.5).verdict, Comparison::Verdict::worse);
    }

    void moreErrorsAreWorse()
    {
        Sample before{.requests = 200, .errors = 0, .values = {}};
        Sample after{.requests = 200, .errors = 20, .values = {}};
        QCOMPARE(find(compare(before, after), Measure::errors, 0).verdict, Comparison::Verdict::worse);
        QCOMPARE(*find(compare(before, after), Measure::errors, 0).after, 0.1);
    }
};

QTEST_APPLESS_MAIN(TestBaseline)
#include "tst_baseline.moc"
