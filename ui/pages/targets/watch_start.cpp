// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/targets/watch_start.h"

#include "pages/targets/rule_templates.h"
#include "pages/targets/watch_list.h"
#include "theme/panel.h"
#include "theme/theme.h"

#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace tokenscope::ui {

namespace {

constexpr std::size_t mostProposed = 4; ///< the rest is in the dialog

} // namespace

WatchStart::WatchStart(const Theme& theme, QWidget* parent)
    : QFrame(parent), m_theme(theme), m_add(new QPushButton(tr("New rule…"))), m_proposals(new QWidget)
{
    const auto& tokens = theme.tokens();
    setObjectName(QStringLiteral("watch.start"));
    setMaximumWidth(mostWidth);
    auto* heading = new QLabel(tr("Nothing is watched yet"));
    heading->setProperty("role", QStringLiteral("heading"));
    auto* text = new QLabel(tr("A rule watches one number of any source, whatever page you look at and also while the "
                               "window is hidden. It fires once the number has been above or below its threshold for "
                               "a while, and tells you, with a desktop notification if you like."));
    text->setObjectName(QStringLiteral("watch.start.text"));
    text->setProperty("role", QStringLiteral("secondary"));
    text->setWordWrap(true);
    m_add->setObjectName(QStringLiteral("watch.start.add"));
    m_add->setProperty("primary", true);
    auto* begin = new QLabel(tr("Or start from one of these; nothing is watched before you say so:"));
    begin->setProperty("role", QStringLiteral("secondary"));
    begin->setWordWrap(true);
    auto* grid = new QGridLayout(m_proposals);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(tokens.space3);
    grid->setVerticalSpacing(tokens.space2);
    grid->setColumnStretch(1, 1);
    m_proposals->setStyleSheet(QStringLiteral("QPushButton { text-align: left; }")); // read from above to below
    const auto rules = ruleTemplates();
    for (std::size_t i = 0; i < std::min(mostProposed, rules.size()); ++i) {
        const auto& rule = rules[i].rule;
        const int row = static_cast<int>(i);
        auto* button = new QPushButton(QString::fromStdString(rule.name) + QStringLiteral("…"));
        button->setObjectName(QStringLiteral("watch.start.%1").arg(i));
        auto* what = new QLabel(tr("%1, %2").arg(rules[i].watched, conditionText(rule)));
        what->setProperty("role", QStringLiteral("secondary"));
        what->setWordWrap(true);
        button->setAccessibleDescription(what->text());
        grid->addWidget(button, row, 0);
        grid->addWidget(what, row, 1);
        connect(button, &QPushButton::clicked, this, [this, rule] { Q_EMIT proposed(rule); });
    }
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(tokens.space4, tokens.space4, tokens.space4, tokens.space4);
    column->setSpacing(tokens.space3);
    column->addWidget(heading);
    column->addWidget(text);
    column->addWidget(m_add, 0, Qt::AlignLeft);
    column->addWidget(begin);
    column->addWidget(m_proposals);
    connect(m_add, &QPushButton::clicked, this, &WatchStart::newRequested);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void WatchStart::setUsable(bool usable)
{
    m_add->setEnabled(usable);
    m_proposals->setEnabled(usable);
}

void WatchStart::resizeEvent(QResizeEvent* event)
{
    QFrame::resizeEvent(event);
    // A splitter knows nothing of lines that wrap: it would leave too little, and the last button be cut off.
    setMinimumHeight(heightForWidth(width()));
}

void WatchStart::paintEvent(QPaintEvent*)
{
    paintPanel(*this, m_theme.tokens());
}

} // namespace tokenscope::ui
