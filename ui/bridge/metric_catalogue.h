// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/inquiry.h"
#include "sources/metric_source.h"

#include <QObject>
#include <QString>
#include <QTimer>

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace tokenscope::ui {

class SourceList;

/// Which metrics the source shown has: asked when it changes and every minute. Used on the UI thread.
class MetricCatalogue : public QObject {
    Q_OBJECT

public:
    using Names = std::set<std::string, std::less<>>;

    explicit MetricCatalogue(SourceList& sources, QObject* parent = nullptr);

    const std::vector<sources::MetricInfo>& metrics() const { return m_metrics; } ///< sorted by name
    const Names& names() const { return m_names; }
    /// Whether there is anything to go by: an answer, an error, or too long a wait for either.
    bool settled() const { return m_settled; }
    bool known() const { return m_known; }
    QString error() const
    {
        return m_error;
    } ///< why the last question failed or the source cannot answer well, or empty
    void refresh();

Q_SIGNALS:
    void changed(); ///< other names, another error, or settled() is another

private:
    void restart();
    void receive(const Result<std::vector<sources::MetricInfo>>& answer);

    SourceList& m_sources;
    std::vector<sources::MetricInfo> m_metrics;
    Names m_names;
    bool m_settled = false;
    bool m_known = false;
    QString m_error;
    QTimer m_timer;
    QTimer m_patience;
    Inquiry m_inquiry;
};

} // namespace tokenscope::ui
