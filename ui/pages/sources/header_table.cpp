// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/sources/header_table.h"

#include <QHeaderView>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

namespace tokenscope::ui {

namespace {

constexpr int tableHeight = 112;
constexpr int rowHeight = 28;

} // namespace

HeaderTable::HeaderTable(QWidget* parent)
    : QWidget(parent), m_table(new QTableWidget(0, 2)), m_remove(new QPushButton(tr("Remove header")))
{
    m_table->setObjectName(QStringLiteral("source.headers"));
    m_table->setAccessibleName(tr("Headers"));
    m_table->setHorizontalHeaderLabels({tr("Name"), tr("Value")});
    m_table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Interactive);
    m_table->horizontalHeader()->resizeSection(0, 170);
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(rowHeight);
    m_table->setTabKeyNavigation(false);
    m_table->setFixedHeight(tableHeight);
    m_table->setEditTriggers(QAbstractItemView::AllEditTriggers);
    m_remove->setObjectName(QStringLiteral("source.headers.remove"));
    m_remove->setProperty("flat", true);
    m_remove->setAutoDefault(false);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(m_table);
    column->addWidget(m_remove, 0, Qt::AlignLeft);
    connect(m_remove, &QPushButton::clicked, this, &HeaderTable::removeCurrent);
    connect(m_table, &QTableWidget::itemChanged, this, [this] {
        if (m_filling)
            return;
        tidy();
        Q_EMIT edited();
    });
    connect(m_table, &QTableWidget::currentCellChanged, this, [this] { tidy(); });
    setHeaders({});
}

std::map<std::string, std::string> HeaderTable::headers() const
{
    std::map<std::string, std::string> headers;
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const auto name = m_table->item(row, 0)->text().trimmed();
        const auto value = m_table->item(row, 1)->text();
        if (name.isEmpty())
            continue;
        std::erase_if(headers, [&name](const auto& other) {
            return QString::fromStdString(other.first).compare(name, Qt::CaseInsensitive) == 0;
        });
        headers[name.toStdString()] = value.trimmed().toStdString();
    }
    return headers;
}

void HeaderTable::setHeaders(const std::map<std::string, std::string>& headers)
{
    m_filling = true;
    m_table->setRowCount(0);
    for (const auto& [name, value] : headers)
        addRow(QString::fromStdString(name), QString::fromStdString(value));
    m_filling = false;
    tidy();
}

void HeaderTable::addRow(const QString& name, const QString& value)
{
    const int row = m_table->rowCount();
    m_table->insertRow(row);
    m_table->setItem(row, 0, new QTableWidgetItem(name));
    m_table->setItem(row, 1, new QTableWidgetItem(value));
}

void HeaderTable::removeCurrent()
{
    const int row = m_table->currentRow();
    if (row < 0)
        return;
    m_table->removeRow(row);
    tidy();
    Q_EMIT edited();
}

void HeaderTable::tidy()
{
    const int last = m_table->rowCount() - 1;
    const auto empty = [this](int row) {
        return m_table->item(row, 0)->text().isEmpty() && m_table->item(row, 1)->text().isEmpty();
    };
    m_filling = true;
    if (last < 0 || !empty(last))
        addRow({}, {});
    m_filling = false;
    const int current = m_table->currentRow();
    m_remove->setEnabled(current >= 0 && current < m_table->rowCount() && !empty(current));
}

} // namespace tokenscope::ui
