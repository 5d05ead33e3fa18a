// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pages/settings/setting_editor.h"
#include "pages/settings/setting_services.h"

#include <vector>

class QLabel;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace tokenscope::ui {

/// The keys of the gateway's clients. A new one is made here, shown once, and only its hash is written.
class ClientKeysEditor : public SettingEditor {
    Q_OBJECT

public:
    ClientKeysEditor(const SettingServices& services, const QString& name, QWidget* parent = nullptr);

    void setTree(const YamlTree& tree) override;
    QWidget* focusTarget() override;

private:
    QWidget* makeNewKey();
    void rebuild();
    QWidget* makeRow(std::size_t index);
    void rename(std::size_t index, const QString& name);
    void remove(std::size_t index);
    void add();
    void emitTree();
    void dress();

    SettingServices m_services;
    YamlTree m_tree;
    std::vector<QWidget*> m_rows;
    QVBoxLayout* m_column;
    QLineEdit* m_newName;
    QPushButton* m_add;
    QWidget* m_once; ///< the new key, until it is dismissed
    QLineEdit* m_onceKey;
    QLabel* m_onceNote;
};

} // namespace tokenscope::ui
