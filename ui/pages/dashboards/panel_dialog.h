// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "dashboards/dashboard.h"
#include "dashboards/resolve.h"

#include <QDialog>
#include <QTimer>

#include <string>
#include <vector>

class QLabel;
class QPushButton;
class QScrollArea;
class QVBoxLayout;

namespace tokenscope::ui {

struct ConsoleContext;
class ChartGroup;
class CompletionData;
class MetricCatalogue;
class MetricFeed;
class NoticeBar;
class PanelOptions;
class PanelView;
class TargetEditor;

/// A panel's questions and how they are shown, with a preview on the source and time range that are shown.
class PanelDialog : public QDialog {
    Q_OBJECT

public:
    /// `dashboard` has the panel, or gets it where none has its id.
    PanelDialog(const ConsoleContext& context, MetricFeed& feed, const MetricCatalogue& catalogue,
                dashboards::Dashboard dashboard, dashboards::Panel panel, dashboards::Choices choices,
                QWidget* parent = nullptr);

    /// As it stands in the fields; the problem's param is a JSON pointer within the panel.
    Result<dashboards::Panel> panel() const;
    const PanelView* preview() const { return m_preview; }
    void reject() override;

Q_SIGNALS:
    void decided(const dashboards::Panel& panel); ///< OK

private:
    QWidget* makeLeft();
    QWidget* makeFoot();
    TargetEditor* addTarget(const dashboards::PanelQuery& query);
    void drop(TargetEditor* target);
    void shift(TargetEditor* target, int step);
    void number();
    void orderTabs(); ///< as things stand, whenever they were made
    void edited();
    void judge();
    void showPreview(const dashboards::Panel& panel);
    void plan(); ///< what the preview asks
    void showAnswer();
    void showProblem(const Error& error);

    const ConsoleContext& m_context;
    MetricFeed& m_feed;
    const MetricCatalogue& m_catalogue;
    const dashboards::Dashboard m_dashboard;
    const dashboards::Panel m_panel; ///< at first
    const dashboards::Choices m_choices;
    CompletionData* m_completion;
    ChartGroup* m_group;
    PanelOptions* m_options;
    QVBoxLayout* m_stage; ///< of the preview
    QLabel* m_noPreview;  ///< while there is nothing to show yet
    PanelView* m_preview = nullptr;
    std::vector<std::size_t> m_asked; ///< whose questions they are that the preview asks
    std::vector<TargetEditor*> m_targets;
    QPushButton* m_add;
    QVBoxLayout* m_targetColumn;
    QScrollArea* m_scroll;
    QLabel* m_reason;
    NoticeBar* m_notice;
    QPushButton* m_ok;
    QTimer m_pause; ///< in the typing
    bool m_valid = false;
    bool m_touched = false;
};

} // namespace tokenscope::ui
