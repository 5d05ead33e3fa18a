// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pages/settings/key_row.h"

#include <functional>
#include <vector>

class QLabel;

namespace tokenscope::ui {

/// Keys under a heading, of which a search leaves some.
class SettingGroupView : public QWidget {
    Q_OBJECT

public:
    SettingGroupView(const SettingServices& services, const SettingGroup& group, QWidget* parent = nullptr);

    const std::vector<KeyRow*>& rows() const { return m_rows; }
    /// Hides the rows for which `shown` is false, and itself where none is left. The number of those left.
    int filter(const std::function<bool(const KeyRow&)>& shown);

private:
    void dress();

    const Theme& m_theme;
    std::vector<KeyRow*> m_rows;
    QLabel* m_title;
    QLabel* m_doc;
};

} // namespace tokenscope::ui
