// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/model_picker_model.h"

namespace tokenscope::ui {

void ModelPickerModel::setModels(const std::vector<ModelInfo>& models)
{
    clear();
    QString owner;
    bool first = true;
    for (const auto& model : models) {
        if (first || model.ownedBy != owner) {
            owner = model.ownedBy;
            first = false;
            auto* heading = new QStandardItem(model.simulated   ? tr("demo (simulated)")
                                              : owner.isEmpty() ? tr("other")
                                                                : owner);
            heading->setFlags(Qt::NoItemFlags);
            heading->setData(true, headingRole);
            appendRow(heading);
        }
        auto* item = new QStandardItem(model.simulated ? tr("%1 (simulated)").arg(model.id) : model.id);
        item->setData(model.id, idRole);
        if (model.simulated)
            item->setToolTip(tr("Answers of the built-in demo engine are made up; its queues and timings are real."));
        appendRow(item);
    }
}

int ModelPickerModel::rowOf(const QString& id) const
{
    for (int row = 0; row < rowCount(); ++row) {
        if (!id.isEmpty() && item(row)->data(idRole).toString() == id)
            return row;
    }
    return -1;
}

int ModelPickerModel::firstModelRow() const
{
    for (int row = 0; row < rowCount(); ++row) {
        if (!item(row)->data(headingRole).toBool())
            return row;
    }
    return -1;
}

} // namespace tokenscope::ui
