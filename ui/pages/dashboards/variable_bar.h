// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/inquiry.h"
#include "dashboards/dashboard.h"
#include "dashboards/resolve.h"

#include <QString>
#include <QWidget>

#include <memory>
#include <vector>

class QComboBox;
class QSettings;

namespace tokenscope::ui {

class MetricCatalogue;
class SourceList;

/// A dashboard's choices. What is chosen is kept in the settings, and stays chosen where the source does not have it.
class VariableBar : public QWidget {
    Q_OBJECT

public:
    VariableBar(const dashboards::Dashboard& dashboard, SourceList& sources, const MetricCatalogue& catalogue,
                QSettings& settings, QWidget* parent = nullptr);

    dashboards::Choices choices() const;
    /// Asks the source for the values.
    void refresh();

Q_SIGNALS:
    void changed();

private:
    struct Entry {
        dashboards::Variable variable;
        QComboBox* box = nullptr;
        std::unique_ptr<Inquiry> inquiry;
    };

    QString keyOf(const Entry& entry) const;
    void fill(Entry& entry, const std::vector<std::string>& values);

    const QString m_dashboard;
    SourceList& m_sources;
    const MetricCatalogue& m_catalogue;
    QSettings& m_settings;
    std::vector<Entry> m_entries;
};

} // namespace tokenscope::ui
