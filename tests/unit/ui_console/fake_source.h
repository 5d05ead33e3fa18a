// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sources/metric_source.h"

#include <mutex>
#include <vector>

namespace tokenscope::test {

/// Remembers what it was asked and answers when told to, on whatever thread; or at once with an empty frame.
class FakeSource final : public sources::MetricSource {
public:
    struct Call {
        query::Query query;
        sources::Range range;
        CancelToken cancel;
        Done done;
    };

    explicit FakeSource(bool answersAtOnce = false) : m_atOnce(answersAtOnce) {}

    std::string name() const override { return "Local gateway"; }
    void range(query::Query query, sources::Range range, CancelToken cancel, Done done) override
    {
        if (m_atOnce)
            done(std::make_shared<const query::Frame>());
        const std::lock_guard lock(m_mutex);
        m_calls.push_back({std::move(query), range, std::move(cancel), std::move(done)});
    }
    sources::SourceStatus status() const override { return {}; }
    void test(CancelToken, sources::Answer<std::string> done) override { done(std::string("A fake.")); }
    void metrics(CancelToken, sources::Answer<std::vector<sources::MetricInfo>> done) override
    {
        done(std::vector<sources::MetricInfo>());
    }
    void label_names(std::string, CancelToken, sources::Answer<Texts> done) override { done(Texts()); }
    void label_values(std::string, std::string, CancelToken, sources::Answer<Texts> done) override { done(Texts()); }

    std::vector<Call> calls() const
    {
        const std::lock_guard lock(m_mutex);
        return m_calls;
    }
    std::vector<Call> takeCalls()
    {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_calls, {});
    }

private:
    const bool m_atOnce;
    mutable std::mutex m_mutex;
    std::vector<Call> m_calls;
};

inline query::FramePtr frameOf(std::vector<double> values, std::string name = "value")
{
    auto frame = std::make_shared<query::Frame>();
    for (std::size_t i = 0; i < values.size(); ++i)
        frame->times.push_back(static_cast<std::int64_t>(i) * 1000);
    frame->columns.push_back({.name = std::move(name), .labels = {}, .values = std::move(values)});
    return frame;
}

} // namespace tokenscope::test
