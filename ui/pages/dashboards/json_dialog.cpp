// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/dashboards/json_dialog.h"

#include "pages/common/notice_bar.h"
#include "theme/theme.h"
#include "widgets/breaking_label.h"

#include <QDialogButtonBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <chrono>

namespace tokenscope::ui {

namespace {

constexpr QSize usual{820, 600};
constexpr std::chrono::milliseconds typingPause{250};

} // namespace

JsonDialog::JsonDialog(const Theme& theme, const QString& title, const std::string& text, Check check, Check apply,
                       QWidget* parent)
    : QDialog(parent), m_text(QString::fromStdString(text)), m_check(std::move(check)), m_apply(std::move(apply)),
      m_edit(new QPlainTextEdit), m_problem(new BreakingLabel),
      m_notice(new NoticeBar(theme, QStringLiteral("dashboard.json.notice")))
{
    const auto& tokens = theme.tokens();
    setObjectName(QStringLiteral("dashboard.json"));
    setWindowTitle(title);
    setAttribute(Qt::WA_DeleteOnClose);
    resize(usual);
    m_edit->setObjectName(QStringLiteral("dashboard.json.text"));
    m_edit->setAccessibleName(tr("The dashboard as JSON"));
    m_edit->setFont(tokens.mono);
    m_edit->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_edit->setTabStopDistance(2 * QFontMetricsF(tokens.mono).horizontalAdvance(QLatin1Char(' ')));
    m_edit->setPlainText(m_text);
    m_problem->setObjectName(QStringLiteral("dashboard.json.problem"));
    m_problem->setProperty("role", QStringLiteral("error"));
    m_problem->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_problem->setMinimumHeight(tokens.controlHeight);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    m_save = buttons->addButton(tr("Apply"), QDialogButtonBox::ActionRole);
    m_save->setObjectName(QStringLiteral("dashboard.json.apply"));
    m_save->setProperty("primary", true);
    m_save->setAutoDefault(false);
    m_save->setShortcut(QKeySequence(QStringLiteral("Ctrl+Return")));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(tokens.space4, tokens.space4, tokens.space4, tokens.space4);
    column->setSpacing(tokens.space2);
    column->addWidget(m_edit, 1);
    column->addWidget(m_problem);
    column->addWidget(m_notice);
    column->addWidget(buttons);
    m_pause.setSingleShot(true);
    m_pause.setInterval(typingPause);
    connect(&m_pause, &QTimer::timeout, this, &JsonDialog::judge);
    connect(m_edit, &QPlainTextEdit::textChanged, &m_pause, qOverload<>(&QTimer::start));
    connect(m_save, &QPushButton::clicked, this, &JsonDialog::save);
    connect(buttons, &QDialogButtonBox::rejected, this, &JsonDialog::reject);
    judge();
    m_edit->setFocus();
}

void JsonDialog::judge()
{
    const auto read = m_check(m_edit->toPlainText().toStdString());
    m_problem->setWords(read ? QString() : QString::fromStdString(read.error().message));
    m_save->setEnabled(read.has_value());
    m_save->setAccessibleDescription(m_problem->words());
}

void JsonDialog::save()
{
    if (const auto saved = m_apply(m_edit->toPlainText().toStdString()); !saved) {
        m_problem->setWords(QString::fromStdString(saved.error().message));
        return;
    }
    accept();
}

void JsonDialog::reject()
{
    if (m_edit->toPlainText() == m_text) {
        QDialog::reject();
        return;
    }
    m_notice->ask(tr("The changes are not applied."), {{tr("Go on editing"), [this] { m_edit->setFocus(); }},
                                                       {tr("Discard and close"), [this] { QDialog::reject(); }}});
}

} // namespace tokenscope::ui
