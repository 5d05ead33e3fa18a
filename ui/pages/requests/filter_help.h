// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

namespace tokenscope::ui {

class Theme;

/// What can be written into the filter: how terms are joined, and all fields.
class FilterHelp : public QDialog {
    Q_OBJECT

public:
    FilterHelp(const Theme& theme, QWidget* parent);

private:
    QString page() const;

    const Theme& m_theme;
};

} // namespace tokenscope::ui
