// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/capture/capture_store.h"

#include <QWidget>

#include <memory>

class QLabel;
class QPushButton;
class QTableWidget;
class QToolButton;

namespace tokenscope::ui {

struct ConsoleContext;
class BodyView;

/// What went over the wire: the request or the reply, its headers and its body.
class WireSection : public QWidget {
    Q_OBJECT

public:
    explicit WireSection(const ConsoleContext& context, QWidget* parent = nullptr);
    /// `exchange` may be null: nothing is kept of it.
    void setExchange(std::shared_ptr<const telemetry::CapturedExchange> exchange);

private:
    QWidget* makeBar();
    void makeHeaders();
    void fill();
    const telemetry::CapturedHeaders& headers() const;
    const telemetry::CapturedBody& body() const;
    QString missingText() const;
    QString headerText() const;
    void dress();

    const ConsoleContext& m_context;
    std::shared_ptr<const telemetry::CapturedExchange> m_exchange;
    QToolButton* m_request;
    QToolButton* m_reply;
    QToolButton* m_pretty;
    QToolButton* m_raw;
    QWidget* m_bar;
    QLabel* m_line;
    QPushButton* m_copyHeaders;
    QPushButton* m_copyBody;
    QTableWidget* m_headers;
    BodyView* m_body;
    QWidget* m_content;
    QLabel* m_empty;
};

} // namespace tokenscope::ui
