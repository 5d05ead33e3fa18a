// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/common/notice_bar.h"

#include "theme/theme.h"
#include "widgets/breaking_label.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QPushButton>

#include <utility>

namespace tokenscope::ui {

namespace {

constexpr std::chrono::seconds mentioned{10};

} // namespace

NoticeBar::NoticeBar(const Theme& theme, const QString& name, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_text(new BreakingLabel), m_row(new QHBoxLayout(this))
{
    const auto& tokens = theme.tokens();
    setObjectName(name);
    setAttribute(Qt::WA_StyledBackground);
    m_text->setObjectName(name + QStringLiteral(".text"));
    m_row->setContentsMargins(tokens.space3, tokens.space1, tokens.space1, tokens.space1);
    m_row->setSpacing(tokens.space1);
    m_row->addWidget(m_text, 1);
    m_age.setSingleShot(true);
    m_age.setInterval(mentioned);
    connect(&m_age, &QTimer::timeout, this, &NoticeBar::age);
    connect(qApp, &QApplication::focusChanged, this, [this](QWidget* before, QWidget* now) {
        if (before && now && isAncestorOf(now) && !isAncestorOf(before))
            m_before = before;
    });
    connect(&theme, &Theme::changed, this, &NoticeBar::dress);
    dress();
    hide();
}

NoticeBar::~NoticeBar()
{
    disconnect(qApp, nullptr, this, nullptr); // a button of it may lose the focus now
}

void NoticeBar::ask(const QString& question, std::vector<Choice> choices)
{
    fill(question, std::move(choices));
    if (!m_buttons.empty())
        m_buttons.front()->setFocus();
}

void NoticeBar::tell(const QString& notice, std::vector<Choice> choices)
{
    fill(notice, std::move(choices));
}

void NoticeBar::tellFailure(const QString& failure)
{
    fill(failure, {});
    m_failed = true;
    dress();
}

void NoticeBar::mention(const QString& notice)
{
    fill(notice, {});
    m_age.start();
}

void NoticeBar::letGo()
{
    if (!m_waits)
        close();
}

void NoticeBar::age()
{
    if (underMouse() || isAncestorOf(QApplication::focusWidget()))
        m_age.start();
    else
        close();
}

void NoticeBar::close()
{
    m_age.stop();
    // Else it would go to whatever is next in the window, which may be far away.
    if (isAncestorOf(QApplication::focusWidget()) && m_before && m_before->isVisible() && m_before->isEnabled())
        m_before->setFocus();
    hide();
}

void NoticeBar::fill(const QString& text, std::vector<Choice> choices)
{
    for (auto* button : m_buttons) {
        button->hide();
        button->setObjectName(QString());
        button->deleteLater();
    }
    m_buttons.clear();
    m_age.stop();
    if (std::exchange(m_failed, false))
        dress();
    m_text->setWords(text);
    setAccessibleName(text);
    choices.push_back({tr("Dismiss"), nullptr});
    // A question has an answer that does nothing of its own.
    m_waits = choices.size() > 2;
    if (m_waits)
        choices.pop_back();
    for (std::size_t i = 0; i < choices.size(); ++i) {
        auto* button = new QPushButton(choices[i].text);
        button->setObjectName(objectName() + QLatin1Char('.') + QString::number(i));
        button->setProperty("flat", true);
        button->setAutoDefault(false);
        m_row->addWidget(button);
        m_buttons.push_back(button);
        connect(button, &QPushButton::clicked, this, [this, run = std::move(choices[i].run)] {
            const auto action = run; // the button may go
            close();
            if (action)
                action();
        });
    }
    show();
}

QString NoticeBar::text() const
{
    return m_text->words();
}

void NoticeBar::dress()
{
    const auto& tokens = m_theme.tokens();
    m_text->setFont(tokens.body);
    m_text->setStyleSheet(m_failed ? QStringLiteral("color: %1;").arg(tokens.bad.name()) : QString());
    setStyleSheet(
        QStringLiteral("tokenscope--ui--NoticeBar { background: %1; border: 1px solid %2; border-radius: %3px; }")
            .arg(tokens.raised.name(), (m_failed ? tokens.bad : tokens.hairline).name())
            .arg(tokens.radius));
}

} // namespace tokenscope::ui
