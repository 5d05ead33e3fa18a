// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/titled_panel.h"

#include "theme/panel.h"
#include "theme/theme.h"

#include <QPainter>
#include <QTextOption>

#include <algorithm>

namespace tokenscope::ui {

TitledPanel::TitledPanel(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    connect(&theme, &Theme::changed, this, &TitledPanel::refresh);
}

void TitledPanel::setTitle(const QString& title)
{
    m_title = title;
    setAccessibleName(title);
    update();
}

void TitledPanel::setSubtitle(const QString& subtitle)
{
    m_subtitle = subtitle;
    update();
}

void TitledPanel::setUnit(Unit unit)
{
    m_unit = unit;
    refresh();
}

void TitledPanel::setEmptyText(const QString& text)
{
    m_emptyText = text;
    refresh();
}

void TitledPanel::setFrame(query::FramePtr frame)
{
    m_frame = std::move(frame);
    m_error.clear();
    m_loading = false;
    refresh();
}

void TitledPanel::setError(const QString& message)
{
    m_error = message;
    m_loading = false;
    refresh();
}

void TitledPanel::setHeaderReserve(int width)
{
    m_headerReserve = width;
    update();
}

void TitledPanel::setLoading()
{
    m_error.clear();
    m_loading = true;
    refresh();
}

QString TitledPanel::message() const
{
    if (hasData())
        return {};
    return !m_error.isEmpty()      ? m_error
           : m_loading             ? tr("Loading…")
           : m_emptyText.isEmpty() ? tr("No data in this time range")
                                   : m_emptyText;
}

void TitledPanel::refresh()
{
    const auto words = readData();
    setAccessibleDescription(!hasData()          ? message()
                             : m_error.isEmpty() ? words
                                                 : m_error + QStringLiteral("; ") + words);
    update();
}

QRect TitledPanel::body() const
{
    const auto& tokens = m_theme.tokens();
    const int top = tokens.space2 + QFontMetrics(tokens.body).height() + tokens.space2;
    return {tokens.space3, top, std::max(0, width() - 2 * tokens.space3), std::max(0, height() - top - tokens.space2)};
}

void TitledPanel::paintHeader(QPainter& painter) const
{
    const auto& tokens = m_theme.tokens();
    QFont font = tokens.body;
    font.setWeight(QFont::DemiBold);
    const QFontMetrics metrics(font);
    int room = std::max(0, width() - 2 * tokens.space3 - m_headerReserve);
    const int baseline = tokens.space2 + metrics.ascent();
    const int key = hasData() ? keyWidth() : 0;
    if (key > 0 && metrics.horizontalAdvance(m_title) + tokens.space4 + key <= room) {
        painter.setFont(tokens.small);
        paintKey(painter, {tokens.space3 + room - key, tokens.space2, key, metrics.height()});
        room -= key + tokens.space4;
    }
    const auto title = metrics.elidedText(m_title, Qt::ElideRight, room);
    painter.setFont(font);
    painter.setPen(tokens.text);
    painter.drawText(tokens.space3, baseline, title);
    const int used = metrics.horizontalAdvance(title) + tokens.space2;
    painter.setFont(tokens.small);
    painter.setPen(tokens.secondary);
    painter.drawText(tokens.space3 + used, baseline,
                     QFontMetrics(tokens.small).elidedText(m_subtitle, Qt::ElideRight, std::max(0, room - used)));
}

void TitledPanel::paintEvent(QPaintEvent*)
{
    const auto& tokens = m_theme.tokens();
    paintPanel(*this, tokens);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    paintHeader(painter);
    QRect area = body();
    painter.setFont(tokens.small);
    if (!hasData()) {
        painter.setPen(m_error.isEmpty() ? tokens.secondary : tokens.bad);
        painter.setFont(tokens.body);
        painter.drawText(QRectF(area), message(), messageLayout());
        return;
    }
    if (stale()) {
        const QFontMetrics metrics(tokens.small);
        painter.setPen(tokens.bad);
        painter.drawText(area.left(), area.top() + metrics.ascent(),
                         metrics.elidedText(m_error, Qt::ElideRight, area.width()));
        area.setTop(area.top() + metrics.height() + tokens.space1);
        painter.setOpacity(0.45);
    }
    paintData(painter, area);
}

} // namespace tokenscope::ui
