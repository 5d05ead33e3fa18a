// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

class QDialogButtonBox;
class QLabel;

namespace tokenscope::ui {

class Theme;

/// Why the console cannot start, before there is a window: accepted, the configuration is read again; rejected, the console ends.
class ConfigProblemDialog : public QDialog {
    Q_OBJECT

public:
    /// `message` is what the terminal says. `file` is the one to mend; empty, there is none.
    ConfigProblemDialog(const Theme& theme, const QString& message, const QString& file, QWidget* parent = nullptr);

private:
    QDialogButtonBox* makeButtons(const QString& message);
    void openFile();

    const QString m_file;
    QLabel* m_note; ///< what became of opening it
};

} // namespace tokenscope::ui
