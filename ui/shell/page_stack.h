// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStackedWidget>
#include <QString>
#include <QTimer>

#include <functional>
#include <vector>

namespace tokenscope::ui {

class Page;

/// A page of the window, to be found by its id ("overview", "playground", "dashboards").
struct PageInfo {
    QString id;
    QString title;
};

/// The window's pages, one of them seen. Each is made when it is first needed: who starts the console waits for one page, not
/// for all.
class PageStack : public QStackedWidget {
    Q_OBJECT

public:
    using Make = std::function<Page*()>;

    explicit PageStack(QWidget* parent = nullptr);

    void add(const PageInfo& info, Make make);
    const std::vector<PageInfo>& infos() const { return m_infos; }
    /// Made now if it was not; null where the id is unknown.
    Page* page(const QString& id);
    /// An unknown id changes nothing and gives false.
    bool show(const QString& id);
    using QStackedWidget::show;
    QString currentId() const;
    Page* currentPage() const;
    /// Makes the others too, one whenever nothing else is to be done, so that turning to them takes no time either.
    void makeOthersInIdle();

private:
    void makeNext();

    struct Place {
        Make make;
        Page* page = nullptr;
    };
    std::vector<PageInfo> m_infos;
    std::vector<Place> m_places; ///< as m_infos
    QTimer m_idle;
};

} // namespace tokenscope::ui
