// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pages/requests/icon_button.h"

#include <functional>

namespace tokenscope::ui {

/// Puts a text on the clipboard and says so.
class CopyButton : public IconButton {
    Q_OBJECT

public:
    CopyButton(const Theme& theme, const QString& purpose, std::function<QString()> text, QWidget* parent = nullptr);
};

/// Puts a text on the clipboard and says so beside the widget that asked for it.
void copyText(QWidget& from, const QString& text);

} // namespace tokenscope::ui
