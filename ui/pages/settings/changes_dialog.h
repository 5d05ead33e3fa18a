// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

#include <string>
#include <vector>

namespace tokenscope::ui {

class Theme;

/// What saving would do to the file: the keys that change, and its lines. Secrets are hidden in both.
class ChangesDialog : public QDialog {
    Q_OBJECT

public:
    ChangesDialog(const Theme& theme, const std::vector<std::string>& keys, const std::string& before,
                  const std::string& after, QWidget* parent = nullptr);
};

} // namespace tokenscope::ui
