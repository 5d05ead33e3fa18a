// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCalendarWidget>

namespace tokenscope::ui {

class Theme;

/// A month to pick a day from, in the colours of the theme.
class DayCalendar : public QCalendarWidget {
    Q_OBJECT

public:
    explicit DayCalendar(const Theme& theme, QWidget* parent = nullptr);

    // Qt's own leave the bar with the month out while it is not seen, and the cells' size.
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

private:
    void dress();

    const Theme& m_theme;
};

} // namespace tokenscope::ui
