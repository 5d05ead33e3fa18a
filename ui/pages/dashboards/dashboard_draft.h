// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dashboards/dashboard.h"

#include <QObject>

#include <optional>
#include <vector>

class QSettings;

namespace tokenscope::ui {

/// A dashboard while it is edited, with all the steps back. Kept in the settings until it is saved or given up, so that neither
/// a crash nor closing the window loses it.
class DashboardDraft : public QObject {
    Q_OBJECT

public:
    DashboardDraft(dashboards::Dashboard original, QSettings& settings, QObject* parent = nullptr);

    /// What was left unsaved by an earlier run.
    static std::optional<dashboards::Dashboard> kept(const QSettings& settings);

    const dashboards::Dashboard& dashboard() const { return m_steps[m_at]; }
    /// Whether it is not as it was.
    bool changed() const;
    bool canUndo() const { return m_at > 0; }
    bool canRedo() const { return m_at + 1 < m_steps.size(); }
    /// One step on; none where nothing is different.
    void apply(dashboards::Dashboard dashboard);
    void undo();
    void redo();
    /// Nothing is kept of it.
    void forget();

Q_SIGNALS:
    void edited();

private:
    void go(std::size_t at);

    QSettings& m_settings;
    std::vector<dashboards::Dashboard> m_steps;
    std::size_t m_at = 0;
};

} // namespace tokenscope::ui
