// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dashboards/dashboard.h"
#include "pages/dashboards/drop_target.h"
#include "pages/dashboards/panel_handle.h"

#include <QObject>
#include <QPointer>
#include <QString>

#include <optional>
#include <vector>

class QScrollArea;

namespace tokenscope::ui {

class DropMark;
class PanelView;
class RowGrip;
class RowHeader;
class Theme;

/// A dashboard's panels and rows while they are edited: what is done to them with the mouse and the keys, as another dashboard.
class EditLayer : public QObject {
    Q_OBJECT

public:
    struct Row {
        RowHeader* header = nullptr;
        std::vector<PanelView*> panels;
    };

    /// Puts handles on the panels, which lie in the scroll area's widget.
    EditLayer(const Theme& theme, QScrollArea& scroll, const dashboards::Dashboard& dashboard, std::vector<Row> rows,
              QObject* parent);
    ~EditLayer() override;

    /// The panel whose handle has the focus, or empty.
    QString focused() const;
    void focus(const QString& id) const;
    /// Where the row whose grip has the focus stands in another state of the dashboard; absent where none has it.
    std::optional<std::size_t> focusedRow(const dashboards::Dashboard& now) const;
    void focusRow(std::size_t row) const;

Q_SIGNALS:
    void edited(const dashboards::Dashboard& dashboard);
    void panelEditRequested(const QString& id);
    void panelWanted(std::size_t row); ///< a new one, last in the row

private:
    void addHandle(PanelView& panel);
    void connectHeader(std::size_t row, RowHeader& header);
    void connectGrip(std::size_t row, RowGrip& grip);
    void moveRow(std::size_t row, std::size_t to);
    void act(const QString& id, PanelHandle::Action action);
    void drag(QPoint global);
    void drop(const QString& id, QPoint global);
    void pull(const PanelView& panel, QPoint by);
    void release(const PanelView& panel, QPoint by);
    QSize steps(const PanelView& panel, QPoint by) const;
    std::vector<RowGeometry> geometry() const;
    QPoint inContent(QPoint global) const;

    const Theme& m_theme;
    QScrollArea& m_scroll;
    const dashboards::Dashboard m_dashboard;
    const std::vector<Row> m_rows;
    std::vector<QPointer<PanelHandle>> m_handles; ///< their panels may go first
    QPointer<DropMark> m_mark;
};

} // namespace tokenscope::ui
