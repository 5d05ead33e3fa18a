// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/inquiry.h"
#include "dashboards/dashboard.h"
#include "dashboards/resolve.h"
#include "sources/metric_source.h"

#include <QString>
#include <QWidget>

#include <memory>
#include <vector>

class QComboBox;
class QSettings;

namespace tokenscope::ui {

class MetricCatalogue;
class SourceList;
class ValuePicker;

/// A dashboard's choices. What is chosen is kept in the settings, and stays chosen where the source has none of it in the time shown.
/// Of another source that does not know it, all is chosen, until one comes that does.
class VariableBar : public QWidget {
    Q_OBJECT

public:
    VariableBar(const dashboards::Dashboard& dashboard, SourceList& sources, const MetricCatalogue& catalogue,
                QSettings& settings, QWidget* parent = nullptr);

    dashboards::Choices choices() const;
    /// Another source: only what the user chose is still there.
    void reset();
    /// Asks the source for the values of that time.
    void refresh(sources::Range shown);

Q_SIGNALS:
    void changed();

private:
    struct Entry {
        dashboards::Variable variable;
        QComboBox* box = nullptr;
        ValuePicker* picker = nullptr; ///< the box, where it takes several values
        std::unique_ptr<Inquiry> inquiry;
        bool ofAnother = false;  ///< what is chosen was chosen of the source before
        QStringList unknownHere; ///< of what is kept: this source does not have them
    };

    QComboBox* makeBox(Entry& entry);
    QString keyOf(const Entry& entry) const;
    QStringList chosen(const Entry& entry) const; ///< of what is kept, what goes for this source
    void keep(Entry& entry);
    void received(Entry& entry, const std::vector<std::string>& values);
    void fill(Entry& entry, const std::vector<std::string>& values);
    void fillBox(Entry& entry, const std::vector<std::string>& values);

    const QString m_dashboard;
    SourceList& m_sources;
    const MetricCatalogue& m_catalogue;
    QSettings& m_settings;
    std::vector<Entry> m_entries;
};

} // namespace tokenscope::ui
