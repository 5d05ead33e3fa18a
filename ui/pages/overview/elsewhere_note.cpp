// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/overview/elsewhere_note.h"

#include "theme/theme.h"
#include "widgets/breaking_label.h"

#include <QFontMetrics>
#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace tokenscope::ui {

namespace {

constexpr int widestText = 520;  ///< px
constexpr int widestTitle = 130; ///< px, of a dashboard: the user's own may be called anything

/// As a button shows it: no letter of it is a shortcut.
QString shortTitle(const QString& title, const QFont& font)
{
    return QFontMetrics(font)
        .elidedText(title, Qt::ElideRight, widestTitle)
        .replace(QLatin1Char('&'), QStringLiteral("&&"));
}

} // namespace

ElsewhereNote::ElsewhereNote(const Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_heading(new BreakingLabel), m_text(new BreakingLabel)
{
    const auto& tokens = theme.tokens();
    setObjectName(QStringLiteral("overview.elsewhere"));
    m_heading->setObjectName(QStringLiteral("overview.elsewhere.heading"));
    m_heading->setProperty("role", QStringLiteral("heading"));
    m_text->setObjectName(QStringLiteral("overview.elsewhere.text"));
    m_text->setProperty("role", QStringLiteral("secondary"));
    auto* row = new QHBoxLayout;
    row->setSpacing(tokens.space2);
    row->addStretch(1);
    for (std::size_t i = 0; i < mostOffers; ++i) {
        m_buttons[i] = new QPushButton;
        m_buttons[i]->setObjectName(QStringLiteral("overview.elsewhere.%1").arg(i));
        m_buttons[i]->setAccessibleName(tr("Open a dashboard"));
        connect(m_buttons[i], &QPushButton::clicked, this, [this, i] { press(i); });
        row->addWidget(m_buttons[i]);
    }
    m_buttons.front()->setProperty("primary", true);
    row->addStretch(1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(tokens.space4, tokens.space4, tokens.space4, tokens.space4);
    column->setSpacing(tokens.space3);
    column->addStretch(1);
    for (auto* label : {m_heading, m_text}) {
        label->setAlignment(Qt::AlignCenter);
        label->setFixedWidth(widestText);
        column->addWidget(label, 0, Qt::AlignHCenter);
    }
    column->addLayout(row);
    column->addStretch(1);
    connect(&theme, &Theme::changed, this, &ElsewhereNote::dress);
    dress();
}

void ElsewhereNote::tell(const QString& source, const std::vector<Offer>& offers)
{
    m_heading->setWords(tr("%1 has none of this gateway's metrics.").arg(source));
    m_text->setWords(offers.empty() ? tr("No dashboard is made for what it measures; Explore shows it all the same.")
                                    : tr("What it measures is on the dashboards made for it."));
    setAccessibleName(m_heading->words());
    setAccessibleDescription(m_text->words());
    for (std::size_t i = 0; i < mostOffers; ++i) {
        auto& button = *m_buttons[i];
        const bool offered = i < offers.size();
        m_ids[i] = offered ? offers[i].id : QString();
        button.setVisible(offered || i == 0);
        if (!offered)
            continue;
        const auto title = shortTitle(offers[i].title, m_theme.tokens().body);
        button.setText(i == 0 ? tr("Open the %1 dashboard").arg(title) : title);
        button.setAccessibleName(tr("Open the %1 dashboard").arg(offers[i].title));
    }
    if (offers.empty()) {
        m_buttons.front()->setText(tr("Open Explore"));
        m_buttons.front()->setAccessibleName(tr("Open Explore"));
    }
    // Who comes here by the keys hears why the page has nothing else.
    m_buttons.front()->setAccessibleDescription(m_heading->words() + QLatin1Char(' ') + m_text->words());
    fit();
}

void ElsewhereNote::press(std::size_t place)
{
    if (m_ids[place].isEmpty())
        Q_EMIT exploreWanted();
    else
        Q_EMIT dashboardWanted(m_ids[place]);
}

void ElsewhereNote::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    fit(); // the style sheet's font is known now
}

void ElsewhereNote::dress()
{
    m_text->setFont(m_theme.tokens().body);
    fit();
}

/// A layout asks a label in its middle for its height without telling the width.
void ElsewhereNote::fit()
{
    for (auto* label : {m_heading, m_text})
        label->setMinimumHeight(std::max(0, label->heightForWidth(widestText))); // -1 without a text
}

} // namespace tokenscope::ui
