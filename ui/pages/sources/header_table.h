// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <map>
#include <string>

class QPushButton;
class QTableWidget;

namespace tokenscope::ui {

/// Header names and values to be edited. The last row is always an empty one.
class HeaderTable : public QWidget {
    Q_OBJECT

public:
    explicit HeaderTable(QWidget* parent = nullptr);
    /// Rows without a name are left out; of two alike, whatever their case, the later one counts.
    std::map<std::string, std::string> headers() const;
    void setHeaders(const std::map<std::string, std::string>& headers);

Q_SIGNALS:
    void edited();

private:
    void addRow(const QString& name, const QString& value);
    void removeCurrent();
    void tidy();

    QTableWidget* m_table;
    QPushButton* m_remove;
    bool m_filling = false;
};

} // namespace tokenscope::ui
