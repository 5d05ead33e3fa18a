// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "dashboards/dashboard.h"
#include "pages/common/page.h"

#include <QString>

#include <optional>
#include <string>
#include <vector>

class QLabel;
class QPushButton;
class QSplitter;
class QToolButton;
class QVBoxLayout;

namespace tokenscope::ui {

struct ConsoleContext;
class DashboardEditor;
class DashboardList;
class DashboardView;
class EditBar;
class MetricCatalogue;
class MetricFeed;
class NoticeBar;
struct RequestsWanted;

/// The shipped dashboards and the user's own, on whatever source is shown.
class DashboardsPage : public Page {
    Q_OBJECT

public:
    DashboardsPage(const ConsoleContext& context, MetricFeed& feed, const MetricCatalogue& catalogue,
                   QWidget* parent = nullptr);
    ~DashboardsPage() override;

    /// An unknown id changes nothing.
    void showDashboard(const QString& id);
    /// As the user's own choice: it stays, whatever the source has.
    void choose(const QString& id);
    DashboardView* view() const { return m_view; }
    std::vector<PageCommand> commands() override;
    /// The dashboard's panels and rows can be changed; nothing happens where they can already.
    void startEditing();

Q_SIGNALS:
    /// A click into a chart that tells of this process's requests.
    void requestsWanted(const RequestsWanted& wanted);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    QWidget* makeHeader();
    void dress();
    void fillMenu();
    void reload(const QString& current);
    void metricsChanged();
    const dashboards::Dashboard* current() const;

    void duplicate();
    void importFile();
    void takeIn(const QString& path);
    void exportFile();
    void askRemove();
    void remove();
    void editJson();
    void edit(const std::optional<dashboards::Dashboard>& unsaved);
    void stopEditing(bool saved);
    void addShortcuts();
    void complain(const Error& error);

    const ConsoleContext& m_context;
    MetricFeed& m_feed;
    const MetricCatalogue& m_catalogue;
    QSplitter* m_splitter;
    DashboardList* m_list;
    QLabel* m_title;
    QLabel* m_description;
    QPushButton* m_edit;
    QToolButton* m_more;
    QWidget* m_header = nullptr;
    EditBar* m_editBar;
    NoticeBar* m_notice;
    DashboardEditor* m_editor;
    QVBoxLayout* m_column;
    DashboardView* m_view = nullptr;
    std::string m_id;
    bool m_absentShown = false; ///< of every dashboard, in this session
    bool m_chosen = false;      ///< by the user, now or before: not to be changed for them
};

} // namespace tokenscope::ui
