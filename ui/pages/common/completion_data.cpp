// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/common/completion_data.h"

#include "bridge/metric_catalogue.h"
#include "bridge/source_list.h"
#include "pages/common/promql_words.h"

#include <algorithm>

namespace tokenscope::ui {

CompletionData::CompletionData(SourceList& sources, const MetricCatalogue& catalogue, QObject* parent)
    : QObject(parent), m_sources(sources), m_catalogue(catalogue)
{
    connect(&sources, &SourceList::currentChanged, this, &CompletionData::forget);
    // Other metrics: their labels may be others, too.
    connect(&catalogue, &MetricCatalogue::changed, this, [this] {
        forget();
        Q_EMIT arrived();
    });
}

void CompletionData::forget()
{
    m_inquiry.cancel();
    m_known.clear();
}

std::vector<CompletionItem> CompletionData::expressions() const
{
    std::vector<CompletionItem> items;
    for (const auto& metric : m_catalogue.metrics())
        items.push_back({QString::fromStdString(metric.name), QString::fromStdString(metric.type),
                         QString::fromStdString(metric.help).simplified()});
    for (const auto& word : promqlWords()) {
        const auto kind = word.kind == WordKind::function      ? tr("function")
                          : word.kind == WordKind::aggregation ? tr("aggregation")
                                                               : tr("keyword");
        items.push_back({QString(word.name), kind, QString(word.signature)});
    }
    return items;
}

std::vector<CompletionItem> CompletionData::durations(const QString& prefix)
{
    std::vector<CompletionItem> items;
    for (const auto* text : {"1m", "5m", "10m", "15m", "30m", "1h", "6h", "12h", "1d", "7d"}) {
        const auto duration = QString::fromLatin1(text);
        if (duration.startsWith(prefix) && duration != prefix)
            items.push_back({duration, tr("window"), {}});
    }
    return items;
}

const CompletionData::Texts* CompletionData::labels(const Key& key)
{
    if (const auto found = m_known.find(key); found != m_known.end())
        return &found->second;
    if (m_inquiry.waiting() && m_asked == key)
        return nullptr;
    m_asked = key;
    auto answer = m_inquiry.begin<Texts>([this, key](const Result<Texts>& texts) {
        // A failure counts as nothing to offer, until the source or its metrics are others.
        m_known[key] = texts.value_or(Texts());
        Q_EMIT arrived();
    });
    const auto source = m_sources.current().source;
    if (key.second.empty())
        source->label_names(key.first, m_inquiry.token(), std::move(answer));
    else
        source->label_values(key.second, key.first, m_inquiry.token(), std::move(answer));
    return nullptr;
}

std::vector<CompletionItem> CompletionData::choices(const CompletionSpot& spot)
{
    using Kind = CompletionSpot::Kind;
    std::vector<CompletionItem> items;
    const auto metric = spot.metric.toStdString();
    if (spot.kind == Kind::duration)
        return durations(spot.prefix);
    if (spot.kind == Kind::expression) {
        items = expressions();
    } else if (spot.kind == Kind::labelValue && spot.label == QLatin1StringView("__name__")) {
        for (const auto& name : m_catalogue.names())
            items.push_back({QString::fromStdString(name), {}, {}});
    } else if (spot.kind != Kind::none) {
        const bool values = spot.kind == Kind::labelValue;
        if (const auto* texts = labels({metric, values ? spot.label.toStdString() : std::string()})) {
            for (const auto& text : *texts)
                items.push_back({QString::fromStdString(text), values ? QString() : tr("label"), {}});
        }
    }
    struct Ranked {
        int rank;
        CompletionItem item;
    };
    std::vector<Ranked> ranked;
    for (auto& item : items) {
        if (const auto rank = matchRank(spot.prefix, item.text); rank && !item.text.isEmpty())
            ranked.push_back({*rank, std::move(item)});
    }
    const auto count = std::min(most, ranked.size());
    std::partial_sort(ranked.begin(), ranked.begin() + static_cast<std::ptrdiff_t>(count), ranked.end(),
                      [](const Ranked& a, const Ranked& b) {
                          return std::pair(a.rank, QStringView(a.item.text))
                                 < std::pair(b.rank, QStringView(b.item.text));
                      });
    std::vector<CompletionItem> best;
    for (std::size_t i = 0; i < count; ++i)
        best.push_back(std::move(ranked[i].item));
    return best;
}

} // namespace tokenscope::ui
