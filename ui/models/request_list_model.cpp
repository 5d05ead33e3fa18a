// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/request_list_model.h"

#include "telemetry/request_figures.h"
#include "telemetry/request_log.h"
#include "theme/fonts.h"
#include "theme/theme.h"

#include <algorithm>
#include <array>
#include <unordered_set>

namespace tokenscope::ui {

namespace {

using telemetry::RequestRecord;

constexpr std::array cells = {RequestCell::moment,     RequestCell::route, RequestCell::provider, RequestCell::model,
                              RequestCell::statusCode, RequestCell::ttft,  RequestCell::total,    RequestCell::tokensIn,
                              RequestCell::tokensOut,  RequestCell::speed, RequestCell::cost,     RequestCell::trace};
static_assert(cells.size() == RequestListModel::columnCount_);

/// Changes in more places than these are told as one: a view takes long over each.
constexpr std::size_t mostRuns = 64;

/// What a row is sorted by: a number, or a text of the record.
struct SortKey {
    bool absent = false;
    double number = 0;
    std::string_view text;
    std::size_t place = 0;
};

template <typename T>
SortKey keyOf(const std::optional<T>& value)
{
    return value ? SortKey{.number = static_cast<double>(*value)} : SortKey{.absent = true};
}

SortKey keyOf(const std::optional<Nanos>& time)
{
    return time ? SortKey{.number = static_cast<double>(time->count())} : SortKey{.absent = true};
}

SortKey keyOf(std::string_view text)
{
    return {.absent = text.empty(), .text = text};
}

SortKey keyOf(const RequestRecord& record, int column)
{
    switch (column) {
    case RequestListModel::route: return keyOf(std::string_view(record.route));
    case RequestListModel::provider: return keyOf(provider_of(record));
    case RequestListModel::model: return keyOf(model_of(record));
    case RequestListModel::status:
        return {.number = static_cast<double>(record.http_status), .text = to_string(record.end_reason)};
    case RequestListModel::ttft: return keyOf(record.ttft());
    case RequestListModel::total: return keyOf(std::optional(record.total()));
    case RequestListModel::tokensIn: return keyOf(record.usage.prompt);
    case RequestListModel::tokensOut: return keyOf(record.usage.completion);
    case RequestListModel::speed: return keyOf(output_speed(record));
    case RequestListModel::cost: return keyOf(record.cost ? std::optional(record.cost->amount) : std::nullopt);
    case RequestListModel::trace: return keyOf(record.trace_id.view());
    default: return {.number = static_cast<double>(record.started.time_since_epoch().count())};
    }
}

std::unordered_set<std::uint64_t> sequencesOf(const std::vector<RequestListModel::Record>& records)
{
    std::unordered_set<std::uint64_t> sequences;
    sequences.reserve(records.size());
    for (const auto& record : records)
        sequences.insert(record->sequence);
    return sequences;
}

/// Stretches of `records` that are not among `known`.
std::size_t runsOfOthers(const std::vector<RequestListModel::Record>& records,
                         const std::unordered_set<std::uint64_t>& known)
{
    std::size_t runs = 0;
    bool within = false;
    for (const auto& record : records) {
        const bool other = !known.contains(record->sequence);
        runs += other && !within ? 1 : 0;
        within = other;
    }
    return runs;
}

} // namespace

RequestListModel::RequestListModel(const Theme& theme, const telemetry::RequestLog& log, const Clock& clock,
                                   std::size_t capacity, QObject* parent)
    : QAbstractTableModel(parent), m_theme(theme), m_log(log), m_clock(clock), m_capacity(capacity),
      m_numberFont(withTabularFigures(theme.tokens().small)), m_idFont(fixedFont(theme.tokens().small.pixelSize()))
{
    connect(&m_theme, &Theme::changed, this, [this] {
        m_numberFont = withTabularFigures(m_theme.tokens().small);
        m_idFont = fixedFont(m_theme.tokens().small.pixelSize());
        if (!m_shown.empty())
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount_ - 1),
                               {Qt::ForegroundRole, Qt::FontRole});
    });
}

RequestCell RequestListModel::cellOf(int column)
{
    return cells[static_cast<std::size_t>(column)];
}

void RequestListModel::poll()
{
    const auto fresh = m_log.since(m_seen, m_capacity);
    const auto first = m_log.first_sequence();
    const bool gone = !m_all.empty() && m_all.back()->sequence < first;
    if (fresh.empty() && !gone && !m_filter.changes_with_time())
        return;
    for (const auto& record : fresh)
        m_all.push_front(record);
    // Neither more than fit here, nor what the log had to give up for its budget.
    while (!m_all.empty() && (m_all.size() > m_capacity || m_all.back()->sequence < first))
        m_all.pop_back();
    if (!fresh.empty())
        m_seen = fresh.back()->sequence;
    take(wanted());
}

void RequestListModel::setFilter(telemetry::RequestFilter filter)
{
    m_filter = std::move(filter);
    take(wanted());
}

void RequestListModel::setWindow(Window window)
{
    if (window == m_window)
        return;
    m_window = window;
    take(wanted());
}

void RequestListModel::sort(int column, Qt::SortOrder order)
{
    if (column == m_sortColumn && (column == newestFirst || order == m_sortOrder))
        return;
    Q_EMIT layoutAboutToBeChanged();
    m_sortColumn = column >= 0 && column < columnCount_ ? column : newestFirst;
    m_sortOrder = order;
    // The same rows: what a filter of ages lets go by now goes with the next poll.
    const auto before = m_shown;
    std::sort(m_shown.begin(), m_shown.end(),
              [](const Record& a, const Record& b) { return a->sequence > b->sequence; });
    this->order(m_shown);
    QModelIndexList to;
    const auto from = persistentIndexList();
    for (const auto& index : from)
        to << this->index(rowOf(before[static_cast<std::size_t>(index.row())]->sequence), index.column());
    changePersistentIndexList(from, to);
    Q_EMIT layoutChanged();
}

std::vector<RequestListModel::Record> RequestListModel::wanted() const
{
    std::vector<Record> records;
    records.reserve(m_all.size());
    const auto now = m_clock.wall();
    std::copy_if(m_all.begin(), m_all.end(), std::back_inserter(records),
                 [&](const Record& record) { return m_filter.matches(*record, now) && m_window.has(*record); });
    this->order(records);
    return records;
}

void RequestListModel::order(std::vector<Record>& records) const
{
    std::vector<SortKey> keys;
    keys.reserve(records.size());
    for (std::size_t i = 0; i < records.size(); ++i) {
        keys.push_back(keyOf(*records[i], m_sortColumn));
        keys.back().place = i;
    }
    const bool descending = m_sortColumn == newestFirst || m_sortOrder == Qt::DescendingOrder;
    std::sort(keys.begin(), keys.end(), [descending](const SortKey& a, const SortKey& b) {
        if (a.absent != b.absent)
            return b.absent;
        const auto& low = descending ? b : a;
        const auto& high = descending ? a : b;
        if (low.number != high.number)
            return low.number < high.number;
        if (const auto compared = low.text.compare(high.text); compared != 0)
            return compared < 0;
        return a.place < b.place;
    });
    std::vector<Record> ordered;
    ordered.reserve(records.size());
    for (const auto& key : keys)
        ordered.push_back(std::move(records[key.place]));
    records = std::move(ordered);
}

void RequestListModel::take(std::vector<Record> next)
{
    const auto runs = runsOfOthers(m_shown, sequencesOf(next)) + runsOfOthers(next, sequencesOf(m_shown));
    if (runs == 0)
        return;
    if (runs > mostRuns) {
        beginResetModel();
        m_shown = std::move(next);
        endResetModel();
        return;
    }
    removeOthers(next);
    insertMissing(next);
}

void RequestListModel::removeOthers(const std::vector<Record>& next)
{
    const auto kept = sequencesOf(next);
    const auto goes = [&](std::size_t row) { return !kept.contains(m_shown[row]->sequence); };
    for (auto end = m_shown.size(); end > 0;) {
        if (!goes(end - 1)) {
            --end;
            continue;
        }
        auto first = end - 1;
        while (first > 0 && goes(first - 1))
            --first;
        beginRemoveRows({}, static_cast<int>(first), static_cast<int>(end) - 1);
        m_shown.erase(m_shown.begin() + static_cast<std::ptrdiff_t>(first),
                      m_shown.begin() + static_cast<std::ptrdiff_t>(end));
        endRemoveRows();
        end = first;
    }
}

void RequestListModel::insertMissing(const std::vector<Record>& next)
{
    for (std::size_t row = 0; row < next.size(); ++row) {
        if (row < m_shown.size() && m_shown[row] == next[row])
            continue;
        // All that is still missing before the next one that is there.
        auto end = row;
        const auto known = row < m_shown.size() ? m_shown[row].get() : nullptr;
        while (end < next.size() && next[end].get() != known)
            ++end;
        beginInsertRows({}, static_cast<int>(row), static_cast<int>(end) - 1);
        m_shown.insert(m_shown.begin() + static_cast<std::ptrdiff_t>(row),
                       next.begin() + static_cast<std::ptrdiff_t>(row),
                       next.begin() + static_cast<std::ptrdiff_t>(end));
        endInsertRows();
        row = end;
    }
}

RequestListModel::Record RequestListModel::record(int row) const
{
    return row >= 0 && row < rowCount() ? m_shown[static_cast<std::size_t>(row)] : nullptr;
}

bool RequestListModel::hasValues(int column) const
{
    return std::any_of(m_all.begin(), m_all.end(),
                       [column](const Record& record) { return !keyOf(*record, column).absent; });
}

int RequestListModel::rowOf(std::uint64_t sequence) const
{
    const auto found = std::find_if(m_shown.begin(), m_shown.end(),
                                    [sequence](const Record& record) { return record->sequence == sequence; });
    return found == m_shown.end() ? -1 : static_cast<int>(found - m_shown.begin());
}

int RequestListModel::rowOfRequest(const std::string& requestId) const
{
    const auto found = std::find_if(m_shown.begin(), m_shown.end(),
                                    [&](const Record& record) { return record->request_id == requestId; });
    return found == m_shown.end() ? -1 : static_cast<int>(found - m_shown.begin());
}

int RequestListModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

int RequestListModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : columnCount_;
}

QVariant RequestListModel::data(const QModelIndex& index, int role) const
{
    const auto request = index.isValid() ? record(index.row()) : nullptr;
    if (!request)
        return {};
    const auto cell = cellOf(index.column());
    switch (role) {
    case Qt::DisplayRole: return cellText(*request, cell, m_clock.wall().time_since_epoch().count());
    case Qt::ToolTipRole: return cellToolTip(*request, cell);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::Alignment((isNumber(cell) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    case Qt::ForegroundRole: return cellColor(*request, cell, m_theme.tokens());
    case Qt::FontRole:
        if (cell == RequestCell::trace)
            return m_idFont;
        return isNumber(cell) || cell == RequestCell::moment ? QVariant(m_numberFont) : QVariant();
    case sequenceRole: return QVariant::fromValue(static_cast<qulonglong>(request->sequence));
    default: return {};
    }
}

QVariant RequestListModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount_)
        return {};
    const auto cell = cellOf(section);
    switch (role) {
    case Qt::DisplayRole: return cellTitle(cell);
    case Qt::ToolTipRole: return cellTitleToolTip(cell);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::Alignment((isNumber(cell) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    default: return {};
    }
}

} // namespace tokenscope::ui
