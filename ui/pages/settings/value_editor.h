// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pages/settings/setting_editor.h"
#include "pages/settings/setting_table.h"

class QComboBox;
class QLineEdit;

namespace tokenscope::ui {

class Switch;
class Theme;

/// A single value: a switch, a choice, or a line as the file writes it ("60s", "32MiB"). A line that is emptied gives the default
/// back.
class ValueEditor : public SettingEditor {
    Q_OBJECT

public:
    ValueEditor(const Theme& theme, const Setting& setting, const QString& name, QWidget* parent = nullptr);

    void setTree(const YamlTree& tree) override;
    void setFallback(const QString& text) override;
    QWidget* focusTarget() override;

private:
    void makeSwitch(const Theme& theme);
    void makeChoice();
    void makeLine();
    void emitText(const QString& text);

    const config::KeySpec m_spec;
    QString m_fallback;
    YamlTree m_tree;
    Switch* m_switch = nullptr;
    QComboBox* m_choice = nullptr;
    QLineEdit* m_line = nullptr;
};

} // namespace tokenscope::ui
