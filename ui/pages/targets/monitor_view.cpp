// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/targets/monitor_view.h"

#include "pages/targets/monitor_model.h"
#include "theme/theme.h"

#include <QAction>
#include <QButtonGroup>
#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

#include <algorithm>

namespace tokenscope::ui {

namespace {

constexpr int detailHeight = 112;
constexpr int widestColumn = 300;
constexpr int mostMeasured = 100; ///< rows whose texts say how wide a column is to be

} // namespace

MonitorView::MonitorView(const Theme& theme, const QString& name, const QString& title, std::vector<Kind> kinds,
                         QWidget* parent)
    : QWidget(parent), m_theme(theme), m_kinds(std::move(kinds)), m_filter(new QLineEdit),
      m_model(new MonitorModel(theme, this)), m_tree(new QTreeView), m_empty(new QLabel),
      m_detailText(new QPlainTextEdit), m_explore(new QPushButton(tr("Open in Explore"))),
      m_copy(new QPushButton(tr("Copy")))
{
    const auto& tokens = theme.tokens();
    setObjectName(name);
    m_tree->setObjectName(name + QStringLiteral(".tree"));
    m_tree->setAccessibleName(title);
    m_tree->setModel(m_model);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setUniformRowHeights(true);
    m_tree->setAllColumnsShowFocus(true);
    m_tree->setTextElideMode(Qt::ElideRight);
    m_tree->header()->setStretchLastSection(true);
    m_tree->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_tree->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    auto* copyRow = new QAction(tr("Copy"), m_tree);
    copyRow->setShortcut(QKeySequence::Copy);
    copyRow->setShortcutContext(Qt::WidgetShortcut);
    m_tree->addAction(copyRow);
    m_empty->setObjectName(name + QStringLiteral(".empty"));
    m_empty->setProperty("role", QStringLiteral("secondary"));
    m_empty->setWordWrap(true);
    m_empty->setTextFormat(Qt::PlainText);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(tokens.space2);
    m_bar = makeFilter();
    column->addWidget(m_bar);
    column->addWidget(m_tree, 1);
    column->addWidget(m_empty, 1);
    m_detail = makeDetail();
    column->addWidget(m_detail);
    connect(copyRow, &QAction::triggered, this, &MonitorView::copy);
    connect(m_copy, &QPushButton::clicked, this, &MonitorView::copy);
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex& index) {
        if (const auto* row = m_model->row(index); row && !m_filling)
            m_chosen = row->key;
        showDetail();
        const auto* row = m_model->row(index);
        if (!m_filling)
            Q_EMIT chosen(row ? row->key : QString());
    });
    connect(m_tree, &QTreeView::activated, this, [this](const QModelIndex& index) {
        if (const auto* row = m_model->row(index))
            Q_EMIT activated(row->key);
    });
    connect(m_tree->header(), &QHeaderView::sectionResized, this, [this](int section) {
        m_sizedByHand = m_sizedByHand || (!m_filling && section + 1 < m_tree->header()->count());
    });
    connect(m_tree, &QTreeView::collapsed, this,
            [this](const QModelIndex& index) { m_collapsed.insert(index.data(MonitorModel::titleRole).toString()); });
    connect(m_tree, &QTreeView::expanded, this, [this](const QModelIndex& index) {
        if (!m_filling)
            m_collapsed.remove(index.data(MonitorModel::titleRole).toString());
    });
    connect(&theme, &Theme::changed, this, &MonitorView::dress);
    dress();
    fill();
}

QWidget* MonitorView::makeFilter()
{
    const auto& tokens = m_theme.tokens();
    auto* bar = new QWidget;
    m_filter->setObjectName(objectName() + QStringLiteral(".filter"));
    m_filter->setPlaceholderText(tr("Filter"));
    m_filter->setAccessibleName(tr("Filter"));
    m_filter->setMaximumWidth(320);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(tokens.space1);
    row->addWidget(m_filter, 1);
    row->addSpacing(tokens.space2);
    auto* group = new QButtonGroup(this);
    for (std::size_t i = 0; i <= m_kinds.size(); ++i) {
        auto* button = new QToolButton;
        button->setObjectName(objectName() + QStringLiteral(".kind.%1").arg(i));
        button->setCheckable(true);
        button->setChecked(i == 0);
        group->addButton(button);
        row->addWidget(button);
        m_buttons.push_back(button);
        connect(button, &QToolButton::clicked, this, &MonitorView::fill);
    }
    row->addStretch(1);
    connect(m_filter, &QLineEdit::textChanged, this, &MonitorView::fill);
    return bar;
}

QWidget* MonitorView::makeDetail()
{
    const auto& tokens = m_theme.tokens();
    auto* detail = new QWidget;
    m_detailText->setObjectName(objectName() + QStringLiteral(".detail"));
    m_detailText->setAccessibleName(tr("All about the chosen row"));
    m_detailText->setReadOnly(true);
    m_detailText->setTabChangesFocus(true);
    m_detailText->setFixedHeight(detailHeight);
    m_explore->setObjectName(objectName() + QStringLiteral(".explore"));
    m_copy->setObjectName(objectName() + QStringLiteral(".copy"));
    m_copy->setAccessibleName(tr("Copy the row"));
    auto* buttons = new QVBoxLayout;
    buttons->setSpacing(tokens.space1);
    buttons->addWidget(m_explore);
    buttons->addWidget(m_copy);
    buttons->addStretch(1);
    auto* row = new QHBoxLayout(detail);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(tokens.space2);
    row->addWidget(m_detailText, 1);
    row->addLayout(buttons);
    connect(m_explore, &QPushButton::clicked, this, [this] {
        if (const auto* chosen = m_model->row(m_tree->currentIndex()))
            Q_EMIT exploreRequested(chosen->expression);
    });
    return detail;
}

void MonitorView::setList(MonitorList list)
{
    m_list = std::move(list);
    fill();
}

void MonitorView::setEmptyText(const QString& text, Qt::Alignment where)
{
    m_empty->setAlignment(where);
    m_emptyText = text;
    fill();
}

void MonitorView::setExpressionsUsable(bool usable)
{
    m_expressionsUsable = usable;
    showDetail();
}

void MonitorView::setStale(bool stale)
{
    m_model->setStale(stale);
}

void MonitorView::choose(const QString& key)
{
    m_chosen = key;
    fill();
}

void MonitorView::fill()
{
    const QScopedValueRollback filling(m_filling, true);
    m_buttons[0]->setText(tr("All %1").arg(m_list.count()));
    std::vector<Tone> tones;
    for (std::size_t i = 0; i < m_kinds.size(); ++i) {
        m_buttons[i + 1]->setText(QStringLiteral("%1 %2").arg(m_kinds[i].title).arg(m_list.count(m_kinds[i].tone)));
        if (m_buttons[i + 1]->isChecked())
            tones.push_back(m_kinds[i].tone);
    }
    auto shown = filtered(m_list, m_filter->text(), tones);
    const bool any = !shown.groups.empty();
    const auto columns = m_model->columnCount();
    m_model->setList(std::move(shown));
    for (int group = 0; group < m_model->rowCount(); ++group) {
        const auto top = m_model->index(group, 0);
        m_tree->setFirstColumnSpanned(group, {}, true);
        m_tree->setExpanded(top, !m_collapsed.contains(top.data(MonitorModel::titleRole).toString()));
        for (int row = 0; row < m_model->rowCount(top); ++row) {
            const auto index = m_model->index(row, 0, top);
            if (!m_chosen.isEmpty() && m_model->row(index)->key == m_chosen && m_tree->currentIndex() != index)
                m_tree->setCurrentIndex(index);
        }
    }
    if (columns != m_model->columnCount())
        m_sizedByHand = false;
    layColumns();
    m_bar->setVisible(m_list.count() > 0);
    m_tree->setVisible(any);
    m_empty->setVisible(!any);
    m_empty->setText(m_list.count() > 0 ? tr("Nothing fits the filter.") : m_emptyText);
    showDetail();
}

/// Columns grow with what comes and never shrink under the eye; one that was sized by hand says that all stay.
void MonitorView::layColumns()
{
    if (m_sizedByHand)
        return;
    const auto metrics = m_tree->fontMetrics();
    for (int column = 0; column + 1 < m_model->columnCount(); ++column) {
        int width = m_tree->header()->sectionSizeHint(column);
        int measured = 0;
        for (int group = 0; group < m_model->rowCount() && measured < mostMeasured; ++group) {
            const auto top = m_model->index(group, 0);
            const auto rows = std::min(mostMeasured - measured, m_model->rowCount(top));
            for (int row = 0; row < rows; ++row)
                width = std::max(
                    width, metrics.horizontalAdvance(m_model->index(row, column, top).data().toString().left(200)));
            measured += rows;
        }
        const auto indent = column == 0 ? 2 * m_tree->indentation() : 0;
        const auto wanted = std::min(widestColumn, width) + indent + m_theme.tokens().space6;
        if (const auto present = m_tree->columnWidth(column); !m_laid || wanted > present)
            m_tree->setColumnWidth(column, wanted);
    }
    m_laid = m_model->columnCount() > 0;
}

void MonitorView::showDetail()
{
    const auto* chosen = m_model->row(m_tree->currentIndex());
    m_detail->setVisible(chosen != nullptr);
    if (!chosen)
        return;
    if (m_detailText->toPlainText() != chosen->detail)
        m_detailText->setPlainText(chosen->detail);
    m_explore->setVisible(m_expressionsUsable && !chosen->expression.isEmpty());
}

void MonitorView::copy()
{
    if (const auto* chosen = m_model->row(m_tree->currentIndex()))
        QGuiApplication::clipboard()->setText(chosen->cells.join(QLatin1Char('\t')) + QLatin1Char('\n')
                                              + chosen->detail);
}

void MonitorView::dress()
{
    const auto& tokens = m_theme.tokens();
    m_detailText->setFont(tokens.mono);
    for (auto* button : m_buttons)
        button->setFont(tokens.small);
}

} // namespace tokenscope::ui
