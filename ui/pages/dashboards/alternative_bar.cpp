// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/dashboards/alternative_bar.h"

#include "pages/common/icon.h"
#include "theme/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QToolButton>

namespace tokenscope::ui {

namespace {

/// With its place, as two of them may ask for the same metric.
QString titleOf(int index, const QString& name)
{
    return QStringLiteral("%1. %2").arg(index + 1).arg(name);
}

} // namespace

AlternativeBar::AlternativeBar(const Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_names(new QComboBox),
      m_up(addTool("up", QStringLiteral("chevron-up"), tr("Ask this alternative earlier"))),
      m_down(addTool("down", QStringLiteral("chevron-down"), tr("Ask this alternative later"))),
      m_remove(addTool("remove", QStringLiteral("close"), tr("Remove this alternative")))
{
    const auto& tokens = theme.tokens();
    m_names->setObjectName(QStringLiteral("target.alternatives"));
    m_names->setAccessibleName(tr("Which of the alternatives is edited"));
    m_names->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    auto* title = new QLabel(tr("First of"));
    title->setProperty("role", QStringLiteral("secondary"));
    title->setBuddy(m_names);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(tokens.space2);
    row->addWidget(title);
    row->addWidget(m_names, 1);
    for (auto* tool : {m_up, m_down, m_remove})
        row->addWidget(tool);
    connect(m_names, &QComboBox::currentIndexChanged, this, [this](int index) {
        showPlace();
        if (index >= 0)
            Q_EMIT chosen(static_cast<std::size_t>(index));
    });
    connect(m_up, &QToolButton::clicked, this, [this] { Q_EMIT shiftRequested(-1); });
    connect(m_down, &QToolButton::clicked, this, [this] { Q_EMIT shiftRequested(1); });
    connect(m_remove, &QToolButton::clicked, this, &AlternativeBar::removeRequested);
    connect(&theme, &Theme::changed, this, &AlternativeBar::dress);
    setFinished(true);
    dress();
}

QToolButton* AlternativeBar::addTool(const char* name, const QString& icon, const QString& text)
{
    auto* tool = new QToolButton;
    tool->setObjectName(QStringLiteral("target.alternative.") + QLatin1StringView(name));
    tool->setProperty("icon.name", icon);
    tool->setAccessibleName(text);
    tool->setToolTip(text);
    return tool;
}

void AlternativeBar::setNames(const QStringList& names, std::size_t current)
{
    const QSignalBlocker quiet(m_names);
    m_names->clear();
    for (int i = 0; i < names.size(); ++i)
        m_names->addItem(titleOf(i, names[i]));
    m_names->setCurrentIndex(static_cast<int>(current));
    showPlace();
}

void AlternativeBar::setCurrentName(const QString& name)
{
    if (const int index = m_names->currentIndex(); index >= 0)
        m_names->setItemText(index, titleOf(index, name));
}

void AlternativeBar::setFinished(bool finished)
{
    m_names->setEnabled(finished);
    m_names->setToolTip(finished ? tr("The first is asked whose metrics the source has")
                                 : tr("Finish this alternative first, or remove it"));
}

void AlternativeBar::showPlace()
{
    m_up->setEnabled(m_names->currentIndex() > 0);
    m_down->setEnabled(m_names->currentIndex() + 1 < m_names->count());
}

void AlternativeBar::dress()
{
    const auto& tokens = m_theme.tokens();
    for (auto* tool : {m_up, m_down, m_remove}) {
        tool->setIcon(tintedIcon(tool->property("icon.name").toString(), tokens.secondary));
        tool->setFixedSize(tokens.controlHeight, tokens.controlHeight);
    }
}

} // namespace tokenscope::ui
