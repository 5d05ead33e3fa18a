// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/lane_view.h"

#include "charts/value_ticks.h"
#include "format/format.h"
#include "theme/theme.h"
#include "widgets/lane_axis.h"
#include "widgets/lane_model.h"
#include "widgets/lane_painter.h"

#include <QKeyEvent>
#include <QLabel>
#include <QScrollBar>

#include <algorithm>
#include <array>

namespace tokenscope::ui {

namespace {

/// Below this share of the axis the longest lane makes it shorter again, by less than that; so it does not go to and fro.
constexpr double shortest = 0.65;
constexpr double headroom = 1.15; ///< of an axis that has become shorter
/// Near enough to each other that most of an axis is used.
constexpr std::array minuteSpans{1., 1.5, 2., 3., 4., 5., 6., 8., 10., 12., 15., 20., 25., 30., 40., 50., 60.};
constexpr std::array longSpans{1.5, 2., 3., 4., 5., 6., 8., 10., 12., 15., 20., 30., 40., 60.};

double spanFor(double longest)
{
    if (longest <= minuteSpans.back())
        return *std::ranges::lower_bound(minuteSpans, longest);
    for (const double unit : {60., 3600.})
        if (longest <= longSpans.back() * unit)
            return *std::ranges::lower_bound(longSpans, longest / unit) * unit;
    constexpr int steps = 4;
    return valueTicks(0, longest, steps, Unit::seconds).maximum;
}

constexpr double nameShare = 0.22;
constexpr double wideName = 280;

} // namespace

LaneView::LaneView(const Theme& theme, QWidget* parent)
    : QListView(parent), m_theme(theme), m_model(new LaneModel(this)),
      m_painter(new LanePainter(theme, *m_model, this)), m_axis(new LaneAxis(theme, this)), m_more(new QLabel(this))
{
    setModel(m_model);
    setItemDelegate(m_painter);
    setUniformItemSizes(true);
    setFrameShape(QFrame::NoFrame);
    setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_Hover);
    setSelectionMode(SingleSelection);
    setEditTriggers(NoEditTriggers);
    setVerticalScrollMode(ScrollPerItem); // no half rows
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setAutoFillBackground(false);
    m_more->setObjectName(QStringLiteral("lanes.more"));
    m_more->setProperty("role", QStringLiteral("secondary"));
    m_more->hide();
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, &LaneView::showMore);
    connect(this, &QAbstractItemView::clicked, this, &LaneView::choose);
    connect(&theme, &Theme::changed, this, &LaneView::dress);
    dress();
}

void LaneView::dress()
{
    const auto& tokens = m_theme.tokens();
    setFont(tokens.small);
    m_more->setFont(tokens.small);
    m_painter->setRowHeight(QFontMetrics(tokens.small).height() + tokens.space2); // as in a table
    scheduleDelayedItemsLayout();
    setStyleSheet(QStringLiteral("QListView { background: transparent; border: none; }"));
    m_axis->update();
    arrange();
}

void LaneView::choose(const QModelIndex& index)
{
    if (const auto* lane = m_model->lane(index.row()))
        Q_EMIT chosen(lane->key);
}

/// Not by activated(), which on some desktops comes of a click as well.
void LaneView::keyPressEvent(QKeyEvent* event)
{
    if (event->key() != Qt::Key_Return && event->key() != Qt::Key_Enter)
        return QListView::keyPressEvent(event);
    choose(currentIndex());
    event->accept();
}

void LaneView::setDetails(std::function<QString(std::uint64_t id)> details)
{
    m_model->setDetails(std::move(details));
}

const LaneGeometry& LaneView::geometryOfRows() const
{
    return m_painter->geometry();
}

int LaneView::rowHeight() const
{
    return m_painter->rowHeight();
}

void LaneView::setLanes(std::vector<Lane> lanes)
{
    const int before = m_model->rowCount();
    const auto* const current = m_model->lane(currentIndex().row());
    const auto currentId = current ? current->id : 0;
    m_model->setLanes(std::move(lanes));
    // Whoever comes into the row of one that has gone is somebody else.
    if (const int row = m_model->rowOf(currentId); currentId != 0 && row != currentIndex().row())
        setCurrentIndex(row < 0 ? QModelIndex() : m_model->index(row));
    chooseSpan();
    if (before != m_model->rowCount())
        arrange();
    else
        m_painter->setGeometry(divide());
    m_axis->setGeometryOfRows(m_painter->geometry());
    showMore();
    viewport()->update();
}

void LaneView::showMore()
{
    const int rows = m_model->rowCount();
    const int seen = rowsSeen();
    m_more->setVisible(rows > seen);
    if (rows <= seen)
        return;
    const int first = verticalScrollBar()->value(); // in rows
    int queued = 0;
    for (int row = 0; row < rows; ++row)
        queued += (row < first || row >= first + seen) && m_model->queued(row) ? 1 : 0;
    auto words = tr("+%1 more").arg(rows - seen);
    if (queued > 0)
        words += QStringLiteral(" · ") + tr("%1 queued").arg(queued);
    m_more->setText(words);
}

void LaneView::chooseSpan()
{
    double longest = 0;
    for (int row = 0; row < m_model->rowCount(); ++row)
        if (const auto* lane = m_model->lane(row))
            longest = std::max(longest, lane->age);
    if (longest <= m_span && longest >= m_span * shortest)
        return;
    m_span = longest > m_span ? spanFor(longest) : std::min(m_span, spanFor(longest * headroom));
}

LaneGeometry LaneView::divide() const
{
    const auto& tokens = m_theme.tokens();
    const QFontMetrics metrics(tokens.small);
    const double width = viewport()->width();
    const double state = metrics.horizontalAdvance(tr("waiting for the first token")) + tokens.space2;
    const double age = metrics.horizontalAdvance(QStringLiteral("00 m 00 s")) + tokens.space1;
    LaneGeometry parts;
    parts.span = m_span;
    parts.nameLeft = tokens.space2;
    parts.nameRight = parts.nameLeft + std::min(wideName, width * nameShare);
    parts.ageRight = width - tokens.space2;
    parts.ageLeft = parts.ageRight - age;
    parts.stateRight = parts.ageLeft - tokens.space2;
    // Where there is little room the bars have more of it than the words.
    parts.stateLeft = parts.stateRight - std::min(state, width * nameShare);
    parts.plotLeft = parts.nameRight + tokens.space3;
    parts.plotRight = std::max(parts.plotLeft + 1, parts.stateLeft - tokens.space3);
    return parts;
}

int LaneView::axisHeight() const
{
    return m_axis->sizeHint().height();
}

int LaneView::rowsIn(int height) const
{
    return std::max(1, (height - axisHeight()) / rowHeight());
}

int LaneView::heightFor(int rows) const
{
    return axisHeight() + rows * rowHeight();
}

int LaneView::rowsSeen() const
{
    const int rows = rowsIn(height());
    return m_model->rowCount() > rows ? std::max(1, rows - 1) : rows;
}

int LaneView::spareHeight() const
{
    return m_model->rowCount() > rowsSeen() ? std::max(0, height() - heightFor(rowsSeen())) : 0;
}

void LaneView::arrange()
{
    if (viewportMargins().bottom() != spareHeight())
        updateGeometries();
    m_painter->setGeometry(divide());
    m_axis->setGeometryOfRows(m_painter->geometry());
}

void LaneView::resizeEvent(QResizeEvent* event)
{
    QListView::resizeEvent(event);
    arrange();
}

void LaneView::updateGeometries()
{
    const int height = axisHeight();
    const QMargins margins(0, height, 0, spareHeight());
    if (viewportMargins() != margins)
        setViewportMargins(margins);
    QListView::updateGeometries();
    m_axis->setGeometry(viewport()->x(), viewport()->y() - height, viewport()->width(), height);
    const int indent = m_theme.tokens().space2; // as the names
    m_more->setGeometry(viewport()->x() + indent, viewport()->geometry().bottom() + 1, viewport()->width() - indent,
                        rowHeight());
    showMore();
    arrange();
}

QModelIndex LaneView::moveCursor(CursorAction action, Qt::KeyboardModifiers)
{
    const int rows = m_model->rowCount();
    const int page = std::max(1, viewport()->height() / std::max(1, rowHeight()));
    const int here = currentIndex().isValid() ? currentIndex().row() : -1;
    int target = here;
    int step = 1;
    switch (action) {
    case MoveHome: target = 0; break;
    case MoveEnd:
        target = rows - 1;
        step = -1;
        break;
    case MoveUp:
    case MovePrevious:
    case MoveLeft:
        target = here < 0 ? rows - 1 : here - 1;
        step = -1;
        break;
    case MovePageUp: target = std::max(0, here - page); break;
    case MovePageDown:
        target = std::min(rows - 1, std::max(0, here) + page);
        step = -1;
        break;
    case MoveDown:
    case MoveNext:
    case MoveRight: target = here + 1; break;
    }
    // Empty rows are stepped over.
    while (target >= 0 && target < rows && !m_model->lane(target))
        target += step;
    return target >= 0 && target < rows ? m_model->index(target) : currentIndex();
}

} // namespace tokenscope::ui
