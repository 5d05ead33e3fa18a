// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "config/environment.h"
#include "remote/http_client.h"
#include "remote/source_thread.h"
#include "scrape/parser.h"
#include "sources/connection.h"
#include "sources/metric_source.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace tokenscope::remote {

/// A page that was fetched and understood.
struct ScrapedPage {
    scrape::Page page;
    scrape::Format format = scrape::Format::text;

    /// "1027 samples in 56 metrics, OpenMetrics"
    std::string summary() const;
};

/// Fetches a connection's page once and reads it. Thread-safe; the destructor is HttpClient's.
class PageScraper {
public:
    PageScraper(std::shared_ptr<SourceThread> thread, sources::Connection connection, config::Lookup lookup,
                const scrape::Limits& limits, std::size_t max_bytes);

    /// As MetricSource's answers. The page is read on the thread on which `done` is called.
    void scrape(CancelToken cancel, sources::Answer<ScrapedPage> done);

private:
    Error too_large(std::string_view read) const;
    Error in_words_of_pages(Error error) const;

    const sources::Connection m_connection;
    const std::string m_elsewhere; ///< where the page may be instead; empty: no idea
    const scrape::Limits m_limits;
    const std::size_t m_max_bytes;
    HttpClient m_client; ///< last: until it is gone its answers use the rest
};

} // namespace tokenscope::remote
