// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/inquiry.h"
#include "pages/settings/setting_services.h"

#include <QElapsedTimer>
#include <QTimer>
#include <QWidget>

#include <string>
#include <vector>

class QLabel;
class QPushButton;

namespace tokenscope::ui {

class OutcomeBox;

/// Asks a provider for its models as it stands in the text, and says how it went.
class ProviderTest : public QWidget {
    Q_OBJECT

public:
    ProviderTest(const SettingServices& services, QWidget* parent = nullptr);

    void setProvider(const QString& name); ///< another one stops the test and forgets what it said
    bool running() const { return m_ticking.isActive(); }

Q_SIGNALS:
    /// `summary` is a few words.
    void finished(const QString& name, bool good, const QString& summary);
    void started(const QString& name);
    void stopped(const QString& name); ///< without an outcome

private:
    void toggle();
    void stop();
    void receive(const Result<std::vector<std::string>>& models);
    void showState();

    SettingServices m_services;
    QString m_name;
    Inquiry m_inquiry;
    QElapsedTimer m_since;
    QTimer m_ticking;
    QPushButton* m_button;
    QLabel* m_state;
    OutcomeBox* m_outcome;
};

} // namespace tokenscope::ui
