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
#include <QStyle>
#include <QToolButton>
#include <QVBoxLayout>

#include <utility>

namespace tokenscope::ui {

namespace {

using namespace std::chrono_literals;
using telemetry::FilterHalf;

/// Longer than between two keys.
constexpr auto typingPause = 350ms;
const auto filterKey = QStringLiteral("requests/filter");

std::size_t cursorOf(const FilterBox& box)
{
    return static_cast<std::size_t>(box.text().left(box.cursorPosition()).toUtf8().size());
}

telemetry::FilterSpot spotOfCursor(const FilterBox& box)
{
    return telemetry::filter_spot_at(box.text().toStdString(), cursorOf(box));
}

FilterHalf halfOfCursor(const FilterBox& box)
{
    return telemetry::filter_half_at(box.text().toStdString(), cursorOf(box));
}

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
    m_pause.setSingleShot(true);
    m_pause.setInterval(typingPause);
    connect(&m_pause, &QTimer::timeout, this, &FilterRow::pause);
    connect(m_box, &QLineEdit::textEdited, this, [this] { m_typed = true; }); // comes before the other one
    connect(m_box, &QLineEdit::textChanged, this, [this] { parse(std::exchange(m_typed, false)); });
    connect(m_box, &FilterBox::settled, this, [this] {
        if (m_pause.isActive() || !understood())
            apply();
    });
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
    auto before = m_box->text().toStdString();
    if (!telemetry::parse_request_filter(before))
        before.clear();
    m_box->setText(QString::fromStdString(telemetry::filter_and(before, term.toStdString())));
    m_history->add(m_box->text());
}

void FilterRow::focusBox()
{
    m_box->setFocus(Qt::ShortcutFocusReason);
    m_box->selectAll();
}

void FilterRow::parse(bool typed)
{
    const auto text = m_box->text();
    m_settings.setValue(filterKey, text);
    const auto spot = spotOfCursor(*m_box);
    const auto half = halfOfCursor(*m_box);
    const bool word = spot.kind == telemetry::FilterSpot::Kind::field && !spot.prefix.empty();
    const bool wrong = !telemetry::parse_request_filter(text.toStdString());
    if (half != FilterHalf::value && !(typed && (word || wrong))) {
        apply();
        return;
    }
    tell({}, "");
    m_box->setError(std::nullopt);
    m_pause.start();
}

void FilterRow::apply()
{
    m_pause.stop();
    const auto text = m_box->text();
    const auto filter = telemetry::parse_request_filter(text.toStdString());
    tell(filter ? QString() : QString::fromStdString(filter.error().message), "error");
    m_box->setError(filter ? std::nullopt : std::optional(stretchOf(text, filter.error())));
    if (filter)
        Q_EMIT filterChanged(*filter);
    else
        Q_EMIT notUnderstood();
}

/// Nothing has been typed for a while.
void FilterRow::pause()
{
    switch (halfOfCursor(*m_box)) {
    case FilterHalf::none: apply(); return;
    case FilterHalf::name: tell(tr("This may become a field: Enter looks for the word itself."), "secondary"); break;
    case FilterHalf::value: tell(tr("The value is still to come."), "secondary"); break;
    }
    Q_EMIT notUnderstood();
}

void FilterRow::tell(const QString& words, const char* role)
{
    m_error->setVisible(!words.isEmpty());
    m_error->setText(words);
    m_error->setProperty("role", QLatin1StringView(role));
    m_error->style()->unpolish(m_error); // the sheet looks at the role but once
    m_error->style()->polish(m_error);
    m_box->setAccessibleDescription(words);
}

void FilterRow::dress()
{
    m_error->setFont(m_theme.tokens().small);
}

} // namespace tokenscope::ui
