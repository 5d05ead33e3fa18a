// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace tokenscope::ui {

class Theme;

/// What the shades of the lanes mean, in a line; nothing where there is no room for the whole of it.
class LaneKey : public QWidget {
    Q_OBJECT

public:
    explicit LaneKey(const Theme& theme, QWidget* parent = nullptr);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {0, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    int entryWidth(const QString& words) const;

    const Theme& m_theme;
};

} // namespace tokenscope::ui
