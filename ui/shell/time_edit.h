// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shell/time_text.h"

#include <QLineEdit>

namespace tokenscope::ui {

class Theme;

/// A time to be typed or pasted, or a day to be picked from a calendar (Alt+Down, as in a list that drops down).
class TimeEdit : public QLineEdit {
    Q_OBJECT

public:
    TimeEdit(const Theme& theme, DayEnd end, QWidget* parent = nullptr);

    /// Nothing where what stands there is no time.
    std::optional<std::int64_t> time(std::int64_t nowMs) const { return timeOf(text(), nowMs, m_end); }

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void openCalendar();
    void take(const QDate& day);

    const Theme& m_theme;
    const DayEnd m_end;
};

} // namespace tokenscope::ui
