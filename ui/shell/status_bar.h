// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QTimer>

#include <vector>

class QLabel;
class QPushButton;

namespace tokenscope::ui {

struct ConsoleContext;
struct FeedAnswer;
class MetricFeed;

/// This process, whatever source is looked at: the gateway's address (a click copies it) and its vital numbers, whatever page is shown.
class StatusBar : public QFrame {
    Q_OBJECT

public:
    StatusBar(const ConsoleContext& context, MetricFeed& feed, QWidget* parent = nullptr);

private:
    QLabel* add(const QString& id, const QString& toolTip);
    void showAnswer(const FeedAnswer& answer);
    void copyAddress();
    void dress();

    const ConsoleContext& m_context;
    QPushButton* m_address;
    QTimer m_copied;
    std::vector<QLabel*> m_labels;
    QLabel *m_inFlight, *m_queued, *m_rates, *m_errors, *m_gpu, *m_memory;
};

} // namespace tokenscope::ui
