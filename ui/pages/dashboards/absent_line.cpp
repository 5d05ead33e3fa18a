// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/dashboards/absent_line.h"

#include "widgets/elided_label.h"

#include <QHBoxLayout>
#include <QPushButton>

namespace tokenscope::ui {

AbsentLine::AbsentLine(QWidget* parent) : QWidget(parent), m_label(new ElidedLabel), m_button(new QPushButton)
{
    setObjectName(QStringLiteral("dashboard.absent"));
    m_label->setObjectName(QStringLiteral("dashboard.absent.text"));
    m_label->setProperty("role", QStringLiteral("secondary"));
    m_label->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    m_button->setObjectName(QStringLiteral("dashboard.absent.toggle"));
    m_button->setProperty("flat", true);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_label);
    row->addWidget(m_button);
    row->addStretch(1);
    connect(m_button, &QPushButton::clicked, this, &AbsentLine::toggled);
    hide();
}

void AbsentLine::tell(const QStringList& titles, bool shown)
{
    m_label->setText(tr("Not measured by this source: %1").arg(titles.join(QStringLiteral(", "))));
    m_button->setText(shown ? tr("Hide") : tr("Show"));
    m_button->setAccessibleName(shown ? tr("Hide the panels of what this source does not measure")
                                      : tr("Show the panels of what this source does not measure"));
    setVisible(!titles.isEmpty());
}

} // namespace tokenscope::ui
