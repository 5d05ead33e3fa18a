// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/local_source.h"

#include <QTest>

#include <array>
#include <future>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

using namespace tokenscope;
using namespace tokenscope::query;
using namespace tokenscope::sources;

namespace {

constexpr Range second{0, 0, 1'000};

MetricInfo unknown_metric(std::string_view name)
{
    return {.name = std::string(name), .type = "unknown"};
}

/// Holds the source's thread inside a `done` until released.
class Blocker {
public:
    explicit Blocker(LocalSource& source)
    {
        source.range({.metric = "m"}, second, {}, [this](auto) {
            m_entered.set_value();
            m_released.get_future().wait();
        });
        m_entered.get_future().wait();
    }
    void release() { m_released.set_value(); }

private:
    std::promise<void> m_entered;
    std::promise<void> m_released;
};

} // namespace

class TestLocalSource : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void answersInOrderOnItsOwnThread();
    void errorsAreAnswers();
    void cancelledIsNotAnswered();
    void refusesWhenFull();
    void cancelledMakeRoom();
    void destructorDropsTheRest();
    void knowsWhatIsGoingToBeMeasured();
    void tellsItsIntervalAndItsMemory();

private:
    std::unique_ptr<SeriesStore> m_store;
};

void TestLocalSource::init()
{
    m_store = std::make_unique<SeriesStore>(SeriesStore::Limits{});
    m_store->append(0, std::vector<Sample>{{"m", {}, 4}});
}

void TestLocalSource::answersInOrderOnItsOwnThread()
{
    std::vector<int> order;
    std::promise<std::thread::id> last;
    LocalSource source(*m_store, nullptr, unknown_metric);
    QCOMPARE(source.name(), std::string("Local gateway"));
    for (int i = 0; i < 3; ++i) {
        source.range({.metric = "m"}, second, {}, [&, i](Result<FramePtr> frame) {
            order.push_back(frame && (*frame)->columns.at(0).values == std::vector<double>{4} ? i : -1);
            if (i == 2)
                last.set_value(std::this_thread::get_id());
        });
    }
    QVERIFY(last.get_future().get() != std::this_thread::get_id());
    QCOMPARE(order, (std::vector<int>{0, 1, 2}));
}

void TestLocalSource::errorsAreAnswers()
{
    std::promise<Result<FramePtr>> answer;
    LocalSource source(*m_store, nullptr, unknown_metric);
    source.range({.metric = "m"}, {0, 0, 0}, {}, [&](Result<FramePtr> frame) { answer.set_value(std::move(frame)); });
    const auto result = answer.get_future().get();
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::invalid_request);
}

void TestLocalSource::cancelledIsNotAnswered()
{
    CancelSource cancel;
    std::promise<void> after;
    bool answered = false;
    LocalSource source(*m_store, nullptr, unknown_metric);
    Blocker blocker(source);
    source.range({.metric = "m"}, second, cancel.token(), [&](auto) { answered = true; });
    source.range({.metric = "m"}, second, {}, [&](auto) { after.set_value(); });
    cancel.cancel();
    blocker.release();
    after.get_future().wait();
    QVERIFY(!answered);
}

void TestLocalSource::refusesWhenFull()
{
    std::promise<void> second_done;
    LocalSource source(*m_store, nullptr, unknown_metric, 2);
    Blocker blocker(source);
    source.range({.metric = "m"}, second, {}, [](auto) {});
    source.range({.metric = "m"}, second, {}, [&](auto) { second_done.set_value(); });
    std::optional<Result<FramePtr>> refused;
    source.range({.metric = "m"}, second, {}, [&](Result<FramePtr> frame) { refused = std::move(frame); });
    QVERIFY(refused && !*refused);
    QCOMPARE(refused->error().code, ErrorCode::queue_full);
    blocker.release();
    second_done.get_future().wait();
}

void TestLocalSource::cancelledMakeRoom()
{
    std::promise<bool> answer;
    LocalSource source(*m_store, nullptr, unknown_metric, 1);
    Blocker blocker(source);
    CancelSource cancel;
    source.range({.metric = "m"}, second, cancel.token(), [](auto) {});
    cancel.cancel();
    source.range({.metric = "m"}, second, {}, [&](Result<FramePtr> frame) { answer.set_value(frame.has_value()); });
    blocker.release();
    QVERIFY(answer.get_future().get());
}

void TestLocalSource::destructorDropsTheRest()
{
    bool answered = false;
    auto held = std::make_shared<int>(0);
    {
        auto source = std::make_unique<LocalSource>(*m_store, nullptr, unknown_metric);
        Blocker blocker(*source);
        for (int i = 0; i < 10; ++i)
            source->range({.metric = "m"}, second, {}, [&answered, held](auto) { answered = true; });
        std::jthread destroyer([&] { source.reset(); });
        // The waiting ones go at once, although the thread is still busy.
        QTRY_COMPARE(held.use_count(), 1L);
        blocker.release();
    }
    QVERIFY(!answered);
    const LocalSource idle(*m_store, nullptr, unknown_metric); // and one that never had anything to do
}

void TestLocalSource::knowsWhatIsGoingToBeMeasured()
{
    m_store->append(1'000, std::vector<Sample>{{"b", {}, 1}, {"d", {}, 1}});
    LocalSource source(*m_store, nullptr, unknown_metric, 8, {"e", "b", "a"});
    std::promise<std::string> names;
    source.metrics({}, [&names](const Result<std::vector<MetricInfo>>& metrics) {
        std::string all;
        for (const auto& metric : metrics.value())
            all += metric.name;
        names.set_value(all);
    });
    QCOMPARE(names.get_future().get(), std::string("abdem"));
}

void TestLocalSource::tellsItsIntervalAndItsMemory()
{
    SketchStore sketches({.max_bytes = std::size_t{16} << 20});
    LocalSource source(*m_store, &sketches, unknown_metric);
    QCOMPARE(source.capabilities().interval, std::chrono::milliseconds(1'000));
    source.set_interval(std::chrono::milliseconds(250));
    QCOMPARE(source.capabilities().interval, std::chrono::milliseconds(250));
    QVERIFY(!source.capabilities().promql && !source.capabilities().targets);
    const auto samples = m_store->use();
    QCOMPARE(source.use().bytes, samples.bytes);
    const std::array<std::string_view, 1> names{"model"};
    const std::array<std::string_view, 1> values{"m"};
    sketches.add("h", names, values, 0, 1);
    const auto use = source.use();
    QVERIFY(use.bytes == samples.bytes + sketches.bytes() && use.bytes > samples.bytes);
    QCOMPARE(use.budget, std::size_t{80} << 20);
    QCOMPARE(use.series, samples.series);
    QCOMPARE(use.history_from, samples.history_from);
    // A store that refuses something says so in the unit of the setting.
    m_store->set_budget(0);
    m_store->append(1'000, std::vector<Sample>{{"n", {}, 1}});
    QVERIFY(source.status().warnings.at(0).starts_with("The memory for metrics (16 MB) is used up by "));
    m_store->set_budget(std::size_t{64} << 20);
    QVERIFY(source.status().warnings.empty());
    LocalSource plain(*m_store, nullptr, unknown_metric);
    QCOMPARE(plain.use().budget, std::size_t{64} << 20);
}

QTEST_GUILESS_MAIN(TestLocalSource)
#include "tst_local_source.moc"
