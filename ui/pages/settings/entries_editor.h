// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pages/settings/setting_editor.h"
#include "pages/settings/setting_services.h"
#include "pages/settings/setting_table.h"

#include <vector>

class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace tokenscope::ui {

class SecretEditor;

/// A list of texts, or texts, secrets or lists by name. A row without a name or a value is not written yet.
class EntriesEditor : public SettingEditor {
    Q_OBJECT

public:
    EntriesEditor(const SettingServices& services, const Setting& setting, const QString& name,
                  QWidget* parent = nullptr);

    void setTree(const YamlTree& tree) override;
    QWidget* focusTarget() override;

private:
    struct Row {
        QWidget* box = nullptr;
        QLineEdit* name = nullptr;  ///< null in a list
        QLineEdit* value = nullptr; ///< null where it is a secret
        SecretEditor* secret = nullptr;
        YamlTree secretTree;
    };
    bool named() const { return m_shape != Shape::texts; }
    void addRow(const std::string& name, const YamlTree& value);
    void addSecret(Row& row, const YamlTree& value);
    void removeRow(const QWidget* box);
    void nameControls();
    YamlTree shown() const;
    YamlTree valueOf(const Row& row) const;
    void emitTree();

    SettingServices m_services;
    Shape m_shape;
    bool m_secret;
    QString m_label;
    YamlTree m_tree;
    std::vector<Row> m_rows;
    QVBoxLayout* m_column;
    QPushButton* m_add;
};

} // namespace tokenscope::ui
