// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

class QWidget;

namespace tokenscope::ui {

/// Tells once when a window has painted something of use: every chart that can be seen in it has been laid out with its first
/// answer, be it an empty one or an error.
class FirstPaint : public QObject {
    Q_OBJECT

public:
    /// Before the window is shown; the window owns this object.
    explicit FirstPaint(QWidget& window);

Q_SIGNALS:
    void painted();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget& m_window;
};

} // namespace tokenscope::ui
