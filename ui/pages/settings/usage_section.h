// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>
#include <QWidget>

#include <functional>
#include <utility>
#include <vector>

class QLabel;

namespace tokenscope::ui {

class FactList;
class Theme;

/// What of memory and disk is used, to be read only.
class UsageSection : public QWidget {
    Q_OBJECT

public:
    using Usage = std::function<std::vector<std::pair<QString, QString>>()>;

    explicit UsageSection(const Theme& theme, QWidget* parent = nullptr);

    /// Asked while it is seen.
    void setUsage(Usage usage);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void refresh();
    void dress();

    const Theme& m_theme;
    Usage m_usage;
    QTimer m_timer;
    QLabel* m_note;
    FactList* m_facts;
};

} // namespace tokenscope::ui
