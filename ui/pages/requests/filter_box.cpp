// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/requests/filter_box.h"

#include "pages/common/query_history.h"
#include "theme/theme.h"

#include <QKeyEvent>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace tokenscope::ui {

namespace {

constexpr qsizetype mostPast = 20;

} // namespace

FilterBox::FilterBox(const Theme& theme, QueryHistory& history, SeenValues seen, QWidget* parent)
    : QLineEdit(parent), m_theme(theme), m_history(history), m_seen(std::move(seen)),
      m_popup(new CompletionPopup(theme, this))
{
    connect(m_popup, &CompletionPopup::chosen, this, &FilterBox::accept);
    connect(&theme, &Theme::changed, this, &FilterBox::dress);
    connect(this, &QLineEdit::textChanged, this, &FilterBox::dress);
    dress();
}

/// What stands there while there is nothing is a sentence, not a filter.
void FilterBox::dress()
{
    const auto& tokens = m_theme.tokens();
    setFont(text().isEmpty() ? tokens.body : tokens.mono);
}

QSize FilterBox::sizeHint() const
{
    const auto size = QLineEdit::sizeHint();
    const auto& tokens = m_theme.tokens();
    const int most = std::max(QFontMetrics(tokens.body).height(), QFontMetrics(tokens.mono).height());
    return {size.width(), size.height() + most - fontMetrics().height()}; // the same with both fonts
}

FilterBox::~FilterBox()
{
    // It hangs in the window once it was open.
    delete m_popup;
}

void FilterBox::setError(const std::optional<TextStretch>& place)
{
    m_error = place;
    update();
}

bool FilterBox::popupKey(const QKeyEvent& event)
{
    if (!m_popup->isVisible() || event.modifiers().testFlag(Qt::ControlModifier))
        return false;
    switch (event.key()) {
    // The first key goes to the first choice, which is drawn as chosen already.
    case Qt::Key_Down:
        if (m_moved)
            m_popup->move(1);
        m_moved = true;
        return true;
    case Qt::Key_Up:
        m_popup->move(-1);
        m_moved = true;
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (!m_moved)
            return false;
        accept(m_popup->current());
        return true;
    case Qt::Key_Escape: closePopup(); return true;
    default: return false;
    }
}

bool FilterBox::ownKey(const QKeyEvent& event)
{
    const bool control = event.modifiers().testFlag(Qt::ControlModifier);
    switch (event.key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        closePopup();
        Q_EMIT settled();
        if (m_error)
            return true;
        m_history.add(text());
        Q_EMIT submitted();
        return true;
    case Qt::Key_Escape:
        if (text().isEmpty())
            Q_EMIT left();
        clear();
        return true;
    case Qt::Key_Down:
        if (text().isEmpty() || event.modifiers().testFlag(Qt::AltModifier))
            openHistory();
        else
            Q_EMIT left();
        return true;
    case Qt::Key_Space:
        if (!control)
            return false;
        m_asked = true;
        complete();
        return true;
    default: return false;
    }
}

void FilterBox::keyPressEvent(QKeyEvent* event)
{
    if (popupKey(*event) || ownKey(*event))
        return;
    const auto before = text();
    QLineEdit::keyPressEvent(event);
    m_asked = false;
    if (text() == before) {
        closePopup();
    } else {
        m_pastOnes = false;
        complete();
    }
}

void FilterBox::complete()
{
    const auto bytes = text().left(cursorPosition()).toUtf8().size();
    m_spot = telemetry::filter_spot_at(text().toStdString(), static_cast<std::size_t>(bytes));
    m_moved = false;
    const bool vast = m_spot.kind == telemetry::FilterSpot::Kind::field && m_spot.prefix.empty() && !m_asked;
    const auto items = vast ? std::vector<CompletionItem>() : filterChoices(m_spot, m_seen);
    const auto place = stretchOf(text(), m_spot.from, m_spot.to);
    const bool written = items.size() == 1 && text().mid(place.from, place.length) == items.front().text;
    if (items.empty() || written)
        closePopup();
    else
        m_popup->open(items, anchorAt(place.from));
}

void FilterBox::openHistory()
{
    std::vector<CompletionItem> items;
    for (const auto& entry : m_history.entries().mid(0, mostPast))
        items.push_back({.text = entry, .detail = {}, .help = {}});
    if (items.empty())
        items.push_back({.text = {}, .detail = tr("Filters that you submit with Enter are kept here"), .help = {}});
    setFocus();
    m_pastOnes = true;
    m_moved = false;
    m_popup->open(items, anchorAt(0));
}

void FilterBox::closePopup()
{
    m_pastOnes = false;
    m_moved = false;
    m_asked = false;
    m_popup->hide();
}

void FilterBox::accept(const QString& choice)
{
    const bool past = m_pastOnes;
    closePopup();
    setFocus();
    if (choice.isEmpty())
        return;
    if (past) {
        setText(choice);
        return;
    }
    const auto place = stretchOf(text(), m_spot.from, m_spot.to);
    auto whole = text();
    const auto inserted = filterInsertion(m_spot, choice);
    whole.replace(place.from, place.length, inserted);
    setText(whole);
    setCursorPosition(static_cast<int>(place.from + inserted.size()));
    if (m_spot.kind == telemetry::FilterSpot::Kind::field)
        complete();
}

bool FilterBox::focusNextPrevChild(bool next)
{
    // Tab comes here before it is a key press.
    if (!next || !m_popup->isVisible())
        return QLineEdit::focusNextPrevChild(next);
    accept(m_popup->current());
    return true;
}

void FilterBox::focusOutEvent(QFocusEvent* event)
{
    closePopup();
    Q_EMIT settled();
    if (!m_error)
        m_history.add(text());
    QLineEdit::focusOutEvent(event);
}

void FilterBox::hideEvent(QHideEvent* event)
{
    closePopup();
    QLineEdit::hideEvent(event);
}

int FilterBox::textX(qsizetype place) const
{
    // How far the text is scrolled is known from the cursor alone.
    const QFontMetrics metrics(font());
    const auto cursor = cursorRect().center().x() - metrics.horizontalAdvance(text().left(cursorPosition()));
    return cursor + metrics.horizontalAdvance(text().left(place));
}

QRect FilterBox::anchorAt(qsizetype place) const
{
    return {mapTo(window(), QPoint(std::clamp(textX(place), 0, width()), 0)), QSize(1, height())};
}

void FilterBox::paintEvent(QPaintEvent* event)
{
    QLineEdit::paintEvent(event);
    if (!m_error)
        return;
    const auto from = textX(m_error->from);
    const auto end = textX(m_error->from + m_error->length);
    const auto base = cursorRect().bottom() - 1;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setClipRect(rect().adjusted(m_theme.tokens().space1, 0, -m_theme.tokens().space1, 0));
    painter.setPen(QPen(m_theme.tokens().bad, 1.2));
    QPainterPath wave(QPointF(from, base));
    // At the end of the text there is nothing to draw a line under: a short one stands for what is missing.
    for (int x = from, step = 0; x < std::max(end, from + 8); x += 2, ++step)
        wave.lineTo(x + 2, base + (step % 2 == 0 ? 2 : 0));
    painter.drawPath(wave);
}

} // namespace tokenscope::ui
