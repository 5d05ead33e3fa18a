// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/stream_layout.h"

#include <QPointer>
#include <QString>
#include <QWidget>

#include <optional>
#include <vector>

class QPainter;

namespace tokenscope::ui {

class ChartTooltip;
class Theme;

/// Every chunk of a stream at its instant, as tall as it has tokens or bytes; below it the sum of tokens. The longest gaps are
/// marked. Drag, or turn the wheel with Ctrl, to zoom, double-click to see all; the arrow keys go from chunk to chunk, + and - zoom, 0 shows all.
class StreamTimeline : public QWidget {
    Q_OBJECT

public:
    explicit StreamTimeline(const Theme& theme, QWidget* parent = nullptr);
    ~StreamTimeline() override;

    void setChunks(std::vector<StreamChunk> chunks);
    void setMeasure(StreamHeight measure);
    StreamHeight measure() const { return m_measure; }
    const StreamLayout& stream() const { return m_stream; }
    StreamLayout::Range range() const { return m_range; }
    void setRange(StreamLayout::Range range);
    void showAll();
    bool zoomed() const;
    /// The chunk that is looked at.
    std::optional<std::size_t> current() const { return m_current; }
    void setCurrent(std::optional<std::size_t> chunk);
    /// Everything about a chunk, as a sentence.
    QString words(std::size_t chunk) const;

    /// Where an instant lies, and the other way round, in the widget's pixels.
    double xOf(double seconds) const;
    double timeAt(double x) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void rangeChanged();
    void currentChanged();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    QRect plot() const; ///< both bands
    QRect bars() const;
    QRect curve() const;
    void paintAxis(QPainter& painter) const;
    void paintStalls(QPainter& painter) const;
    void paintBars(QPainter& painter) const;
    void paintCurve(QPainter& painter) const;
    void paintCurrent(QPainter& painter) const;
    bool step(int key);
    void showTip();
    void hideTip();

    const Theme& m_theme;
    StreamLayout m_stream;
    StreamLayout::Range m_range;
    StreamHeight m_measure = StreamHeight::tokens;
    std::optional<std::size_t> m_current;
    std::optional<int> m_dragFrom;
    int m_dragTo = 0;
    QPointer<ChartTooltip> m_tip; ///< a child of the window it was made for
};

} // namespace tokenscope::ui
