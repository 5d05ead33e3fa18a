// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>

#include <utility>
#include <vector>

class QFormLayout;
class QLabel;

namespace tokenscope::ui {

class Theme;

/// Names and what is so, to be read and copied only: "Kind  ollama".
class FactList : public QWidget {
    Q_OBJECT

public:
    using Facts = std::vector<std::pair<QString, QString>>;

    explicit FactList(const Theme& theme, QWidget* parent = nullptr);

    void setFacts(const Facts& facts);

private:
    void addRow(const QString& name);

    const Theme& m_theme;
    QFormLayout* m_form;
    std::vector<std::pair<QString, QLabel*>> m_values;
};

} // namespace tokenscope::ui
