// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pages/requests/filter_text.h"

#include <QLineEdit>

#include <optional>

namespace tokenscope::ui {

class QueryHistory;
class Theme;

/// A line for the filter language: completes fields and values, brings back what was asked before, and draws a line under what
/// cannot be understood. It does not parse: setError() says what is wrong.
class FilterBox : public QLineEdit {
    Q_OBJECT

public:
    FilterBox(const Theme& theme, QueryHistory& history, SeenValues seen, QWidget* parent = nullptr);
    ~FilterBox() override;

    void setError(const std::optional<TextStretch>& place);
    const std::optional<TextStretch>& error() const { return m_error; }
    void openHistory();
    QSize sizeHint() const override;
    CompletionPopup& popup() const { return *m_popup; }

Q_SIGNALS:
    void left();      ///< on to the list, by a key
    void settled();   ///< what is written is meant: Enter, or the focus goes
    void submitted(); ///< Enter

protected:
    void keyPressEvent(QKeyEvent* event) override;
    bool focusNextPrevChild(bool next) override;
    void focusOutEvent(QFocusEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void dress();
    bool popupKey(const QKeyEvent& event);
    bool ownKey(const QKeyEvent& event);
    void complete();
    void closePopup();
    void accept(const QString& choice);
    int textX(qsizetype place) const; ///< of a place in the text, in the widget
    QRect anchorAt(qsizetype place) const;

    const Theme& m_theme;
    QueryHistory& m_history;
    SeenValues m_seen;
    CompletionPopup* m_popup;
    telemetry::FilterSpot m_spot;
    bool m_pastOnes = false; ///< the popup has the history
    bool m_asked = false;    ///< completion at an empty place too
    bool m_moved = false;    ///< a choice was gone to: Enter takes it
    std::optional<TextStretch> m_error;
};

} // namespace tokenscope::ui
