// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QWidget>

class QLabel;
class QPushButton;

namespace tokenscope::ui {

/// Names the panels that a dashboard leaves out because the source measures nothing of them, and shows them all the same.
class AbsentLine : public QWidget {
    Q_OBJECT

public:
    explicit AbsentLine(QWidget* parent = nullptr);

    /// No titles: there is nothing to say. `shown`: whether the panels are seen.
    void tell(const QStringList& titles, bool shown);

Q_SIGNALS:
    void toggled();

private:
    QLabel* m_label;
    QPushButton* m_button;
};

} // namespace tokenscope::ui
