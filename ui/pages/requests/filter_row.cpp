// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/requests/filter_row.h"

#include "pages/common/query_history.h"
#include "pages/requests/filter_box.h"
#include "pages/requests/filter_help.h"
#include "pages/requests/text_button.h"
#include "theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QSettings>
#include <QToolButton>
#include <QVBoxLayout>

namespace tokenscope::ui {

namespace {

const auto filterKey = QStringLiteral("requests/filter");

} // namespace

FilterRow::FilterRow(const Theme& theme, QSettings& settings, SeenValues seen, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_settings(settings),
      m_history(new QueryHistory(settings, this, QStringLiteral("requests/history/"))),
      m_box(new FilterBox(theme, *m_history, std::move(seen))), m_error(new QLabel)
{
    m_history->setSource(QStringLiteral("filters"));
    m_box->setObjectName(QStringLiteral("requests.filter"));
    m_box->setAccessibleName(tr("Filter the requests"));
    m_box->setPlaceholderText(tr("Filter, for example: model:phi4 status:error ttft:>500ms"));
    m_box->setClearButtonEnabled(true);
    if (auto* clear = m_box->findChild<QToolButton*>())
        clear->setAccessibleName(tr("Clear"));
    m_error->setObjectName(QStringLiteral("requests.filter.error"));
    m_error->setProperty("role", QStringLiteral("error"));
    m_error->setTextFormat(Qt::PlainText);
    m_error->setWordWrap(true);
    m_error->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_error->hide();
    auto* history = textButton(tr("History"), "requests.filter.history", tr("Filters from before (Alt+Down)"));
    auto* help = textButton(tr("Help"), "requests.filter.help", tr("What can be written into the filter"));
    auto* row = new QHBoxLayout;
    row->setSpacing(theme.tokens().space1);
    row->addWidget(m_box, 1);
    row->addWidget(history);
    row->addWidget(help);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme.tokens().space1);
    column->addLayout(row);
    column->addWidget(m_error);
    column->addStretch(1); // the box, and what hangs from it, stays where it is while the words below it come and go
    connect(history, &QToolButton::clicked, m_box, &FilterBox::openHistory);
    connect(help, &QToolButton::clicked, this, [this] { (new FilterHelp(m_theme, this))->open(); });
    connect(m_box, &QLineEdit::textChanged, this, &FilterRow::parse);
    connect(m_box, &FilterBox::left, this, &FilterRow::left);
    connect(m_box, &FilterBox::submitted, this, &FilterRow::left);
    connect(&theme, &Theme::changed, this, &FilterRow::dress);
    dress();
}

bool FilterRow::understood() const
{
    return m_error->isHidden();
}

QString FilterRow::text() const
{
    return m_box->text();
}

void FilterRow::setText(const QString& text)
{
    m_box->setText(text);
}

void FilterRow::restore()
{
    m_box->setText(m_settings.value(filterKey).toString());
}

void FilterRow::add(const QString& term)
{
    const auto before = m_box->error() ? std::string() : m_box->text().toStdString();
    m_box->setText(QString::fromStdString(telemetry::filter_and(before, term.toStdString())));
    m_history->add(m_box->text());
}

void FilterRow::focusBox()
{
    m_box->setFocus(Qt::ShortcutFocusReason);
    m_box->selectAll();
}

void FilterRow::parse()
{
    const auto text = m_box->text();
    m_settings.setValue(filterKey, text);
    const auto filter = telemetry::parse_request_filter(text.toStdString());
    m_error->setVisible(!filter);
    m_error->setText(filter ? QString() : QString::fromStdString(filter.error().message));
    m_box->setAccessibleDescription(m_error->text());
    m_box->setError(filter ? std::nullopt : std::optional(stretchOf(text, filter.error())));
    if (filter)
        Q_EMIT filterChanged(*filter);
    else
        Q_EMIT notUnderstood();
}

void FilterRow::dress()
{
    m_error->setFont(m_theme.tokens().small);
}

} // namespace tokenscope::ui
