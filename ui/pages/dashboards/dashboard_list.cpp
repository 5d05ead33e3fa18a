// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/dashboards/dashboard_list.h"

#include "dashboards/library.h"
#include "dashboards/resolve.h"
#include "theme/theme.h"

#include <QDialog>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace tokenscope::ui {

namespace {

constexpr int idRole = Qt::UserRole;

QListWidgetItem* heading(const QString& text, const ThemeTokens& tokens, bool apart = false)
{
    auto* item = new QListWidgetItem(text);
    if (apart) {
        item->setSizeHint({0, QFontMetrics(tokens.small).height() + 3 * tokens.space2});
        item->setTextAlignment(Qt::AlignBottom);
    }
    item->setFlags(Qt::NoItemFlags);
    item->setFont(tokens.small);
    item->setForeground(tokens.secondary);
    return item;
}

bool isShippedId(const std::string& id)
{
    return std::ranges::any_of(dashboards::shipped_files(), [&id](const auto& file) { return file.id == id; });
}

} // namespace

DashboardList::DashboardList(const Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_search(new QLineEdit), m_list(new QListWidget), m_problems(new QPushButton)
{
    const auto& tokens = theme.tokens();
    m_search->setObjectName(QStringLiteral("dashboards.search"));
    m_search->setPlaceholderText(tr("Search"));
    m_search->setAccessibleName(tr("Search dashboards"));
    m_search->installEventFilter(this);
    m_list->setObjectName(QStringLiteral("dashboards.list"));
    m_list->setAccessibleName(tr("Dashboards"));
    m_list->installEventFilter(this);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setTextElideMode(Qt::ElideRight);
    m_problems->setObjectName(QStringLiteral("dashboards.problems"));
    m_problems->setProperty("flat", true);
    m_problems->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed); // the list may be narrower
    m_problems->hide();
    connect(m_problems, &QPushButton::clicked, this, &DashboardList::showProblems);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(tokens.space2);
    column->addWidget(m_search);
    column->addWidget(m_list, 1);
    column->addWidget(m_problems);
    connect(m_search, &QLineEdit::textChanged, this, &DashboardList::fill);
    connect(m_list, &QListWidget::currentItemChanged, this, [this](const QListWidgetItem* item) {
        const auto id = item ? item->data(idRole).toString() : QString();
        if (id.isEmpty() || id == m_current)
            return;
        m_current = id;
        Q_EMIT chosen(id);
    });
    connect(&theme, &Theme::changed, this, &DashboardList::dress);
    dress();
}

void DashboardList::setDashboards(std::vector<dashboards::Dashboard> dashboards)
{
    m_dashboards = std::move(dashboards);
    m_items.clear();
    sortOut();
}

void DashboardList::setMetrics(const MetricCatalogue::Names& names)
{
    m_names = names;
    sortOut();
}

void DashboardList::sortOut()
{
    std::vector<Item> items;
    for (const auto& dashboard : m_dashboards) {
        const bool fits = !dashboard.needs.empty() && dashboards::fits(dashboard, m_names);
        items.push_back({QString::fromStdString(dashboard.id), QString::fromStdString(dashboard.title),
                         QString::fromStdString(dashboard.description), hintOf(dashboard), fits});
    }
    const auto same = std::equal(items.begin(), items.end(), m_items.begin(), m_items.end(),
                                 [](const Item& a, const Item& b) { return a.id == b.id && a.fits == b.fits; });
    m_items = std::move(items);
    if (!same)
        fill();
}

/// What tells the user's own from those that are shipped, and from each other.
QString DashboardList::hintOf(const dashboards::Dashboard& dashboard) const
{
    if (dashboard.shipped)
        return {};
    if (isShippedId(dashboard.id))
        return tr("edited");
    const bool alone = std::ranges::count(m_dashboards, dashboard.title, &dashboards::Dashboard::title) == 1;
    return alone ? tr("yours") : tr("yours, %1.json").arg(QString::fromStdString(dashboard.id));
}

void DashboardList::fill()
{
    const QSignalBlocker quiet(m_list);
    const auto& tokens = m_theme.tokens();
    m_list->clear();
    const auto wanted = m_search->text().trimmed();
    for (const bool fitting : {true, false}) {
        bool first = true;
        for (const auto& item : m_items) {
            const bool found = wanted.isEmpty() || item.title.contains(wanted, Qt::CaseInsensitive)
                               || item.description.contains(wanted, Qt::CaseInsensitive);
            if (item.fits != fitting || !found)
                continue;
            if (std::exchange(first, false))
                m_list->addItem(heading(fitting                ? tr("For this source")
                                        : m_list->count() == 0 ? tr("All")
                                                               : tr("For other sources"),
                                        tokens, m_list->count() > 0));
            const bool own = !item.hint.isEmpty();
            auto* row = new QListWidgetItem(own ? tr("%1 · %2").arg(item.title, item.hint) : item.title);
            row->setData(idRole, item.id);
            row->setToolTip(own ? tr("%1\nYour own, %2.json. %3").arg(item.title, item.id, item.description)
                                : item.description);
            m_list->addItem(row);
            if (item.id == m_current)
                m_list->setCurrentItem(row);
        }
    }
    if (m_list->count() == 0)
        m_list->addItem(heading(tr("No dashboard is called that"), tokens));
}

void DashboardList::setCurrent(const QString& id)
{
    m_current = id;
    const QSignalBlocker quiet(m_list);
    for (int row = 0; row < m_list->count(); ++row) {
        if (m_list->item(row)->data(idRole).toString() == id)
            m_list->setCurrentRow(row);
    }
}

QString DashboardList::best() const
{
    const auto found = std::find_if(m_items.begin(), m_items.end(), [](const Item& item) { return item.fits; });
    return found != m_items.end() ? found->id : m_items.empty() ? QString() : m_items.front().id;
}

void DashboardList::setProblems(const QStringList& problems)
{
    m_wrong = problems;
    m_problems->setText(problems.size() == 1 ? tr("1 cannot be read…") : tr("%1 cannot be read…").arg(problems.size()));
    m_problems->setToolTip(tr("Which dashboards cannot be read, and why"));
    m_problems->setAccessibleName(problems.size() == 1 ? tr("A dashboard cannot be read")
                                                       : tr("%1 dashboards cannot be read").arg(problems.size()));
    m_problems->setVisible(!problems.isEmpty());
}

void DashboardList::showProblems()
{
    const auto& tokens = m_theme.tokens();
    auto* dialog = new QDialog(window());
    dialog->setObjectName(QStringLiteral("dashboards.wrong"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(m_problems->accessibleName());
    auto* column = new QVBoxLayout(dialog);
    column->setContentsMargins(tokens.space4, tokens.space4, tokens.space4, tokens.space4);
    column->setSpacing(tokens.space3);
    auto* all = new QPlainTextEdit(m_wrong.join(QStringLiteral("\n\n")));
    all->setObjectName(QStringLiteral("dashboards.wrong.list"));
    all->setAccessibleName(dialog->windowTitle());
    all->setReadOnly(true);
    all->setTabChangesFocus(true);
    auto* close = new QPushButton(tr("Close"));
    close->setObjectName(QStringLiteral("dashboards.wrong.close"));
    connect(close, &QPushButton::clicked, dialog, &QDialog::accept);
    column->addWidget(all, 1);
    column->addWidget(close, 0, Qt::AlignRight);
    dialog->resize(640, 320);
    dialog->open();
}

void DashboardList::focusSearch()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

void DashboardList::move(int rows)
{
    for (int row = m_list->currentRow() + rows; row >= 0 && row < m_list->count(); row += rows) {
        if (m_list->item(row)->flags().testFlag(Qt::ItemIsSelectable)) {
            m_list->setCurrentRow(row);
            return;
        }
    }
}

bool DashboardList::eventFilter(QObject* watched, QEvent* event)
{
    // Space pauses the charts: there is nothing here that it could choose.
    if (watched == m_list && event->type() == QEvent::KeyPress
        && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Space) {
        event->ignore();
        return true;
    }
    if (watched == m_search && event->type() == QEvent::KeyPress) {
        const auto key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Down || key == Qt::Key_Up) {
            move(key == Qt::Key_Down ? 1 : -1);
            return true;
        }
        if (key == Qt::Key_Return || key == Qt::Key_Enter) {
            if (m_list->currentRow() < 0)
                move(1);
            m_list->setFocus();
            return true;
        }
        if (key == Qt::Key_Escape && !m_search->text().isEmpty()) {
            m_search->clear();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void DashboardList::dress()
{
    m_problems->setFont(m_theme.tokens().small);
    m_problems->setStyleSheet(QStringLiteral("QPushButton { color: %1; text-align: left; padding: 0 8px; }")
                                  .arg(m_theme.tokens().bad.name()));
    m_list->setStyleSheet(QStringLiteral("QListView, QListView:focus { background: transparent; border: none; }"));
    fill();
}

} // namespace tokenscope::ui
