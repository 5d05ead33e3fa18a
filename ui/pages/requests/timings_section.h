// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/request_record.h"

#include <QScrollArea>

class QLabel;

namespace tokenscope::ui {

class FactGrid;
class PhaseBar;
class Theme;

/// Where a request's time went, and every latency that can be told of it, each with its definition.
class TimingsSection : public QScrollArea {
    Q_OBJECT

public:
    explicit TimingsSection(const Theme& theme, QWidget* parent = nullptr);
    void setRecord(const telemetry::RequestRecord& record);

private:
    void dress();

    const Theme& m_theme;
    PhaseBar* m_phases;
    QLabel* m_timingsTitle;
    FactGrid* m_timings;
    QLabel* m_stagesTitle;
    FactGrid* m_stages;
};

} // namespace tokenscope::ui
