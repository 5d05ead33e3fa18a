// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>
#include <QStringList>

class QFrame;
class QLineEdit;
class QListWidget;
class QListWidgetItem;

namespace tokenscope::ui {

/// All, or some of many values: a list to tick in, with a filter.
class ValuePicker : public QComboBox {
    Q_OBJECT

public:
    explicit ValuePicker(QWidget* parent = nullptr);

    /// What can be chosen. What is chosen stays so, though it is not among them.
    void setValues(const QStringList& values);
    void setChosen(const QStringList& chosen); ///< none: all
    const QStringList& chosen() const { return m_chosen; }

    void showPopup() override;
    void hidePopup() override;

Q_SIGNALS:
    void chosenChanged();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    void makePopup();
    void fill();
    void narrow();
    void take(const QListWidgetItem* item);
    void toggle(QListWidgetItem* item);
    void tick();
    void showText();
    bool filterKey(int key);
    bool listKey(int key);

    QFrame* m_popup = nullptr;
    QLineEdit* m_filter = nullptr;
    QListWidget* m_list = nullptr;
    QStringList m_values;
    QStringList m_chosen;
    bool m_ticking = false;
};

} // namespace tokenscope::ui
