// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/request_record.h"

#include <QMenu>

namespace tokenscope::ui {

/// What can be done with a row of the list, at one of its cells. Deletes itself when it closes.
class RequestMenu : public QMenu {
    Q_OBJECT

public:
    /// `row`: as it is copied.
    RequestMenu(const telemetry::RequestRecord& record, int column, const QString& row, QWidget* parent);

Q_SIGNALS:
    void filterRequested(const QString& term);

private:
    void addCopy(const QString& text, const QString& what);
};

} // namespace tokenscope::ui
