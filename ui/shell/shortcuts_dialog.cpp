// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/shortcuts_dialog.h"

#include "theme/theme.h"

#include <QGridLayout>
#include <QLabel>

namespace tokenscope::ui {

ShortcutsDialog::ShortcutsDialog(const Theme& theme, const std::vector<std::pair<QString, QString>>& keysAndActions,
                                 QWidget* parent)
    : QDialog(parent)
{
    setObjectName(QStringLiteral("shortcuts"));
    setWindowTitle(tr("Keyboard shortcuts"));
    setAttribute(Qt::WA_DeleteOnClose);
    const auto& tokens = theme.tokens();
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(tokens.space6, tokens.space6, tokens.space6, tokens.space6);
    grid->setHorizontalSpacing(tokens.space6);
    grid->setVerticalSpacing(tokens.space2);
    auto* title = new QLabel(windowTitle());
    title->setFont(tokens.heading);
    grid->addWidget(title, 0, 0, 1, 2);
    int row = 1;
    for (const auto& [keys, action] : keysAndActions) {
        auto* key = new QLabel(keys);
        key->setFont(tokens.mono);
        key->setStyleSheet(QStringLiteral("color: %1;").arg(tokens.secondary.name()));
        grid->addWidget(key, row, 0);
        grid->addWidget(new QLabel(action), row++, 1);
    }
    layout()->setSizeConstraint(QLayout::SetFixedSize);
}

} // namespace tokenscope::ui
