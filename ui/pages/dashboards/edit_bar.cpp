// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/dashboards/edit_bar.h"

#include "pages/common/icon.h"
#include "theme/theme.h"
#include "widgets/elided_label.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace tokenscope::ui {

namespace {

constexpr int longestTitle = 200; ///< as the format has it

} // namespace

EditBar::EditBar(const Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_title(new QLineEdit),
      m_hint(new ElidedLabel(
          tr("Drag to move, a row by its grip; drag the corner to resize; or use the arrow keys, with Shift to "
             "resize. Enter edits a panel, Delete removes it.")))
{
    const auto& tokens = theme.tokens();
    m_title->setObjectName(QStringLiteral("dashboard.edit.title"));
    m_title->setAccessibleName(tr("Title of the dashboard"));
    m_title->setMaxLength(longestTitle);
    m_title->installEventFilter(this);
    m_hint->setProperty("role", QStringLiteral("secondary"));
    auto* row = new QHBoxLayout;
    row->setSpacing(tokens.space2);
    row->addWidget(m_title, 1);
    auto* panel = addButton(*row, "panel", tr("Add panel"));
    auto* line = addButton(*row, "row", tr("Add row"));
    m_undo = addTool(*row, "undo", QStringLiteral("undo"), tr("Undo (Ctrl+Z)"));
    m_redo = addTool(*row, "redo", QStringLiteral("redo"), tr("Redo (Ctrl+Shift+Z)"));
    auto* variables = addButton(*row, "variables", tr("Variables…"));
    auto* json = addButton(*row, "json", tr("JSON…"));
    json->setAccessibleName(tr("Edit as JSON"));
    m_discard = addButton(*row, "discard", tr("Discard"));
    m_save = addButton(*row, "save", tr("Save"));
    m_save->setProperty("primary", true);
    m_save->setToolTip(tr("Save as your own copy (Ctrl+S)"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, tokens.space2, 0);
    column->setSpacing(tokens.space1);
    column->addLayout(row);
    column->addWidget(m_hint);
    connect(m_title, &QLineEdit::editingFinished, this, &EditBar::finishTitle);
    connect(panel, &QPushButton::clicked, this, &EditBar::panelRequested);
    connect(line, &QPushButton::clicked, this, &EditBar::rowRequested);
    connect(m_undo, &QToolButton::clicked, this, &EditBar::undoRequested);
    connect(m_redo, &QToolButton::clicked, this, &EditBar::redoRequested);
    connect(variables, &QPushButton::clicked, this, &EditBar::variablesRequested);
    connect(json, &QPushButton::clicked, this, &EditBar::jsonRequested);
    connect(m_discard, &QPushButton::clicked, this, &EditBar::discardRequested);
    connect(m_save, &QPushButton::clicked, this, &EditBar::saveRequested);
    connect(&theme, &Theme::changed, this, &EditBar::dress);
    dress();
}

QToolButton* EditBar::addTool(QHBoxLayout& row, const char* name, const QString& icon, const QString& text)
{
    auto* tool = new QToolButton;
    tool->setObjectName(QStringLiteral("dashboard.edit.") + QLatin1StringView(name));
    tool->setProperty("icon.name", icon);
    tool->setAccessibleName(text.section(QLatin1Char(' '), 0, 0));
    tool->setToolTip(text);
    m_tools.push_back(tool);
    row.addWidget(tool);
    return tool;
}

QPushButton* EditBar::addButton(QHBoxLayout& row, const char* name, const QString& text)
{
    auto* button = new QPushButton(text);
    button->setObjectName(QStringLiteral("dashboard.edit.") + QLatin1StringView(name));
    row.addWidget(button);
    return button;
}

void EditBar::setTitle(const QString& title)
{
    m_before = title;
    m_title->setText(title);
    m_title->setCursorPosition(0);
}

void EditBar::setState(bool changed, bool canUndo, bool canRedo)
{
    m_undo->setEnabled(canUndo);
    m_redo->setEnabled(canRedo);
    m_save->setEnabled(changed);
    m_save->setAccessibleDescription(changed ? QString() : tr("Nothing is changed"));
    m_discard->setText(changed ? tr("Discard") : tr("Close"));
    m_discard->setToolTip(changed ? tr("Give up the changes (Esc)") : tr("Stop editing (Esc)"));
}

void EditBar::finishTitle()
{
    const auto title = m_title->text().trimmed();
    if (title.isEmpty())
        m_title->setText(m_before); // it needs one
    else if (title != m_before)
        Q_EMIT titleChanged(m_before = title);
}

bool EditBar::eventFilter(QObject* watched, QEvent* event)
{
    // The first Esc gives up what is typed, not the whole of the changes.
    if (watched == m_title && event->type() == QEvent::KeyPress
        && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape && m_title->text() != m_before) {
        m_title->setText(m_before);
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

void EditBar::dress()
{
    const auto& tokens = m_theme.tokens();
    m_title->setFont(tokens.heading);
    m_hint->setFont(tokens.small);
    for (auto* tool : m_tools) {
        tool->setIcon(tintedIcon(tool->property("icon.name").toString(), tokens.text));
        tool->setFixedSize(tokens.controlHeight, tokens.controlHeight);
    }
}

} // namespace tokenscope::ui
