// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "format/format.h"

#include <QFrame>

#include <optional>
#include <vector>

class QLabel;

namespace tokenscope::ui {

class Sparkline;
class Theme;

/// One number that matters: label, value with a small unit, and its last minutes as a sparkline.
class StatTile : public QFrame {
    Q_OBJECT

public:
    StatTile(const Theme& theme, const QString& label, Unit unit, QWidget* parent = nullptr);

    /// Absent shows "–". The accessible name is always "label: value unit".
    void setValue(std::optional<double> value);
    std::optional<double> value() const { return m_value; }
    void setHistory(std::vector<double> values); ///< oldest first; NaN is a gap
    void setText(const QString& text);           ///< words in place of a number, e.g. "no GPU found"
    /// Says that it failed, in the colour of that; the tool tip and the accessible name have the message, until there is something else
    /// to show.
    void setError(const QString& message);
    enum class Tone { normal, good, warn, bad };
    /// Colours the number, and says from which value on it has that colour, where there is room beside it.
    void setTone(Tone tone, std::optional<double> from = std::nullopt);

    /// Small words beside the label, such as the time that the number is of; left out where there is no room for both.
    void setNote(const QString& note);
    void setLabelReserve(int width); ///< px on the right of the label that others stand on
    /// What a click, Enter or Space leads to, in words; only then it takes the focus and clicked() is emitted. Empty: to nothing.
    void setClickHint(const QString& hint);
    bool clickable() const { return !m_hint.isEmpty(); }

Q_SIGNALS:
    void clicked();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void leaveError();
    void refresh();
    void fit();
    void describe();

    const Theme& m_theme;
    Unit m_unit;
    Tone m_tone = Tone::normal;
    std::optional<double> m_value;
    QString m_text;
    QString m_error;
    int m_reserve = 0;
    QString m_hint;
    QString m_reason; ///< of the tone, such as "≥ 1 s"
    QLabel* m_label;
    QLabel* m_note;
    QLabel* m_number;
    QLabel* m_unitLabel;
    QLabel* m_reasonLabel;
    Sparkline* m_sparkline;
};

} // namespace tokenscope::ui
