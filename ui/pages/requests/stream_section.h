// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/request_record.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QToolButton;

namespace tokenscope::ui {

class StreamTimeline;
class Theme;

/// The chunks of a streamed reply, or why there are none.
class StreamSection : public QWidget {
    Q_OBJECT

public:
    explicit StreamSection(const Theme& theme, QWidget* parent = nullptr);
    void setRecord(const telemetry::RequestRecord& record);

private:
    QWidget* makeBar();
    void showReading();
    void dress();

    const Theme& m_theme;
    QToolButton* m_tokens;
    QToolButton* m_bytes;
    QPushButton* m_all;
    QWidget* m_bar;
    StreamTimeline* m_timeline;
    QLabel* m_reading;
    QLabel* m_note;
    QLabel* m_empty;
    QString m_stalls;
};

} // namespace tokenscope::ui
