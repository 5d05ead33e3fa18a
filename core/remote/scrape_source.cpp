// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "remote/scrape_source.h"

#include "query/evaluator.h"
#include "scrape/target_labels.h"
#include "sources/memory_warning.h"

#include <QUrl>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

namespace tokenscope::remote {

namespace {

using namespace std::chrono_literals;
using sources::Answer;
using sources::Health;

sources::Connection in_bounds(sources::Connection connection)
{
    connection.interval = std::max(connection.interval, std::chrono::milliseconds(100ms));
    connection.timeout = std::clamp(connection.timeout, std::chrono::milliseconds(1ms), connection.interval);
    return connection;
}

std::string remark_of(const sources::Connection& connection, const std::string& remark)
{
    return fmt::format("The page of {} is taken, but its {}", connection.url, remark);
}

query::Labels labels_of(const sources::Connection& connection)
{
    const QUrl url(QString::fromStdString(connection.url));
    const auto host = url.host(QUrl::FullyEncoded).toStdString();
    const auto port = url.port(url.scheme() == QLatin1String("https") ? 443 : 80);
    const bool is_ipv6 = host.find(':') != std::string::npos;
    return {{"instance", fmt::format("{}{}{}:{}", is_ipv6 ? "[" : "", host, is_ipv6 ? "]" : "", port)},
            {"job", connection.name}};
}

} // namespace

ScrapeSource::ScrapeSource(std::shared_ptr<SourceThread> thread, sources::Connection connection, config::Lookup lookup,
                           const Clock& clock, const Limits& limits)
    : m_thread(std::move(thread)), m_connection(in_bounds(std::move(connection))), m_labels(labels_of(m_connection)),
      m_clock(clock), m_store(limits.store),
      m_answers(
          m_store,
          [this](const query::Query& query, const sources::Range& range) {
              return query::evaluate(query, m_store, range.from, range.to, range.step);
          },
          [this](std::string_view metric) {
              const std::scoped_lock lock(m_mutex);
              return m_last.descriptions.describe(metric);
          },
          limits.waiting),
      m_timer(std::make_unique<QTimer>()),
      m_scraper(
          std::make_unique<PageScraper>(m_thread, m_connection, std::move(lookup), limits.page, limits.page_bytes))
{
    m_timer->setSingleShot(true);
    QObject::connect(m_timer.get(), &QTimer::timeout, m_timer.get(), [this] { begin(); });
    m_timer->moveToThread(m_thread->thread());
    // Posted, not waited for: that thread may be in the midst of a keychain, and this one may be that of the windows.
    QMetaObject::invokeMethod(
        m_timer.get(), [this] { begin(); }, Qt::QueuedConnection);
}

ScrapeSource::~ScrapeSource()
{
    m_stop.cancel();
    m_thread->run([this] { m_timer->stop(); });
    m_scraper.reset(); // Then nothing finishes any more.
    m_thread->run([this] { m_timer.reset(); });
}

std::optional<sources::MetricSource::Memory> ScrapeSource::memory() const
{
    const auto use = m_store.use();
    return Memory{.bytes = use.bytes, .budget = use.budget};
}

sources::SourceStatus ScrapeSource::status() const
{
    sources::SourceStatus status;
    {
        const std::scoped_lock lock(m_mutex);
        status = m_last.status;
    }
    if (auto warning = sources::memory_warning(m_store.use()))
        status.warnings.push_back(std::move(*warning));
    return status;
}

void ScrapeSource::test(CancelToken cancel, Answer<std::string> done)
{
    m_scraper->scrape(std::move(cancel), [url = m_connection.url, done = std::move(done)](Result<ScrapedPage> page) {
        if (page && page->page.samples.empty()) {
            done(failure(Error{
                .code = ErrorCode::upstream_bad_reply,
                .message = fmt::format("The page at {} has no samples: is this the metrics page, and does the server "
                                       "have anything to tell yet?",
                                       url)}));
            return;
        }
        done(std::move(page).map([](const ScrapedPage& scraped) {
            const auto& remark = scraped.page.remark;
            return scraped.summary() + "." + (remark ? fmt::format(" In {}", *remark) : std::string());
        }));
    });
}

void ScrapeSource::range(query::Query query, sources::Range range, CancelToken cancel, Done done)
{
    m_answers.range(std::move(query), range, std::move(cancel), std::move(done));
}

void ScrapeSource::metrics(CancelToken cancel, Answer<std::vector<sources::MetricInfo>> done)
{
    m_answers.metrics(std::move(cancel), std::move(done));
}

void ScrapeSource::label_names(std::string metric, CancelToken cancel, Answer<Texts> done)
{
    m_answers.label_names(std::move(metric), std::move(cancel), std::move(done));
}

void ScrapeSource::label_values(std::string label, std::string metric, CancelToken cancel, Answer<Texts> done)
{
    m_answers.label_values(std::move(label), std::move(metric), std::move(cancel), std::move(done));
}

void ScrapeSource::targets(CancelToken cancel, Answer<std::vector<sources::Target>> done)
{
    sources::Target target{.pool = m_connection.name, .url = m_connection.url, .labels = m_labels};
    {
        const std::scoped_lock lock(m_mutex);
        target.health = m_last.status.health;
        target.last_error = m_last.error;
        target.last_scrape_ms = m_last.time;
        target.scrape_seconds = m_last.seconds;
    }
    if (!cancel.cancelled())
        done(std::vector{std::move(target)});
}

void ScrapeSource::begin()
{
    const auto time = m_clock.wall().time_since_epoch().count();
    m_scraper->scrape(m_stop.token(), [this, time, began = m_clock.now()](Result<ScrapedPage> result) {
        finish(time, began, std::move(result));
    });
}

void ScrapeSource::finish(std::int64_t time, Instant began, Result<ScrapedPage> result)
{
    const auto took = m_clock.now() - began;
    LastScrape last{.time = time, .seconds = seconds(took)};
    if (result) {
        last.status = {.health = Health::good, .message = result->summary() + ".", .last_success_ms = time};
        if (result->page.remark)
            last.status.warnings.push_back(remark_of(m_connection, *result->page.remark));
        last.descriptions = MetricDescriptions(std::move(result->page.families));
        keep(time, seconds(took), std::move(result->page.samples));
    } else {
        const auto& error = result.error();
        last.error = error.detail.empty() ? error.message : fmt::format("{} ({})", error.message, error.detail);
        last.status = {.health = Health::bad, .message = last.error};
        keep(time, seconds(took), std::nullopt);
    }
    {
        const std::scoped_lock lock(m_mutex);
        if (!result) {
            last.status.last_success_ms = m_last.status.last_success_ms;
            last.descriptions = std::move(m_last.descriptions);
        }
        m_last = std::move(last);
    }
    QMetaObject::invokeMethod(
        m_timer.get(), [this, took] { begin_again(took); }, Qt::QueuedConnection);
}

void ScrapeSource::keep(std::int64_t time, double seconds, std::optional<std::vector<query::Sample>> page)
{
    const auto count = page ? static_cast<double>(page->size()) : 0.0;
    std::vector<query::Sample> samples;
    samples.push_back({"up", m_labels, page ? 1.0 : 0.0});
    samples.push_back({"scrape_duration_seconds", m_labels, seconds});
    samples.push_back({"scrape_samples_scraped", m_labels, count});
    if (page) {
        scrape::add_target_labels(*page, m_labels);
        samples.insert(samples.end(), std::make_move_iterator(page->begin()), std::make_move_iterator(page->end()));
    }
    m_store.append(time, samples);
}

void ScrapeSource::begin_again(Nanos took)
{
    if (m_stop.cancelled())
        return;
    // However long the last one took, or the machine slept: one scrape, and then the interval anew.
    const auto left = std::clamp<Nanos>(m_connection.interval - took, Nanos::zero(), m_connection.interval);
    m_timer->start(std::chrono::ceil<std::chrono::milliseconds>(left));
}

} // namespace tokenscope::remote
