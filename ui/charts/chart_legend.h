// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPixmap>
#include <QString>
#include <QStringList>
#include <QWidget>

#include <array>
#include <functional>
#include <vector>

QT_BEGIN_NAMESPACE
class QPainter;
QT_END_NAMESPACE

namespace tokenscope::ui {

class Theme;

struct LegendEntry {
    QString identity;
    QString name;
    QString value; ///< formatted
    QColor color;
    bool visible = true;
    std::array<QString, 4> statistics; ///< last, min, max, mean; only shown as a table
    bool operator==(const LegendEntry&) const = default;
};

/// Rows of swatch, name and value for each series. A click isolates a series or brings all back, Ctrl-click toggles it;
/// with the keyboard: arrows to move, Enter to isolate, Space to toggle. Names give way first where room is short, then
/// the last entries, counted as "+3".
class ChartLegend : public QWidget {
    Q_OBJECT

public:
    ChartLegend(const Theme& theme, QWidget* parent);

    void setEntries(std::vector<LegendEntry> entries);
    const std::vector<LegendEntry>& entries() const { return m_entries; }
    /// The one that the keys act on.
    int current() const { return m_current; }
    void setCurrent(int at);
    /// Where they are painted: those that fit.
    const std::vector<QRect>& places() const { return m_places; }
    int entryAt(const QPoint& position) const;
    /// Their names as there is room for them, parallel to the entries.
    const QStringList& shownNames() const { return m_names; }
    /// The tool tip of an entry, asked for when it is needed.
    void setDetails(std::function<QString(std::size_t)> details) { m_details = std::move(details); }

    /// One row for each series with its statistics in columns, side by side with others where there is room for that.
    void setTable(bool table);
    bool table() const { return m_table; }

    /// What the entries need at that width, in at most so many rows.
    int heightFor(int width, int mostRows) const;
    /// Whether no entry is left out then.
    bool fits(int width, int mostRows) const;
    int rowHeight() const;
    QSize sizeHint() const override;

Q_SIGNALS:
    void isolateRequested(const QString& identity);
    void toggleRequested(const QString& identity);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    struct Layout {
        QStringList names;
        std::vector<QRect> places; ///< of those that fit
    };
    void layOut();
    void redraw();
    void draw(QPainter& painter) const;
    int moreWidth() const;
    Layout layoutFor(int width, int mostRows, const std::vector<int>& valueWidths) const;
    std::vector<QRect> flow(int width, int mostRows, const QStringList& names,
                            const std::vector<int>& valueWidths) const;
    std::vector<QRect> rows(int width, int mostRows) const;
    void paintEntry(QPainter& painter, std::size_t at) const;
    void paintStatistics(QPainter& painter, const QRect& place, const std::array<QString, 4>& texts) const;

    const Theme& m_theme;
    std::function<QString(std::size_t)> m_details;
    std::vector<LegendEntry> m_entries;
    std::vector<int> m_valueWidths;  ///< with some slack, so that a changing digit does not move its neighbours
    std::vector<int> m_widestValues; ///< so far: by them rows are counted, so that the plot below stands still
    QStringList m_names;
    std::vector<QRect> m_places; ///< of those that fit
    int m_current = 0;
    bool m_table = false;
    QPixmap m_picture; ///< null where it has to be drawn again
};

} // namespace tokenscope::ui
