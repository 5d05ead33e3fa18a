// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/dashboards/dashboards_page.h"

#include "bridge/console_context.h"
#include "bridge/metric_catalogue.h"
#include "bridge/metric_feed.h"
#include "dashboards/dashboard_json.h"
#include "dashboards/library.h"
#include "pages/common/icon.h"
#include "pages/common/notice_bar.h"
#include "pages/dashboards/dashboard_draft.h"
#include "pages/dashboards/dashboard_editor.h"
#include "pages/dashboards/dashboard_list.h"
#include "pages/dashboards/dashboard_view.h"
#include "pages/dashboards/edit_bar.h"
#include "pages/dashboards/json_dialog.h"
#include "pages/dashboards/panel_view.h"
#include "theme/theme.h"
#include "widgets/elided_label.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QShortcut>
#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>

namespace tokenscope::ui {

namespace {

constexpr int listWidth = 200;
constexpr QLatin1StringView currentKey("dashboards/current");
constexpr QLatin1StringView splitterKey("dashboards/splitter");

} // namespace

DashboardsPage::DashboardsPage(const ConsoleContext& context, MetricFeed& feed, const MetricCatalogue& catalogue,
                               QWidget* parent)
    : Page(parent), m_context(context), m_feed(feed), m_catalogue(catalogue), m_splitter(new QSplitter),
      m_list(new DashboardList(context.theme)), m_title(new ElidedLabel),
      m_description(new ElidedLabel({}, nullptr, 2)), m_edit(new QPushButton(tr("Edit"))), m_more(new QToolButton),
      m_editBar(new EditBar(context.theme)),
      m_notice(new NoticeBar(context.theme, QStringLiteral("dashboards.notice"))),
      m_editor(new DashboardEditor(m_context, feed, catalogue, *m_editBar, *m_notice, *this))
{
    const auto& tokens = context.theme.tokens();
    setObjectName(QStringLiteral("page.dashboards"));
    auto* right = new QWidget;
    m_column = new QVBoxLayout(right);
    m_column->setContentsMargins(tokens.space3, 0, 0, 0);
    m_column->setSpacing(tokens.space3);
    auto* top = new QVBoxLayout; // the view below has its scroll bar in the margin
    top->setContentsMargins(0, 0, tokens.space3, 0);
    top->setSpacing(tokens.space3);
    for (auto* part : std::initializer_list<QWidget*>{m_header = makeHeader(), m_editBar, m_notice})
        top->addWidget(part);
    m_column->addLayout(top);
    m_editBar->hide();
    m_splitter->addWidget(m_list);
    m_splitter->addWidget(right);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setStretchFactor(1, 1);
    m_list->setMinimumWidth(140);
    m_splitter->setSizes({listWidth, 4 * listWidth});
    m_splitter->restoreState(context.settings.value(splitterKey).toByteArray());
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(tokens.space4, tokens.space3, tokens.space4 - tokens.space3, 0);
    row->addWidget(m_splitter);

    connect(m_splitter, &QSplitter::splitterMoved, this,
            [this] { m_context.settings.setValue(splitterKey, m_splitter->saveState()); });
    connect(m_list, &DashboardList::chosen, this, &DashboardsPage::choose);
    connect(&catalogue, &MetricCatalogue::changed, this, &DashboardsPage::metricsChanged);
    connect(&context.theme, &Theme::changed, this, &DashboardsPage::dress);
    dress();
    addShortcuts();
    connect(m_editor, &DashboardEditor::finished, this, &DashboardsPage::stopEditing);
    const auto before = context.settings.value(currentKey).toString();
    m_chosen = !before.isEmpty();
    m_list->setMetrics(catalogue.names());
    reload(before);
    // What the last run left unsaved comes back as it was left.
    if (const auto unsaved = DashboardDraft::kept(context.settings); unsaved && context.library.find(unsaved->id)) {
        showDashboard(QString::fromStdString(unsaved->id));
        edit(unsaved);
    }
}

DashboardsPage::~DashboardsPage() = default;

void DashboardsPage::addShortcuts()
{
    const auto onKey = [this](const QKeySequence& keys, auto run) {
        auto* shortcut = new QShortcut(keys, this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, run);
    };
    onKey(Qt::Key_F, [this] {
        if (m_view && !m_editor->editing())
            m_view->showAlone();
    });
    onKey(Qt::Key_Slash, [this] { m_list->focusSearch(); });
    onKey(Qt::Key_E, [this] { startEditing(); });
    onKey(QKeySequence::Save, [this] { m_editor->save(); });
    onKey(QKeySequence::Undo, [this] { m_editor->undo(); });
    onKey(QKeySequence(QStringLiteral("Ctrl+Shift+Z")), [this] { m_editor->redo(); });
}

QWidget* DashboardsPage::makeHeader()
{
    const auto& tokens = m_context.theme.tokens();
    auto* header = new QWidget;
    m_title->setObjectName(QStringLiteral("dashboard.title"));
    m_title->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    m_description->setObjectName(QStringLiteral("dashboard.description"));
    m_description->setProperty("role", QStringLiteral("secondary"));
    m_edit->setObjectName(QStringLiteral("dashboard.startEditing"));
    m_edit->setAccessibleName(tr("Edit this dashboard"));
    m_edit->setToolTip(tr("Move, resize, change and add panels (E)"));
    connect(m_edit, &QPushButton::clicked, this, &DashboardsPage::startEditing);
    m_more->setObjectName(QStringLiteral("dashboard.more"));
    m_more->setAccessibleName(tr("More actions on this dashboard"));
    m_more->setToolTip(tr("Duplicate, edit, import, export…"));
    m_more->setProperty("framed", true);
    m_more->setPopupMode(QToolButton::InstantPopup);
    m_more->setFocusPolicy(Qt::TabFocus);
    auto* menu = new QMenu(m_more);
    menu->setObjectName(QStringLiteral("dashboard.menu"));
    connect(menu, &QMenu::aboutToShow, this, &DashboardsPage::fillMenu);
    m_more->setMenu(menu);
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(tokens.space3);
    row->addWidget(m_title);
    row->addWidget(m_description, 1);
    row->addWidget(m_edit);
    row->addWidget(m_more);
    return header;
}

void DashboardsPage::dress()
{
    const auto& tokens = m_context.theme.tokens();
    m_title->setFont(tokens.heading);
    m_description->setFont(tokens.small);
    m_more->setIcon(tintedIcon(QStringLiteral("more"), tokens.secondary));
    m_more->setIconSize({18, 18});
    m_more->setFixedSize(tokens.controlHeight, tokens.controlHeight);
}

void DashboardsPage::fillMenu()
{
    auto* menu = m_more->menu();
    menu->clear();
    const auto* dashboard = current();
    const auto add = [this, menu](const char* name, const QString& text, void (DashboardsPage::*run)(), bool enabled) {
        auto* action = menu->addAction(text);
        action->setObjectName(QStringLiteral("dashboard.") + QLatin1StringView(name));
        action->setEnabled(enabled);
        connect(action, &QAction::triggered, this, run);
    };
    const bool shadows = m_context.library.shadows(m_id);
    const bool own = dashboard && !dashboard->shipped;
    add("duplicate", tr("Duplicate"), &DashboardsPage::duplicate, dashboard);
    add("edit", tr("Edit as JSON…"), &DashboardsPage::editJson, dashboard);
    add("remove", own && shadows ? tr("Reset to shipped…") : tr("Delete…"), &DashboardsPage::askRemove, own);
    menu->addSeparator();
    add("import", tr("Import…"), &DashboardsPage::importFile, true);
    add("export", tr("Export…"), &DashboardsPage::exportFile, dashboard);
}

const dashboards::Dashboard* DashboardsPage::current() const
{
    return m_context.library.find(m_id);
}

void DashboardsPage::reload(const QString& current)
{
    const auto& library = m_context.library;
    m_list->setDashboards(library.all());
    QStringList problems;
    for (const auto& problem : library.problems())
        problems << QString::fromStdString(problem);
    m_list->setProblems(problems);
    const bool known = library.find(current.toStdString()) != nullptr;
    m_id.clear(); // the same id may be another dashboard now
    showDashboard(known ? current : m_list->best());
}

void DashboardsPage::choose(const QString& id)
{
    m_chosen = true;
    m_context.settings.setValue(currentKey, id);
    showDashboard(id);
}

void DashboardsPage::showDashboard(const QString& id)
{
    const auto* dashboard = m_context.library.find(id.toStdString());
    if (!dashboard || m_id == dashboard->id)
        return;
    if (m_editor->editing()) {
        m_editor->leave([this, id] { showDashboard(id); });
        return;
    }
    m_id = dashboard->id;
    m_list->setCurrent(id);
    const auto title = QString::fromStdString(dashboard->title);
    m_title->setText(title);
    m_description->setText(QString::fromStdString(dashboard->description));
    delete m_view;
    m_view = new DashboardView(m_context, m_feed, m_catalogue, *dashboard);
    m_view->setAbsentShown(m_absentShown);
    connect(m_view, &DashboardView::absentToggled, this, [this](bool shown) { m_absentShown = shown; });
    connect(m_view, &DashboardView::requestsWanted, this, &DashboardsPage::requestsWanted);
    m_view->setAccessibleName(title);
    m_column->addWidget(m_view, 1);
}

void DashboardsPage::metricsChanged()
{
    m_list->setMetrics(m_catalogue.names());
    // Whoever has not chosen yet sees what this source is about.
    if (!m_chosen && m_catalogue.known() && !m_editor->editing())
        showDashboard(m_list->best());
}

void DashboardsPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    dress(); // a style sheet takes fonts away that were set before a widget was first shown
    setEntry(m_list->findChild<QWidget*>(QStringLiteral("dashboards.list")));
}

void DashboardsPage::keyPressEvent(QKeyEvent* event)
{
    if (event->key() != Qt::Key_Escape || !m_view)
        Page::keyPressEvent(event);
    else if (m_editor->editing())
        m_editor->discard();
    else if (!m_view->showAll())
        Page::keyPressEvent(event);
}

void DashboardsPage::complain(const Error& error)
{
    const auto detail = error.detail.empty() ? std::string() : " (" + error.detail + ")";
    m_notice->tellFailure(QString::fromStdString(error.message + detail));
}

void DashboardsPage::startEditing()
{
    edit(std::nullopt);
}

void DashboardsPage::edit(const std::optional<dashboards::Dashboard>& unsaved)
{
    const auto* dashboard = current();
    if (!dashboard || m_editor->editing())
        return;
    m_notice->hide();
    m_header->hide();
    m_list->hide(); // the dashboard as wide as can be; another one would end the editing
    m_editBar->show();
    m_editor->begin(*m_view, *dashboard, unsaved);
    const auto& panels = m_view->panels();
    if (!panels.empty())
        m_view->focusPanel(QString::fromStdString(panels.front()->panel().id));
    if (unsaved)
        m_notice->tell(tr("These changes were not saved yet."));
}

void DashboardsPage::stopEditing(bool saved)
{
    m_editBar->hide();
    m_header->show();
    m_list->show();
    m_notice->hide();
    const bool shadows = m_context.library.shadows(m_id);
    reload(QString::fromStdString(m_id));
    m_edit->setFocus();
    if (saved && shadows)
        m_notice->tell(tr("Saved as your own copy."), {{tr("Reset to shipped…"), [this] { askRemove(); }}});
    else if (saved)
        m_notice->tell(tr("Saved."));
}

void DashboardsPage::askRemove()
{
    const auto* dashboard = current();
    if (!dashboard)
        return;
    const auto title = QString::fromStdString(dashboard->title);
    const bool shadows = m_context.library.shadows(m_id);
    m_notice->ask(shadows ? tr("Give up your changes to “%1”?").arg(title) : tr("Delete “%1”?").arg(title),
                  {{shadows ? tr("Reset") : tr("Delete"), [this] { remove(); }}, {tr("Keep"), nullptr}});
}

void DashboardsPage::remove()
{
    const auto* found = current();
    if (!found)
        return;
    const auto dashboard = *found;
    if (const auto removed = m_context.library.remove(dashboard.id); !removed) {
        complain(removed.error());
        return;
    }
    const auto id = QString::fromStdString(dashboard.id);
    reload(id);
    m_notice->tell(tr("“%1” is removed.").arg(QString::fromStdString(dashboard.title)),
                   {{tr("Undo"), [this, dashboard, id] {
                         const auto saved = m_context.library.save(dashboard);
                         reload(id);
                         if (!saved)
                             complain(saved.error());
                     }}});
}

void DashboardsPage::editJson()
{
    const auto text = m_context.library.export_json(m_id);
    if (!text) {
        complain(text.error());
        return;
    }
    const auto check = [id = m_id](const std::string& json) -> Result<void> {
        if (auto read = dashboards::parse_dashboard(json, id); !read)
            return failure(read.error());
        return {};
    };
    const auto apply = [this, id = m_id](const std::string& json) -> Result<void> {
        auto read = dashboards::parse_dashboard(json, id);
        if (!read)
            return failure(read.error());
        if (auto saved = m_context.library.save(std::move(*read)); !saved)
            return saved;
        reload(QString::fromStdString(id));
        return {};
    };
    auto* dialog = new JsonDialog(m_context.theme, tr("%1 as JSON").arg(m_title->text()), *text, check, apply, this);
    dialog->open();
}

} // namespace tokenscope::ui
