// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/source_list.h"

#include "sources/connection_file.h"

#include <QTimer>
#include <QUuid>

#include <algorithm>
#include <utility>

namespace tokenscope::ui {

namespace {

constexpr std::chrono::milliseconds prometheusPace{5'000};
constexpr std::chrono::milliseconds margin{5'000}; ///< by which we wait longer than the source itself

template <typename Range>
auto findId(Range& range, const std::string& id)
{
    return std::find_if(range.begin(), range.end(), [&id](const auto& connection) { return connection.id == id; });
}

} // namespace

SourceList::SourceList(sources::MetricSource& local, SourceFactory factory, std::filesystem::path file, QObject* parent)
    : QObject(parent), m_factory(std::move(factory)), m_file(std::move(file)), m_current(localId())
{
    m_entries.push_back({localId(), std::shared_ptr<sources::MetricSource>(std::shared_ptr<void>(), &local)});
    auto loaded = sources::load_connections(m_file);
    if (!loaded) {
        m_problem = QString::fromStdString(loaded.error().message);
        return;
    }
    m_connections = std::move(*loaded);
    for (const auto& connection : m_connections)
        m_entries.push_back(makeEntry(connection));
}

SourceList::~SourceList() = default;

SourceList::Entry SourceList::makeEntry(const sources::Connection& connection) const
{
    Entry entry{QString::fromStdString(connection.id), m_factory(connection)};
    if (connection.kind == sources::ConnectionKind::prometheus) {
        entry.pace = prometheusPace;
        entry.patience = connection.timeout + margin;
    } else {
        entry.pace = std::max(connection.interval, entry.pace);
    }
    return entry;
}

const SourceList::Entry& SourceList::current() const
{
    const auto found =
        std::find_if(m_entries.begin(), m_entries.end(), [this](const Entry& entry) { return entry.id == m_current; });
    return found == m_entries.end() ? m_entries.front() : *found;
}

void SourceList::setCurrent(const QString& id)
{
    const auto known =
        std::any_of(m_entries.begin(), m_entries.end(), [&id](const Entry& entry) { return entry.id == id; });
    const auto next = known ? id : localId();
    if (next == m_current)
        return;
    m_current = next;
    Q_EMIT currentChanged();
}

std::optional<Error> SourceList::check(const sources::Connection& connection) const
{
    if (auto error = sources::validate(connection))
        return error;
    const auto taken = std::any_of(m_connections.begin(), m_connections.end(), [&connection](const auto& other) {
        return other.name == connection.name && other.id != connection.id;
    });
    if (taken || connection.name == m_entries.front().source->name()) {
        return Error{.code = ErrorCode::config,
                     .message = tr("Another source has this name: choose a different one.").toStdString(),
                     .detail = {},
                     .param = "name"};
    }
    return std::nullopt;
}

Result<void> SourceList::store(std::vector<sources::Connection> connections)
{
    if (!m_problem.isEmpty())
        return failure(ErrorCode::config, m_problem.toStdString());
    if (auto saved = sources::save_connections(m_file, connections); !saved)
        return saved;
    m_connections = std::move(connections);
    return {};
}

void SourceList::retire(const QString& id)
{
    const auto found =
        std::find_if(m_entries.begin(), m_entries.end(), [&id](const Entry& entry) { return entry.id == id; });
    if (found == m_entries.end())
        return;
    m_retired.push_back(std::move(found->source));
    m_entries.erase(found);
    QTimer::singleShot(0, this, [this] { m_retired.clear(); });
}

Result<QString> SourceList::save(sources::Connection connection, std::optional<std::size_t> place)
{
    if (auto error = check(connection))
        return failure(std::move(*error));
    if (connection.id.empty())
        connection.id = QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString();
    auto connections = m_connections;
    auto found = findId(connections, connection.id);
    if (found == connections.end()) {
        const auto at = std::min(place.value_or(connections.size()), connections.size());
        found = connections.insert(connections.begin() + static_cast<std::ptrdiff_t>(at), connection);
    } else {
        *found = connection;
    }
    const auto at = found - connections.begin();
    if (auto stored = store(std::move(connections)); !stored)
        return failure(stored.error());

    const auto id = QString::fromStdString(connection.id);
    retire(id);
    m_entries.insert(m_entries.begin() + 1 + at, makeEntry(connection));
    Q_EMIT entriesChanged();
    if (m_current == id)
        Q_EMIT currentChanged();
    return id;
}

Result<void> SourceList::remove(const QString& id)
{
    auto connections = m_connections;
    const auto found = findId(connections, id.toStdString());
    if (found == connections.end())
        return {};
    connections.erase(found);
    if (auto stored = store(std::move(connections)); !stored)
        return stored;
    retire(id);
    const bool shown = m_current == id;
    if (shown)
        m_current = localId();
    Q_EMIT entriesChanged();
    if (shown)
        Q_EMIT currentChanged();
    return {};
}

} // namespace tokenscope::ui
