// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pages/common/error_place.h"
#include "pages/common/promql_completion.h"

#include <QPlainTextEdit>
#include <QPointer>
#include <QTextCursor>

#include <optional>

namespace tokenscope::ui {

class CompletionData;
class CompletionPopup;
class Theme;

/// A field for PromQL: coloured, brackets matched, words completed while they are typed or on Ctrl+Space, a place in error
/// underlined. Ctrl+Enter asks to run it, Esc to stop.
class PromqlEditor : public QPlainTextEdit {
    Q_OBJECT

public:
    PromqlEditor(const Theme& theme, CompletionData& data, QWidget* parent = nullptr);
    ~PromqlEditor() override;

    /// Until the text changes.
    void setErrorPlace(const std::optional<ErrorPlace>& place);
    const std::optional<ErrorPlace>& errorPlace() const { return m_error; }
    /// Scrolls there, if there is one out of sight. The cursor stays.
    void revealErrorPlace();
    CompletionPopup& popup() const;

Q_SIGNALS:
    void submitted();
    void stopRequested();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    bool focusNextPrevChild(bool next) override;
    void focusOutEvent(QFocusEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    bool popupKey(QKeyEvent* event);
    void complete();
    void closePopup();
    void accept(const QString& choice);
    bool typedOver(QChar c);
    void setOperator(int end, const QString& sign);
    void mark();
    void fit();

    const Theme& m_theme;
    CompletionData& m_data;
    QPointer<CompletionPopup> m_popup;
    CompletionSpot m_spot;
    std::optional<ErrorPlace> m_error;
    bool m_completing = false; ///< a choice is wanted, though there may be none yet
    bool m_asked = false;      ///< by Ctrl+Space
    QTextCursor m_quotes;      ///< between the quotes that came with a label's name; null: there are none
    QString m_retyped;         ///< of its =" that came, too
    QString m_text;            ///< as it was last
};

} // namespace tokenscope::ui
