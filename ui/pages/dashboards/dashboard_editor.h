// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dashboards/dashboard.h"
#include "pages/common/page.h"

#include <QObject>
#include <QString>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace tokenscope::ui {

struct ConsoleContext;
class DashboardDraft;
class DashboardView;
class EditBar;
class MetricCatalogue;
class MetricFeed;
class NoticeBar;

/// What happens between "Edit" and "Save": the draft, its steps, the dialogs, and the question before anything is lost.
class DashboardEditor : public QObject {
    Q_OBJECT

public:
    DashboardEditor(const ConsoleContext& context, MetricFeed& feed, const MetricCatalogue& catalogue, EditBar& bar,
                    NoticeBar& notice, QWidget& page);
    ~DashboardEditor() override;

    /// `unsaved`: what is left of an earlier editing.
    void begin(DashboardView& view, const dashboards::Dashboard& original,
               const std::optional<dashboards::Dashboard>& unsaved = std::nullopt);
    bool editing() const { return m_draft != nullptr; }
    bool changed() const;
    /// What can be done while it is edited.
    std::vector<PageCommand> commands();
    void undo();
    void redo();
    void save();
    /// Asks where something would be lost.
    void discard();
    /// Goes on with `then` once the editing is over: at once where nothing is unsaved, else as the answer says.
    void leave(const std::function<void()>& then);

Q_SIGNALS:
    void finished(bool saved);

private:
    void apply(const dashboards::Dashboard& dashboard);
    void show();
    void showBar();
    void end(bool saved);
    void editPanel(const QString& id);
    void addPanel(std::size_t row);
    void addPanelLast();
    void addRow();
    void rename(const QString& title);
    void editVariables();
    void editJson();

    const ConsoleContext& m_context;
    MetricFeed& m_feed;
    const MetricCatalogue& m_catalogue;
    EditBar& m_bar;
    NoticeBar& m_notice;
    QWidget& m_page;
    DashboardView* m_view = nullptr;
    std::unique_ptr<DashboardDraft> m_draft;
    std::function<void()> m_then;
};

} // namespace tokenscope::ui
