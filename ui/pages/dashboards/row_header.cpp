// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/dashboards/row_header.h"

#include "pages/common/icon.h"
#include "pages/dashboards/row_grip.h"
#include "theme/theme.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>

namespace tokenscope::ui {

namespace {

constexpr int titleWidth = 320;

} // namespace

RowHeader::RowHeader(const Theme& theme, std::size_t row, const QString& title, bool empty, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_grip(new RowGrip(theme, row)), m_remove(new QToolButton)
{
    const auto& tokens = theme.tokens();
    const auto name = QStringLiteral("row.%1").arg(row);
    auto* field = new QLineEdit(title);
    field->setObjectName(name + QStringLiteral(".title"));
    field->setAccessibleName(tr("Title of row %1").arg(row + 1));
    field->setPlaceholderText(tr("Row without a title"));
    field->setMaximumWidth(titleWidth);
    auto* add = new QPushButton(tr("Add panel"));
    add->setObjectName(name + QStringLiteral(".add"));
    add->setAccessibleName(tr("Add a panel to row %1").arg(row + 1));
    add->setProperty("flat", true);
    m_remove->setObjectName(name + QStringLiteral(".remove"));
    m_remove->setAccessibleName(tr("Remove row %1").arg(row + 1));
    m_remove->setToolTip(tr("Remove the row, which has no panels"));
    m_remove->setVisible(empty);
    auto* line = new QHBoxLayout(this);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(tokens.space2);
    line->addWidget(m_grip);
    line->addWidget(field, 1);
    line->addWidget(add);
    line->addWidget(m_remove);
    line->addStretch(1);
    connect(field, &QLineEdit::editingFinished, this, [this, field, title] {
        if (field->text() != title)
            Q_EMIT titleChanged(field->text());
    });
    connect(add, &QPushButton::clicked, this, &RowHeader::panelRequested);
    connect(m_remove, &QToolButton::clicked, this, &RowHeader::removeRequested);
    connect(&theme, &Theme::changed, this, &RowHeader::dress);
    dress();
}

void RowHeader::dress()
{
    const auto& tokens = m_theme.tokens();
    m_remove->setIcon(tintedIcon(QStringLiteral("close"), tokens.secondary));
    m_remove->setFixedSize(tokens.controlHeight, tokens.controlHeight);
}

} // namespace tokenscope::ui
