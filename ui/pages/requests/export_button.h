// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/request_list_model.h"

#include <QToolButton>

namespace tokenscope::ui {

/// Saves the requests that the list shows when it is asked to: as CSV or as lines of JSON.
class ExportButton : public QToolButton {
    Q_OBJECT

public:
    explicit ExportButton(const RequestListModel& model, QWidget* parent = nullptr);

    enum class Format { csv, jsonLines };
    void ask(Format format); ///< for the file

Q_SIGNALS:
    void saved(const QString& notice);
    void failed(const QString& notice);

private:
    void save(const QString& path, Format format, const std::vector<RequestListModel::Record>& records);

    const RequestListModel& m_model;
};

} // namespace tokenscope::ui
