// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pages/requests/request_details.h"
#include "telemetry/capture/capture_store.h"
#include "telemetry/request_record.h"

#include <QTimer>
#include <QWidget>

#include <memory>
#include <vector>

class QLabel;
class QPushButton;
class QTabWidget;

namespace tokenscope::ui {

struct ConsoleContext;
class ElidedLabel;
class IconButton;
class StreamSection;
class SummarySection;
class TimingsSection;
class TraceSection;
class WireSection;

/// Everything about one finished request, for a panel of 380 px and more: what it was, where its time went, its stream, its
/// trace and what went over the wire.
class RequestInspector : public RequestDetails {
    Q_OBJECT

public:
    explicit RequestInspector(const ConsoleContext& context, QWidget* parent = nullptr);

    using QWidget::show;
    /// Puts another request in the place of the one shown; the chosen tab stays. Null is the same as clear().
    void show(std::shared_ptr<const telemetry::RequestRecord> record) override;
    void clear() override;
    void setNote(const QString& words) override;
    const telemetry::RequestRecord* record() const { return m_record.get(); }

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* makeHead();
    void makeTabs();
    void fillTab();
    void lookForMore();
    void showActions();
    void replay();
    QString curl() const;
    void dress();

    const ConsoleContext& m_context;
    std::shared_ptr<const telemetry::RequestRecord> m_record;
    std::shared_ptr<const telemetry::CapturedExchange> m_exchange;
    ElidedLabel* m_title;
    QLabel* m_ending;
    QLabel* m_note;
    IconButton* m_close;
    QPushButton* m_replay;
    QPushButton* m_curl;
    QPushButton* m_json;
    QWidget* m_head;
    QTabWidget* m_tabs;
    SummarySection* m_summary;
    TimingsSection* m_timings;
    StreamSection* m_stream;
    TraceSection* m_trace;
    WireSection* m_wire;
    QLabel* m_empty;
    std::vector<bool> m_filled; ///< which tabs show the record
    QTimer m_again;             ///< spans and captures may come a moment after the record
    int m_looks = 0;
};

} // namespace tokenscope::ui
