// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pages/settings/yaml_tree.h"

#include <QWidget>

namespace tokenscope::ui {

/// Shows and changes what one key of config.yaml holds.
class SettingEditor : public QWidget {
    Q_OBJECT

public:
    using QWidget::QWidget;

    /// An empty tree: the key is not in the file. Does nothing where that is shown already, so that the focus stays.
    virtual void setTree(const YamlTree& tree) = 0;
    /// It is about another key's place from now on: what was begun, and is in no tree yet, goes. To be followed by setTree().
    virtual void reset() {}
    /// What holds where the key is not in the file.
    virtual void setFallback(const QString& text) { Q_UNUSED(text); }
    /// The control that a label stands for.
    virtual QWidget* focusTarget() = 0;

Q_SIGNALS:
    /// An empty tree: the key is to be removed.
    void edited(const tokenscope::ui::YamlTree& tree);
};

} // namespace tokenscope::ui
