// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/alert_engine.h"

#include <QTimer>
#include <QWidget>

#include <optional>

class QPushButton;
class QTabBar;

namespace tokenscope::ui {

class MetricCatalogue;
class MonitorView;
class NoticeBar;
class SourceList;
class Theme;
class WatchStart;

/// The user's own rules: how they stand, what happened, and everything one can do to them.
class WatchView : public QWidget {
    Q_OBJECT

public:
    /// All must outlive it.
    WatchView(const Theme& theme, AlertEngine& engine, SourceList& sources, const MetricCatalogue& catalogue,
              QWidget* parent = nullptr);

    /// A dialog for a new one.
    void addRule();

private:
    QWidget* makeBar();
    QPushButton* makeButton(const char* name, const QString& text);
    void fill();
    void showActions();
    void choose(const QString& id);
    std::optional<alerts::Rule> chosen() const;
    void openDialog(const alerts::Rule& rule);
    void propose(const alerts::Rule& rule);
    void edit();
    void duplicate();
    void toggle();
    void remove();
    void put(const alerts::Rule& rule, std::size_t place);

    const Theme& m_theme;
    AlertEngine& m_engine;
    SourceList& m_sources;
    const MetricCatalogue& m_catalogue;
    NoticeBar* m_notice;
    WatchStart* m_start;
    QWidget* m_none = nullptr; ///< around it, in the middle
    QWidget* m_bar;
    MonitorView* m_rules;
    MonitorView* m_happenings;
    QWidget* m_fired = nullptr; ///< with its heading; not where nothing is watched
    QPushButton *m_add, *m_edit, *m_duplicate, *m_toggle, *m_remove;
    QString m_key; ///< the rule that is chosen
    QTimer m_timer;
};

} // namespace tokenscope::ui
