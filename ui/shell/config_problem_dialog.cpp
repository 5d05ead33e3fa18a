// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/config_problem_dialog.h"

#include "theme/theme.h"

#include <QClipboard>
#include <QDesktopServices>
#include <QDialogButtonBox>
#include <QFileInfo>
#include <QGuiApplication>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QUrl>
#include <QVBoxLayout>

namespace tokenscope::ui {

namespace {

constexpr QSize usual{680, 320};

} // namespace

ConfigProblemDialog::ConfigProblemDialog(const Theme& theme, const QString& message, const QString& file,
                                         QWidget* parent)
    : QDialog(parent), m_file(file.isEmpty() ? QString() : QFileInfo(file).absoluteFilePath()), m_note(new QLabel)
{
    setObjectName(QStringLiteral("configProblem"));
    setWindowTitle(tr("Tokenscope cannot start"));
    resize(usual);
    const auto& tokens = theme.tokens();
    auto* title = new QLabel(tr("The configuration cannot be used"));
    title->setFont(tokens.heading);
    auto* place = new QLabel(m_file);
    place->setObjectName(QStringLiteral("configProblem.file"));
    place->setTextFormat(Qt::PlainText);
    place->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    place->setWordWrap(true);
    place->setProperty("role", QStringLiteral("secondary"));
    place->setVisible(!m_file.isEmpty());
    auto* text = new QPlainTextEdit(message);
    text->setObjectName(QStringLiteral("configProblem.text"));
    text->setAccessibleName(tr("What is wrong with the configuration"));
    text->setReadOnly(true);
    text->setTabChangesFocus(true);
    text->setFont(tokens.mono);
    m_note->setObjectName(QStringLiteral("configProblem.note"));
    m_note->setProperty("role", QStringLiteral("error"));
    m_note->setWordWrap(true);
    m_note->hide();

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(tokens.space6, tokens.space6, tokens.space6, tokens.space4);
    column->setSpacing(tokens.space3);
    column->addWidget(title);
    column->addWidget(place);
    column->addWidget(text, 1);
    column->addWidget(m_note);
    auto* buttons = makeButtons(message);
    column->addWidget(buttons);
    // Only in a dialog a button can be its default.
    for (auto* each : buttons->findChildren<QPushButton*>())
        each->setAutoDefault(false);
    auto* again = buttons->findChild<QPushButton*>(QStringLiteral("configProblem.again"));
    again->setDefault(true);
    again->setFocus();
}

QDialogButtonBox* ConfigProblemDialog::makeButtons(const QString& message)
{
    auto* buttons = new QDialogButtonBox;
    const auto add = [buttons](const QString& text, const char* name, QDialogButtonBox::ButtonRole role) {
        auto* button = buttons->addButton(text, role);
        button->setObjectName(QLatin1StringView(name));
        return button;
    };
    auto* open = add(tr("Open the file"), "configProblem.open", QDialogButtonBox::ActionRole);
    open->setEnabled(QFileInfo::exists(m_file));
    connect(open, &QPushButton::clicked, this, &ConfigProblemDialog::openFile);
    auto* copy = add(tr("Copy"), "configProblem.copy", QDialogButtonBox::ActionRole);
    connect(copy, &QPushButton::clicked, this, [message] { QGuiApplication::clipboard()->setText(message); });
    add(tr("Quit"), "configProblem.quit", QDialogButtonBox::RejectRole);
    auto* again = add(tr("Try again"), "configProblem.again", QDialogButtonBox::AcceptRole);
    again->setProperty("primary", true);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    return buttons;
}

void ConfigProblemDialog::openFile()
{
    const bool opened = QDesktopServices::openUrl(QUrl::fromLocalFile(m_file));
    m_note->setText(tr("No program is set up to open it: open it in an editor of yours."));
    m_note->setVisible(!opened);
}

} // namespace tokenscope::ui
