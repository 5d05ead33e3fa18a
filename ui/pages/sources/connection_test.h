// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/inquiry.h"
#include "sources/connection.h"
#include "sources/metric_source.h"

#include <QElapsedTimer>
#include <QTimer>
#include <QWidget>

#include <memory>

class QLabel;
class QProgressBar;
class QPushButton;

namespace tokenscope::ui {

class OutcomeBox;
class SourceList;
class Theme;

/// Tries a connection that need not be saved, and says how it went.
class ConnectionTest : public QWidget {
    Q_OBJECT

public:
    ConnectionTest(const Theme& theme, SourceList& sources, QWidget* parent = nullptr);
    ~ConnectionTest() override;

    void run(const sources::Connection& connection);
    bool running() const { return m_ticking.isActive(); }
    void stop(); ///< and forgets what the last one said
    /// That too, where it was of a connection that differs in more than its name.
    void keepOnlyFor(sources::Connection connection);

Q_SIGNALS:
    void runningChanged(bool running);

private:
    void receive(const Result<std::string>& answer);
    void setRunning(bool running);
    void showElapsed();

    SourceList& m_sources;
    std::shared_ptr<sources::MetricSource> m_trial;
    sources::Connection m_tried;
    Inquiry m_inquiry;
    QElapsedTimer m_since;
    QTimer m_ticking;
    QProgressBar* m_progress;
    QLabel* m_elapsed;
    QWidget* m_waiting;
    OutcomeBox* m_outcome;
};

} // namespace tokenscope::ui
