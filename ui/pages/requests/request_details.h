// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/wanted.h"
#include "telemetry/request_record.h"

#include <QString>
#include <QWidget>

#include <memory>

namespace tokenscope::ui {

/// What stands beside the list of requests: all about one of them.
class RequestDetails : public QWidget {
    Q_OBJECT

public:
    using QWidget::QWidget;

    virtual void show(std::shared_ptr<const telemetry::RequestRecord> record) = 0; ///< never null
    virtual void clear() = 0;
    virtual void setNote(const QString& words) = 0; ///< on its place in the list; empty: none

Q_SIGNALS:
    void replayRequested(const tokenscope::ui::ReplayWanted& replay);
    void closed();
    void filterRequested(const QString& term); ///< to be added to the filter
    void requestChosen(const QString& requestId);
};

} // namespace tokenscope::ui
