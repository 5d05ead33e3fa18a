// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace tokenscope::ui {

/// One page of the main window.
class Page : public QWidget {
    Q_OBJECT

public:
    using QWidget::QWidget;

    /// Asks anew what does not come through the window's MetricFeed.
    virtual void refresh() {}

    /// Puts something worth seeing on the page where it starts out empty.
    virtual void prepareForScreenshot() {}
    virtual bool readyForScreenshot() const { return true; }
};

} // namespace tokenscope::ui
