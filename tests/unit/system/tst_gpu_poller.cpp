// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "system/gpu_poller.h"
#include "system/redetecting_gpu_sampler.h"

#include <QTest>

#include <atomic>
#include <future>
#include <mutex>

using namespace tokenscope;
using namespace tokenscope::system;
using namespace std::chrono_literals;

namespace {

/// A clock that two threads may turn and read.
class SharedClock final : public Clock {
public:
    Instant now() const override { return Instant(Nanos(m_now.load())); }
    WallTime wall() const override { return {}; }
    void advance(Nanos by) { m_now += by.count(); }

private:
    std::atomic<Nanos::rep> m_now = Nanos(1h).count();
};

/// A driver that can be made to hang, and outlives everybody.
struct Driver {
    std::mutex mutex;
    std::condition_variable changed;
    bool hangs = false;
    std::atomic<int> samples = 0;
    std::atomic<int> made = 0;
    std::atomic<int> gpus = 1;
    std::atomic<bool> tells = true;

    void hang(bool now)
    {
        const std::scoped_lock lock(mutex);
        hangs = now;
        changed.notify_all();
    }
};

class ScriptedSampler final : public GpuSampler {
public:
    explicit ScriptedSampler(std::shared_ptr<Driver> driver) : m_driver(std::move(driver)) { ++m_driver->made; }
    std::vector<GpuSample> sample() override
    {
        std::unique_lock lock(m_driver->mutex);
        m_driver->changed.wait(lock, [this] { return !m_driver->hangs; });
        ++m_driver->samples;
        std::vector<GpuSample> out(static_cast<std::size_t>(m_driver->gpus));
        for (auto& gpu : out)
            if (m_driver->tells)
                gpu.utilization_percent = m_driver->samples;
        return out;
    }
    std::string origin() const override { return "script"; }

private:
    const std::shared_ptr<Driver> m_driver;
};

GpuPoller::Options quick()
{
    return {.interval = 1ms, .max_age = 5s, .patience = 20ms};
}

} // namespace

class TstGpuPoller : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void the_latest_sample()
    {
        const SharedClock clock;
        const auto driver = std::make_shared<Driver>();
        const GpuPoller poller([driver] { return std::make_unique<ScriptedSampler>(driver); }, clock, quick());
        QTRY_COMPARE(poller.latest().size(), std::size_t{1});
        QTRY_VERIFY(poller.latest().at(0).utilization_percent > 3.0);
        QCOMPARE(poller.origin(), std::string("script"));
        QCOMPARE(driver->made.load(), 1);
    }

    void a_driver_that_hangs_costs_its_values_and_nothing_else()
    {
        SharedClock clock;
        const auto driver = std::make_shared<Driver>();
        const GpuPoller poller([driver] { return std::make_unique<ScriptedSampler>(driver); }, clock, quick());
        QTRY_COMPARE(poller.latest().size(), std::size_t{1});
        driver->hang(true);
        clock.advance(5s);
        QVERIFY(poller.latest().size() <= 1); // answers at once
        clock.advance(1s);
        QTRY_VERIFY(poller.latest().empty());
        QCOMPARE(poller.origin(), std::string("the GPU driver does not answer"));
        driver->hang(false);
        QTRY_COMPARE(poller.latest().size(), std::size_t{1});
        QCOMPARE(poller.origin(), std::string("script"));
    }

    void a_driver_that_hangs_while_it_starts()
    {
        SharedClock clock;
        const auto go = std::make_shared<std::promise<void>>();
        const auto driver = std::make_shared<Driver>();
        const GpuPoller poller(
            [go, driver] {
                go->get_future().wait();
                return std::make_unique<ScriptedSampler>(driver);
            },
            clock, quick());
        QVERIFY(poller.latest().empty());
        QCOMPARE(poller.origin(), std::string());
        clock.advance(6s);
        QCOMPARE(poller.origin(), std::string("the GPU driver does not answer"));
        go->set_value();
        QTRY_COMPARE(poller.latest().size(), std::size_t{1});
    }

    void a_driver_that_hangs_does_not_hold_up_the_end()
    {
        const auto driver = std::make_shared<Driver>();
        driver->hang(true);
        {
            const SharedClock clock;
            const GpuPoller poller([driver] { return std::make_unique<ScriptedSampler>(driver); }, clock, quick());
            QTRY_COMPARE(driver->made.load(), 1);
        }
        driver->hang(false);
        QTRY_COMPARE(driver->samples.load(), 1);
        QTRY_COMPARE(driver.use_count(), 1L); // what was left behind has ended
    }

    void the_end_does_not_wait_for_the_next_sample()
    {
        const SharedClock clock;
        const auto driver = std::make_shared<Driver>();
        auto options = quick();
        options.interval = 1h;
        options.patience = 1h;
        const GpuPoller poller([driver] { return std::make_unique<ScriptedSampler>(driver); }, clock, options);
        QTRY_COMPARE(driver->samples.load(), 1);
    }

    void looks_for_a_gpu_again_but_seldom()
    {
        const auto clock = std::make_shared<ManualClock>();
        const auto driver = std::make_shared<Driver>();
        int looks = 0;
        bool loaded = false;
        const std::vector<RedetectingGpuSampler::Make> makers{
            [&] {
                ++looks;
                return nullptr;
            },
            [&]() -> std::unique_ptr<GpuSampler> {
                if (!loaded)
                    return nullptr;
                return std::make_unique<ScriptedSampler>(driver);
            },
        };
        RedetectingGpuSampler sampler(makers, clock, 60s);
        for (int second = 0; second < 60; ++second) {
            QVERIFY(sampler.sample().empty());
            clock->advance(1s);
        }
        QCOMPARE(looks, 1);
        QCOMPARE(sampler.origin(), std::string("no GPU found on this machine"));
        loaded = true;
        QCOMPARE(sampler.sample().size(), std::size_t{1});
        QCOMPARE(looks, 2);
        for (int second = 0; second < 600; ++second) {
            clock->advance(1s);
            QCOMPARE(sampler.sample().size(), std::size_t{1});
        }
        QCOMPARE(looks, 2);
        QCOMPARE(driver->made.load(), 1); // what is slow is done once
        QCOMPARE(sampler.origin(), std::string("script"));
    }

    void a_driver_that_lists_and_tells_nothing_is_started_again()
    {
        const auto clock = std::make_shared<ManualClock>();
        const auto driver = std::make_shared<Driver>();
        RedetectingGpuSampler sampler({[&] { return std::make_unique<ScriptedSampler>(driver); }}, clock, 60s);
        QCOMPARE(sampler.sample().size(), std::size_t{1});
        driver->tells = false;
        for (int second = 0; second <= 60; ++second) {
            QCOMPARE(driver->made.load(), 1);
            sampler.sample();
            clock->advance(1s);
        }
        QCOMPARE(driver->made.load(), 2);
    }

    void a_gpu_that_is_lost_is_looked_for()
    {
        const auto clock = std::make_shared<ManualClock>();
        const auto driver = std::make_shared<Driver>();
        RedetectingGpuSampler sampler({[&] { return std::make_unique<ScriptedSampler>(driver); }}, clock, 60s);
        QCOMPARE(sampler.sample().size(), std::size_t{1});
        driver->gpus = 0;
        for (int second = 0; second < 60; ++second) {
            QVERIFY(sampler.sample().empty());
            clock->advance(1s);
        }
        QCOMPARE(sampler.origin(), std::string("script, which tells nothing any more"));
        QCOMPARE(driver->made.load(), 1);
        driver->gpus = 2;
        QCOMPARE(sampler.sample().size(), std::size_t{2});
        QCOMPARE(driver->made.load(), 2);
        QCOMPARE(sampler.origin(), std::string("script"));
    }
};

QTEST_GUILESS_MAIN(TstGpuPoller)
#include "tst_gpu_poller.moc"
