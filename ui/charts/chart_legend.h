// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QString>
#include <QWidget>

#include <functional>
#include <vector>

namespace tokenscope::ui {

class Theme;

struct LegendEntry {
    QString identity;
    QString name;
    QString value; ///< formatted
    QColor color;
    bool visible = true;
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
    /// The tool tip of an entry, asked for when it is needed.
    void setDetails(std::function<QString(std::size_t)> details) { m_details = std::move(details); }

    /// What the entries need at that width, in at most so many rows.
    int heightFor(int width, int mostRows) const;
    QSize sizeHint() const override;

Q_SIGNALS:
    void isolateRequested(const QString& identity);
    void toggleRequested(const QString& identity);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    QString shortName(const QString& name, const QFontMetrics& metrics, int width) const;
    void layOut();
    int rowHeight() const;
    std::vector<QRect> placesFor(int width, int mostRows) const;
    std::vector<QRect> flow(int width, int mostRows, int nameCap) const;
    int entryAt(const QPoint& position) const;

    const Theme& m_theme;
    std::function<QString(std::size_t)> m_details;
    std::vector<LegendEntry> m_entries;
    std::vector<int> m_valueWidths; ///< the widest so far, so that a changing digit does not move its neighbours
    std::vector<QRect> m_places;    ///< of those that fit
    qsizetype m_commonStart = 0;    ///< how many characters all names begin with alike
    int m_current = 0;
};

} // namespace tokenscope::ui
