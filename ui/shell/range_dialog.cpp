// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/range_dialog.h"

#include "shell/time_edit.h"
#include "theme/theme.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace tokenscope::ui {

RangeDialog::RangeDialog(const Theme& theme, TimeRange& range, QWidget* parent)
    : QDialog(parent), m_range(range), m_from(new TimeEdit(theme, DayEnd::begin)),
      m_to(new TimeEdit(theme, DayEnd::end)), m_problem(new QLabel)
{
    setObjectName(QStringLiteral("rangeDialog"));
    setWindowTitle(tr("Time range"));
    setAttribute(Qt::WA_DeleteOnClose);
    const auto& tokens = theme.tokens();
    const auto now = range.fixed() ? *range.fixed() : TimeRange::Span{range.steps().from, range.steps().to};
    auto* form = new QFormLayout;
    form->setHorizontalSpacing(tokens.space4);
    form->setVerticalSpacing(tokens.space2);
    const auto add = [&](TimeEdit* edit, const char* name, const QString& label, std::int64_t ms) {
        edit->setObjectName(QLatin1StringView(name));
        edit->setAccessibleName(label);
        edit->setText(timeText(ms));
        edit->setMinimumWidth(220);
        form->addRow(label, edit);
        connect(edit, &TimeEdit::textChanged, this, &RangeDialog::check);
    };
    add(m_from, "range.from", tr("From"), now.from);
    add(m_to, "range.to", tr("To"), now.to);
    auto* hint = new QLabel(tr("2026-10-24 09:15:30, a date alone, now, now-7d, -30m, or seconds since 1970"));
    hint->setProperty("role", QStringLiteral("secondary"));
    hint->setFont(tokens.small);
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
    column->addLayout(makePresets(tokens.space2));
    column->addLayout(form);
    column->addWidget(hint);
    column->addWidget(m_problem);
    column->addWidget(buttons);
    layout()->setSizeConstraint(QLayout::SetFixedSize);
    m_show->setDefault(true); // which only a button of a dialog can be
    m_from->setFocus();
    m_from->selectAll();
    check();
}

QBoxLayout* RangeDialog::makePresets(int spacing)
{
    auto* row = new QHBoxLayout;
    row->setSpacing(spacing);
    const auto add = [this, row](const char* name, const QString& text, const char* from, const char* to) {
        auto* button = new QPushButton(text);
        button->setObjectName(QLatin1StringView(name));
        button->setAutoDefault(false); // Return shows what the fields say
        connect(button, &QPushButton::clicked, this, [this, from, to] {
            m_from->setText(QLatin1StringView(from));
            m_to->setText(QLatin1StringView(to));
        });
        row->addWidget(button);
    };
    add("range.today", tr("Today"), "today", "now");
    add("range.yesterday", tr("Yesterday"), "yesterday", "yesterday");
    add("range.2d", tr("Last 2 days"), "now-2d", "now");
    add("range.7d", tr("7 days"), "now-7d", "now");
    add("range.30d", tr("30 days"), "now-30d", "now");
    row->addStretch(1);
    return row;
}

std::optional<TimeRange::Span> RangeDialog::span(QString& problem) const
{
    const auto now = m_range.now();
    const auto from = m_from->time(now);
    const auto to = m_to->time(now);
    if (!from)
        problem = tr("“From” is no time.");
    else if (!to)
        problem = tr("“To” is no time.");
    else if (*from >= *to)
        problem = tr("The range ends before it begins.");
    if (!problem.isEmpty())
        return std::nullopt;
    return TimeRange::Span{*from, *to};
}

void RangeDialog::check()
{
    QString problem;
    m_show->setEnabled(span(problem).has_value());
    m_problem->setText(problem);
}

void RangeDialog::accept()
{
    QString problem;
    const auto wanted = span(problem);
    if (!wanted)
        return check(); // it was a range while it was typed, relative to another now
    m_range.setFixed(*wanted);
    QDialog::accept();
}

} // namespace tokenscope::ui
