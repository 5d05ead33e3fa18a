// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>

namespace tokenscope::ui {

/// Plain text in one line, or in no more lines than it needs and may have, that ends in "…" where it does not fit, and then has
/// the whole text as its tool tip.
class ElidedLabel : public QLabel {
    Q_OBJECT

public:
    explicit ElidedLabel(const QString& text = {}, QWidget* parent = nullptr, int mostLines = 1);

    QSize minimumSizeHint() const override;
    int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QStringList linesIn(int width) const;

    int m_mostLines;
};

} // namespace tokenscope::ui
