// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "sources/connection.h"
#include "sources/metric_source.h"

#include <QObject>
#include <QString>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace tokenscope::ui {

/// Makes a source that is reached over the network. It starts to work at once.
using SourceFactory = std::function<std::shared_ptr<sources::MetricSource>(const sources::Connection&)>;

/// The sources that the console can ask, this process first and then the user's connections, and which of them is shown.
/// Used on the UI thread.
class SourceList : public QObject {
    Q_OBJECT

public:
    struct Entry {
        QString id; ///< "local", or the connection's
        std::shared_ptr<sources::MetricSource> source;
        std::chrono::milliseconds pace{1'000};      ///< it has nothing new to say more often than this
        std::chrono::milliseconds patience{10'000}; ///< an answer that takes longer is lost

        bool local() const { return id == localId(); }
    };
    static QString localId() { return QStringLiteral("local"); }

    /// `local` must outlive this. `file`: of the connections; one that cannot be read is told in problem() and never
    /// overwritten.
    SourceList(sources::MetricSource& local, SourceFactory factory, std::filesystem::path file,
               QObject* parent = nullptr);
    ~SourceList() override;

    const std::vector<Entry>& entries() const { return m_entries; } ///< never empty
    const Entry& current() const;
    /// An unknown id chooses this process.
    void setCurrent(const QString& id);

    const std::vector<sources::Connection>& connections() const { return m_connections; }
    /// Adds it, or replaces the one with its id; without an id it gets one. Its source is made anew. A new one goes to `place`
    /// among the connections, or to their end. An error's `param` names the field at fault, if any.
    Result<QString> save(sources::Connection connection, std::optional<std::size_t> place = std::nullopt);
    Result<void> remove(const QString& id);
    /// What save() would refuse, without saving.
    std::optional<Error> check(const sources::Connection& connection) const;
    /// A source to try a connection with that is not saved yet.
    std::shared_ptr<sources::MetricSource> trial(const sources::Connection& connection) const
    {
        return m_factory(connection);
    }
    QString problem() const { return m_problem; }

Q_SIGNALS:
    void entriesChanged();
    /// The source before may be gone when the event loop is reached again.
    void currentChanged();

private:
    Entry makeEntry(const sources::Connection& connection) const;
    /// Writes the connections, then takes them over.
    Result<void> store(std::vector<sources::Connection> connections);
    void retire(const QString& id);

    SourceFactory m_factory;
    std::filesystem::path m_file;
    std::vector<Entry> m_entries;
    std::vector<std::shared_ptr<sources::MetricSource>> m_retired; ///< kept until nobody can be in the midst of asking
    std::vector<sources::Connection> m_connections;
    QString m_current;
    QString m_problem;
};

/// It has nothing new to say more often.
inline std::chrono::milliseconds paceOf(const SourceList::Entry& entry)
{
    return std::max(entry.pace, entry.source->capabilities().interval);
}

/// Steps closer than the source's samples show nothing more. ms; 0: not known.
inline std::int64_t closestStep(const SourceList::Entry& entry)
{
    return entry.source->capabilities().interval.count();
}

} // namespace tokenscope::ui
