// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/console_context.h"
#include "bridge/metric_catalogue.h"
#include "bridge/metric_feed.h"
#include "bridge/model_list.h"
#include "bridge/time_range.h"
#include "shell/page_stack.h"

#include <QMainWindow>
#include <QString>
#include <QTimer>

#include <vector>

namespace tokenscope::ui {

class BreakingLabel;
class CommandPalette;
class NavRail;
class Page;
class TopBar;
class Tray;
struct Command;
struct RequestsWanted;

/// The console. Everything it shows comes through the context, which must outlive it. Geometry, page and time range are kept in
/// the context's settings from the moment they change, and so is the theme where the user chooses one.
class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    explicit MainWindow(ConsoleContext context);
    ~MainWindow() override;

    const std::vector<PageInfo>& pages() const { return m_stack->infos(); }
    /// Made now if it was not; null where the id is unknown.
    Page* page(const QString& id) { return m_stack->page(id); }
    /// An unknown id changes nothing.
    void showPage(const QString& id);
    QString currentPage() const { return m_stack->currentId(); }
    Theme& theme() const { return m_context.theme; }
    Tray& tray() const { return *m_tray; }
    /// Closes for good, also where closing the window would leave it in the tray.
    void quit();
    /// Out of the tray, from behind other windows.
    void comeBack();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void moveEvent(QMoveEvent* event) override;

private:
    void addPages();
    Page* makeOverview();
    Page* makePlayground();
    Page* makeRequests();
    Page* makeDashboards();
    Page* makeExplore();
    Page* makeTargets();
    Page* makeSettings();
    template <typename P>
    P& turnTo(const char* id); ///< of the page whose class is P
    void showRequests(const RequestsWanted& wanted);
    void showDashboard(const QString& id);
    void showMyRules();
    QWidget* makeBanner();
    void restore();
    void save();
    void addShortcuts();
    void showHealth();
    /// Whether none of its questions is answered; `askedMuch`: by every panel at the same time.
    bool answersNothing(const sources::SourceStatus& status, bool askedMuch);
    void manageSources();
    void chooseRange();
    void showShortcuts();
    void makeTray();
    void followAlerts();
    void refresh();
    void toggleFullScreen();
    std::vector<Command> commands();
    void dress();

    ConsoleContext m_context;
    TimeRange m_range;
    MetricFeed m_feed;
    TimeRange m_lastMinute; ///< of this process, whatever is looked at
    MetricFeed m_localFeed;
    MetricCatalogue m_catalogue;
    ModelList m_models;
    NavRail* m_rail;
    TopBar* m_topBar;
    BreakingLabel* m_banner = nullptr;
    QString m_lastError;                    ///< of the last round
    bool m_answered = false;                ///< since the source was chosen
    std::optional<std::int64_t> m_failedAt; ///< when a question failed last; ms since 1970
    QTimer m_healthTimer;
    QTimer m_saveSoon; ///< who is killed forgets nothing
    bool m_quitting = false;
    PageStack* m_stack;
    CommandPalette* m_palette = nullptr;
    Tray* m_tray = nullptr;
};

} // namespace tokenscope::ui
