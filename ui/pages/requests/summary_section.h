// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/request_record.h"

#include <QScrollArea>

#include <vector>

class QLabel;

namespace tokenscope::ui {

class FactGrid;
class Theme;

/// What a request was and how it ended, in words and numbers.
class SummarySection : public QScrollArea {
    Q_OBJECT

public:
    explicit SummarySection(const Theme& theme, QWidget* parent = nullptr);
    void setRecord(const telemetry::RequestRecord& record);

Q_SIGNALS:
    void filterRequested(const QString& filter);

private:
    void dress();

    const Theme& m_theme;
    std::vector<QLabel*> m_titles;
    std::vector<FactGrid*> m_groups;
};

} // namespace tokenscope::ui
