// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>

namespace tokenscope::ui {

class Theme;

/// Shows where a panel or a row goes that is dragged, or how large a panel becomes. Takes no clicks.
class DropMark : public QWidget {
    Q_OBJECT

public:
    DropMark(const Theme& theme, QWidget* parent);

    /// `text`: the size that it would have; without it the mark is a bar between two panels or rows, or round an empty row.
    void showAt(const QRect& rect, const QString& text = {});
    const QString& text() const { return m_text; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    QString m_text;
};

} // namespace tokenscope::ui
