// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sources/connection.h"

#include <QString>
#include <QWidget>

#include <map>

class QComboBox;
class QDoubleSpinBox;
class QGridLayout;
class QLabel;
class QLineEdit;
class QSpinBox;

namespace tokenscope::ui {

class HeaderTable;
class BreakingLabel;
class Theme;

/// A connection to be edited. What is wrong with a field stands below it.
class ConnectionForm : public QWidget {
    Q_OBJECT

public:
    explicit ConnectionForm(const Theme& theme, QWidget* parent = nullptr);

    void setConnection(const sources::Connection& connection);
    /// As it stands; id as it was set.
    sources::Connection connection() const;
    /// `param` is the name of a field of Connection; an unknown one is shown at none. Replaces the problem before.
    void setProblem(const QString& param, const QString& message);
    void focusName();

Q_SIGNALS:
    void edited();

private:
    struct Field {
        QLabel* label = nullptr;
        QWidget* editor = nullptr;
        BreakingLabel* problem = nullptr;
    };

    void addField(const char* param, const QString& label, QWidget* editor, QWidget* buddy = nullptr);
    QLineEdit* addLine(const char* param, const QString& label, const QString& hint = {});
    QComboBox* addChoices(const char* param, const QString& label, const QStringList& choices);
    QLineEdit* addFile(const char* param, const QString& label, const QString& hint);
    QDoubleSpinBox* addSeconds(const char* param, const QString& label);
    QSpinBox* addMebibytes(const char* param, const QString& label);
    void addSecret();
    void showFields();
    void changed();
    void dress();

    const Theme& m_theme;
    QGridLayout* m_grid;
    std::map<QString, Field> m_fields;
    std::string m_id;
    bool m_filling = false;
    QLineEdit *m_name, *m_url, *m_user, *m_secret = nullptr, *m_caFile, *m_certificateFile, *m_keyFile;
    QComboBox *m_kind, *m_auth;
    HeaderTable* m_headers;
    QDoubleSpinBox *m_timeout, *m_interval;
    QSpinBox* m_answer;
    QLabel* m_secretHint = nullptr;
};

} // namespace tokenscope::ui
