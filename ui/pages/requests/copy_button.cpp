// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/requests/copy_button.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QToolTip>

namespace tokenscope::ui {

CopyButton::CopyButton(const Theme& theme, const QString& purpose, std::function<QString()> text, QWidget* parent)
    : IconButton(theme, QStringLiteral("copy"), purpose, parent)
{
    connect(this, &QToolButton::clicked, this, [this, text = std::move(text)] { copyText(*this, text()); });
}

void copyText(QWidget& from, const QString& text)
{
    QGuiApplication::clipboard()->setText(text);
    QToolTip::showText(from.mapToGlobal(QPoint(0, from.height())), CopyButton::tr("Copied"), &from);
}

} // namespace tokenscope::ui
