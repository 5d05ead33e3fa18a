// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

#include <utility>
#include <vector>

namespace tokenscope::ui {

class Theme;

/// The list of keys behind "?".
class ShortcutsDialog : public QDialog {
    Q_OBJECT

public:
    ShortcutsDialog(const Theme& theme, const std::vector<std::pair<QString, QString>>& keysAndActions,
                    QWidget* parent);
};

} // namespace tokenscope::ui
