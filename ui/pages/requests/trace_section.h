// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/request_record.h"

#include <QWidget>

#include <memory>

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QSplitter;

namespace tokenscope::ui {

struct ConsoleContext;
class NoticeBar;
class Waterfall;

/// The spans of the trace that a request belongs to: those of its other requests, too. Or why there are none.
class TraceSection : public QWidget {
    Q_OBJECT

public:
    explicit TraceSection(const ConsoleContext& context, QWidget* parent = nullptr);

    void setRecord(std::shared_ptr<const telemetry::RequestRecord> record);
    /// Looks again: spans may come a moment after the record. False where there are none yet that could come.
    bool look();
    bool hasSpans() const;

Q_SIGNALS:
    void filterRequested(const QString& filter);
    void requestChosen(const QString& requestId);

private:
    QWidget* makeBar();
    QWidget* makeBody();
    QString emptyText() const;
    void showSpan();
    void openRequest(std::size_t row);
    void save();

    const ConsoleContext& m_context;
    std::shared_ptr<const telemetry::RequestRecord> m_record;
    QLabel* m_title;
    QPushButton* m_requests;
    QPushButton* m_copy;
    QPushButton* m_save;
    QWidget* m_bar;
    NoticeBar* m_notice;
    Waterfall* m_waterfall;
    QPlainTextEdit* m_detail;
    QWidget* m_body;
    QLabel* m_empty;
};

} // namespace tokenscope::ui
