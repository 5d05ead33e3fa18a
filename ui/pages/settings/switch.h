// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCheckBox>

namespace tokenscope::ui {

class Theme;

/// A check box in the shape of a switch, with "On" or "Off" beside it.
class Switch : public QCheckBox {
    Q_OBJECT

public:
    explicit Switch(const Theme& theme, QWidget* parent = nullptr);

    QSize sizeHint() const override;

protected:
    bool hitButton(const QPoint& at) const override;
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
};

} // namespace tokenscope::ui
