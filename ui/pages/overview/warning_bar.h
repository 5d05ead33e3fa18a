// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pages/common/notice_bar.h"

#include <QStringList>

#include <map>

namespace tokenscope::ui {

/// What the source warns of in the answers that are shown, once for all of them. Hidden while there is nothing, or once the user
/// has dismissed it, until the warnings are others.
class WarningBar : public NoticeBar {
    Q_OBJECT

public:
    WarningBar(const Theme& theme, const QString& name, QWidget* parent = nullptr);

    /// Those of a panel's answer, in place of those of its answer before.
    void take(const QString& panel, const QStringList& warnings);
    void clear();

private:
    void showAll();

    std::map<QString, QStringList> m_warnings; ///< of the panels that have any
    QStringList m_told;
};

} // namespace tokenscope::ui
