// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QWidget>

#include <vector>

namespace tokenscope::ui {

class Theme;

/// A bare line without axes for a tile. NaN is a gap.
class Sparkline : public QWidget {
    Q_OBJECT

public:
    explicit Sparkline(const Theme& theme, QWidget* parent = nullptr);
    void setValues(std::vector<double> values);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    std::vector<double> m_values;
};

} // namespace tokenscope::ui
