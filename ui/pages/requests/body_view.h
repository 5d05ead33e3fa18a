// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/body_text.h"

#include <QWidget>

class QLabel;
class QPlainTextEdit;
class QSplitter;
class QTreeWidget;

namespace tokenscope::ui {

class Theme;

/// A captured body: indented JSON, the list of a stream's events, plain text or a hex dump; or why there is nothing.
class BodyView : public QWidget {
    Q_OBJECT

public:
    /// The parts' names are "<name>.text", ".events", ".event", ".note" and ".empty".
    BodyView(const Theme& theme, const QString& name, QWidget* parent = nullptr);

    /// `missing`: what to say where the body was not captured.
    void setBody(BodyText body, const QString& missing);
    void setRaw(bool raw);
    const BodyText& body() const { return m_body; }

private:
    void fill();
    void listEvents();
    void showEvent();
    void dress();

    const Theme& m_theme;
    BodyText m_body;
    QString m_missing;
    bool m_raw = false;
    QLabel* m_note;
    QPlainTextEdit* m_text;
    QTreeWidget* m_events;
    QPlainTextEdit* m_event;
    QSplitter* m_stream;
    QLabel* m_empty;
};

} // namespace tokenscope::ui
