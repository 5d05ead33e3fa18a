// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/metric_catalogue.h"

#include "bridge/source_list.h"

#include <chrono>

namespace tokenscope::ui {

namespace {

constexpr std::chrono::seconds renewal{60};
constexpr std::chrono::seconds soon{5}; ///< until the first names, or after a failure
constexpr std::chrono::seconds patience{4};

} // namespace

MetricCatalogue::MetricCatalogue(SourceList& sources, QObject* parent) : QObject(parent), m_sources(sources)
{
    m_patience.setSingleShot(true);
    m_patience.setInterval(patience);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        if (!m_inquiry.waiting())
            refresh();
    });
    connect(&m_patience, &QTimer::timeout, this, [this] {
        m_settled = true;
        Q_EMIT changed();
    });
    connect(&sources, &SourceList::currentChanged, this, &MetricCatalogue::restart);
    m_timer.start(soon);
    m_patience.start();
    refresh();
}

void MetricCatalogue::restart()
{
    m_metrics.clear();
    m_names.clear();
    m_error.clear();
    m_settled = false;
    m_known = false;
    m_timer.start(soon);
    m_patience.start();
    refresh();
    Q_EMIT changed();
}

void MetricCatalogue::refresh()
{
    auto answer = m_inquiry.begin<std::vector<sources::MetricInfo>>([this](const auto& result) { receive(result); });
    m_sources.current().source->metrics(m_inquiry.token(), std::move(answer));
}

void MetricCatalogue::receive(const Result<std::vector<sources::MetricInfo>>& answer)
{
    m_patience.stop();
    const bool first = !m_settled;
    m_settled = true;
    // A page that cannot be read answers all the same, from what it had before, which may be nothing.
    const auto status = m_sources.current().source->status();
    const bool broken = status.health == sources::Health::bad;
    const auto error = QString::fromStdString(!answer  ? answer.error().message
                                              : broken ? status.message
                                                       : std::string());
    bool news = first || error != m_error;
    m_error = error;
    if (answer) {
        Names names;
        for (const auto& metric : *answer)
            names.insert(metric.name);
        news = news || !m_known || names != m_names;
        m_known = true;
        m_names = std::move(names);
        m_metrics = *answer;
    }
    // A source without any metric has just begun; this process gets new ones with its first requests.
    const bool lively = m_sources.current().local() || m_names.empty();
    m_timer.start(answer && !lively && !broken ? renewal : soon);
    if (news)
        Q_EMIT changed();
}

} // namespace tokenscope::ui
