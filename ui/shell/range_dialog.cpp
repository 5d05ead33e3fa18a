// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/range_dialog.h"

#include "theme/theme.h"

#include <QCalendarWidget>
#include <QDateTimeEdit>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace tokenscope::ui {

RangeDialog::RangeDialog(const Theme& theme, TimeRange& range, QWidget* parent)
    : QDialog(parent), m_range(range), m_from(new QDateTimeEdit), m_to(new QDateTimeEdit), m_problem(new QLabel)
{
    setObjectName(QStringLiteral("rangeDialog"));
    setWindowTitle(tr("Time range"));
    setAttribute(Qt::WA_DeleteOnClose);
    const auto& tokens = theme.tokens();
    const auto now = range.fixed() ? *range.fixed() : TimeRange::Span{range.steps().from, range.steps().to};
    auto* form = new QFormLayout;
    form->setHorizontalSpacing(tokens.space4);
    form->setVerticalSpacing(tokens.space2);
    const auto add = [&](QDateTimeEdit* edit, const char* name, const QString& label, std::int64_t ms) {
        edit->setObjectName(QLatin1StringView(name));
        edit->setAccessibleName(label);
        edit->setDisplayFormat(QStringLiteral("yyyy-MM-dd HH:mm:ss"));
        edit->setCalendarPopup(true);
        edit->calendarWidget()->setVerticalHeaderFormat(QCalendarWidget::NoVerticalHeader);
        edit->setDateTime(QDateTime::fromMSecsSinceEpoch(ms));
        edit->setMinimumWidth(220);
        form->addRow(label, edit);
        connect(edit, &QDateTimeEdit::dateTimeChanged, this, &RangeDialog::check);
    };
    add(m_from, "range.from", tr("From"), now.from);
    add(m_to, "range.to", tr("To"), now.to);
    m_problem->setObjectName(QStringLiteral("range.problem"));
    m_problem->setProperty("role", QStringLiteral("error"));
    m_problem->setFont(tokens.small);
    m_problem->setMinimumHeight(QFontMetrics(tokens.small).height());

    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    m_show = buttons->addButton(tr("Show"), QDialogButtonBox::AcceptRole);
    m_show->setObjectName(QStringLiteral("range.show"));
    m_show->setProperty("primary", true);
    connect(buttons, &QDialogButtonBox::accepted, this, &RangeDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &RangeDialog::reject);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(tokens.space6, tokens.space6, tokens.space6, tokens.space4);
    column->setSpacing(tokens.space3);
    column->addLayout(form);
    column->addWidget(m_problem);
    column->addWidget(buttons);
    layout()->setSizeConstraint(QLayout::SetFixedSize);
    m_show->setDefault(true); // which only a button of a dialog can be
    check();
}

void RangeDialog::check()
{
    const bool wrong = m_from->dateTime() >= m_to->dateTime();
    m_problem->setText(wrong ? tr("The range ends before it begins.") : QString());
    m_show->setEnabled(!wrong);
}

void RangeDialog::accept()
{
    m_range.setFixed({m_from->dateTime().toMSecsSinceEpoch(), m_to->dateTime().toMSecsSinceEpoch()});
    QDialog::accept();
}

} // namespace tokenscope::ui
