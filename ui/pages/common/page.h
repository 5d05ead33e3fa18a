// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointer>
#include <QString>
#include <QWidget>

#include <functional>
#include <vector>

namespace tokenscope::ui {

/// Something one can do on a page. The command palette offers it from anywhere, and turns to the page first.
struct PageCommand {
    QString id;    ///< stable, of its own on the page
    QString title; ///< "Clear the filter of the requests"
    QString keys;  ///< as they are typed there, or empty
    std::function<void()> run;
};

/// One page of the main window.
class Page : public QWidget {
    Q_OBJECT

public:
    using QWidget::QWidget;

    /// Gives the focus to where work on the page begins.
    void enter() { (m_entry ? m_entry.data() : this)->setFocus(); }

    /// Asks anew what does not come through the window's MetricFeed.
    virtual void refresh() {}

    /// As things are now.
    virtual std::vector<PageCommand> commands() { return {}; }

    /// Puts something worth seeing on the page where it starts out empty.
    virtual void prepareForScreenshot() {}
    virtual bool readyForScreenshot() const { return true; }

protected:
    /// Instead of a focus proxy, to which Tab would go past all that stands before it.
    void setEntry(QWidget* widget) { m_entry = widget; }

private:
    QPointer<QWidget> m_entry;
};

} // namespace tokenscope::ui
