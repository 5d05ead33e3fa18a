// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "base/clock.h"
#include "config/environment.h"
#include "query/series_store.h"
#include "remote/metric_descriptions.h"
#include "remote/page_scraper.h"
#include "remote/source_thread.h"
#include "scrape/parser.h"
#include "sources/connection.h"
#include "sources/store_answers.h"

#include <QTimer>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace tokenscope::remote {

/// Scrapes a metrics page every Connection::interval (not below 100 ms), the first time at once, and answers from what it saw.
/// It asks as Prometheus does: OpenMetrics if there is, gzip, for Connection::timeout but not longer than the interval, and
/// not again before the last answer. After a pause of the machine it goes on with one scrape. Thread-safe.
///
/// Like Prometheus it adds the labels `instance` (host:port) and `job` (the connection's name), keeps labels of these names that
/// the page has as `exported_...`, and adds the series `up`, `scrape_duration_seconds` and `scrape_samples_scraped`, which win
/// over series of the page that are the same. A scrape that failed leaves `up` at 0 and all of the page's series stale. Times
/// that a page gives its samples are not used: every sample has the time at which its scrape began (in Prometheus'
/// configuration: honor_timestamps: false).
///
/// To make one waits for nothing. The destructor ends a scrape that is on its way. It must run neither inside an answer nor on the source thread.
class ScrapeSource final : public sources::MetricSource {
public:
    struct Limits {
        query::SeriesStore::Limits store;
        scrape::Limits page;
        std::size_t page_bytes = std::size_t{64} << 20; ///< unpacked
        std::size_t waiting = 256;                      ///< questions
    };

    /// What `lookup` refers to and `clock` must outlive this.
    ScrapeSource(std::shared_ptr<SourceThread> thread, sources::Connection connection, config::Lookup lookup,
                 const Clock& clock, const Limits& limits);
    ~ScrapeSource() override;

    std::string name() const override { return m_connection.name; }
    sources::Capabilities capabilities() const override { return {.targets = true, .interval = m_connection.interval}; }
    std::optional<Memory> memory() const override;
    sources::SourceStatus status() const override;
    /// Scrapes once more, for this answer alone: nothing of it is kept.
    void test(CancelToken cancel, sources::Answer<std::string> done) override;
    void range(query::Query query, sources::Range range, CancelToken cancel, Done done) override;
    void metrics(CancelToken cancel, sources::Answer<std::vector<sources::MetricInfo>> done) override;
    void label_names(std::string metric, CancelToken cancel, sources::Answer<Texts> done) override;
    void label_values(std::string label, std::string metric, CancelToken cancel, sources::Answer<Texts> done) override;
    /// The page is the one target.
    void targets(CancelToken cancel, sources::Answer<std::vector<sources::Target>> done) override;

    /// What was scraped so far.
    const query::SeriesStore& store() const { return m_store; }

private:
    struct LastScrape {
        sources::SourceStatus status;
        std::string error; ///< with what the other side said, or the line at fault
        std::optional<std::int64_t> time;
        std::optional<double> seconds;
        MetricDescriptions descriptions;
    };

    void begin();
    void finish(std::int64_t time, Instant began, Result<ScrapedPage> result);
    void keep(std::int64_t time, double seconds, std::optional<std::vector<query::Sample>> page);
    void begin_again(Nanos took);

    const std::shared_ptr<SourceThread> m_thread;
    const sources::Connection m_connection;
    const query::Labels m_labels;
    const Clock& m_clock;
    query::SeriesStore m_store;
    mutable std::mutex m_mutex;
    LastScrape m_last; ///< guarded by m_mutex
    sources::StoreAnswers m_answers;
    CancelSource m_stop;
    std::unique_ptr<QTimer> m_timer; ///< lives on the source thread
    std::unique_ptr<PageScraper> m_scraper;
};

} // namespace tokenscope::remote
