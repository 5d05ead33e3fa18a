// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/model_list.h"

#include <QStandardItemModel>

namespace tokenscope::ui {

/// The models of a list as a combo box shows them: a heading for each owner that cannot be chosen, its models below.
class ModelPickerModel : public QStandardItemModel {
    Q_OBJECT

public:
    enum Role { idRole = Qt::UserRole + 1, headingRole };

    using QStandardItemModel::QStandardItemModel;
    void setModels(const std::vector<ModelInfo>& models);
    /// The row of a model, or -1.
    int rowOf(const QString& id) const;
    int firstModelRow() const;
};

} // namespace tokenscope::ui
