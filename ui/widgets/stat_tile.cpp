// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/stat_tile.h"

#include "charts/sparkline.h"
#include "theme/panel.h"
#include "theme/theme.h"
#include "widgets/elided_label.h"

#include <QAccessibleWidget>
#include <QFontMetrics>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QVBoxLayout>

namespace tokenscope::ui {
namespace {

void setTextColor(QLabel* label, const QColor& color)
{
    QPalette palette = label->palette();
    palette.setColor(QPalette::WindowText, color);
    label->setPalette(palette);
}

QColor toneColor(StatTile::Tone tone, const ThemeTokens& tokens)
{
    switch (tone) {
    case StatTile::Tone::normal: return tokens.text;
    case StatTile::Tone::good: return tokens.good;
    case StatTile::Tone::warn: return tokens.warn;
    case StatTile::Tone::bad: return tokens.bad;
    }
    return tokens.text;
}

/// A button for those who do not see it, as long as it leads somewhere.
class AccessibleTile : public QAccessibleWidget {
public:
    explicit AccessibleTile(StatTile* tile) : QAccessibleWidget(tile), m_tile(*tile) {}

    QAccessible::Role role() const override
    {
        return m_tile.clickable() ? QAccessible::Button : QAccessibleWidget::role();
    }
    QStringList actionNames() const override
    {
        auto names = QAccessibleWidget::actionNames();
        if (m_tile.clickable())
            names.prepend(pressAction());
        return names;
    }
    void doAction(const QString& name) override
    {
        if (name != pressAction())
            QAccessibleWidget::doAction(name);
        else if (m_tile.clickable())
            Q_EMIT m_tile.clicked();
    }

private:
    StatTile& m_tile;
};

QAccessibleInterface* makeInterface(const QString&, QObject* object)
{
    auto* tile = qobject_cast<StatTile*>(object);
    return tile ? new AccessibleTile(tile) : nullptr;
}

/// Before the first part is made: the interface that a tile is asked for meanwhile is the one that it keeps.
QWidget* prepared(QWidget* parent)
{
    QAccessible::installFactory(makeInterface);
    return parent;
}

} // namespace

StatTile::StatTile(const Theme& theme, const QString& label, Unit unit, QWidget* parent)
    : QFrame(prepared(parent)), m_theme(theme), m_unit(unit), m_label(new ElidedLabel(label, this)),
      m_note(new QLabel(this)), m_number(new ElidedLabel({}, this)), m_unitLabel(new QLabel(this)),
      m_reasonLabel(new QLabel(this)), m_sparkline(new Sparkline(theme, this))
{
    const ThemeTokens& tokens = theme.tokens();
    m_number->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    m_number->setAlignment(Qt::AlignLeft | Qt::AlignBottom);
    m_unitLabel->setAlignment(Qt::AlignLeft | Qt::AlignBottom);
    m_sparkline->setFixedHeight(24);

    auto* labelRow = new QHBoxLayout;
    labelRow->setSpacing(tokens.space1);
    labelRow->addWidget(m_label, 1);
    labelRow->addWidget(m_note);
    m_note->hide();

    auto* valueRow = new QHBoxLayout;
    valueRow->setSpacing(tokens.space1);
    valueRow->addWidget(m_number);
    valueRow->addWidget(m_unitLabel);
    valueRow->addStretch(1);
    valueRow->addWidget(m_reasonLabel);
    m_reasonLabel->setAlignment(Qt::AlignRight | Qt::AlignBottom);
    m_reasonLabel->hide();

    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(tokens.space3, tokens.space2, tokens.space3, tokens.space2);
    rows->setSpacing(0);
    rows->addLayout(labelRow);
    rows->addLayout(valueRow);
    rows->addSpacing(tokens.space1);
    rows->addWidget(m_sparkline);
    rows->addStretch(1);

    setMinimumWidth(64); // one column of a dashboard
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, &StatTile::refresh);
    refresh();
}

void StatTile::setValue(std::optional<double> value)
{
    m_value = value;
    m_text.clear();
    leaveError();
    refresh();
}

void StatTile::setHistory(std::vector<double> values)
{
    m_sparkline->setValues(std::move(values));
}

void StatTile::setText(const QString& text)
{
    m_value.reset();
    m_text = text;
    leaveError();
    refresh();
}

void StatTile::setError(const QString& message)
{
    m_value.reset();
    m_text = tr("failed");
    m_error = message;
    // A server's words are no mark-up.
    setToolTip(QStringLiteral("<p>") + message.toHtmlEscaped() + QStringLiteral("</p>"));
    refresh();
}

void StatTile::leaveError()
{
    if (!m_error.isEmpty())
        setToolTip({}); // which may be that of what the tile is in
    m_error.clear();
}

void StatTile::setTone(Tone tone, std::optional<double> from)
{
    m_tone = tone;
    m_reason = from ? QStringLiteral("≥ ") + formatRound(from, m_unit) : QString();
    describe();
    refresh();
}

void StatTile::setLabelReserve(int width)
{
    m_reserve = width;
    fit();
}

void StatTile::setNote(const QString& note)
{
    m_note->setText(note);
    describe();
    fit();
}

void StatTile::setClickHint(const QString& hint)
{
    m_hint = hint;
    setFocusPolicy(hint.isEmpty() ? Qt::NoFocus : Qt::TabFocus);
    setCursor(hint.isEmpty() ? Qt::ArrowCursor : Qt::PointingHandCursor);
    describe();
}

void StatTile::describe()
{
    QStringList parts{m_note->text(), m_reason, m_hint};
    parts.removeAll(QString());
    setAccessibleDescription(parts.join(QStringLiteral(". ")));
}

void StatTile::mouseReleaseEvent(QMouseEvent* event)
{
    if (clickable() && event->button() == Qt::LeftButton && rect().contains(event->position().toPoint()))
        Q_EMIT clicked();
}

void StatTile::keyPressEvent(QKeyEvent* event)
{
    const auto key = event->key();
    const bool press = key == Qt::Key_Return || key == Qt::Key_Enter || key == Qt::Key_Space;
    if (!clickable() || !press)
        QFrame::keyPressEvent(event);
    else if (!event->isAutoRepeat())
        Q_EMIT clicked();
}

void StatTile::focusInEvent(QFocusEvent* event)
{
    QFrame::focusInEvent(event);
    update();
}

void StatTile::focusOutEvent(QFocusEvent* event)
{
    QFrame::focusOutEvent(event);
    update();
}

void StatTile::resizeEvent(QResizeEvent* event)
{
    QFrame::resizeEvent(event);
    fit();
}

/// The number is what the tile is there for: it becomes smaller before it is cut, and the note goes before the label.
void StatTile::fit()
{
    const ThemeTokens& tokens = m_theme.tokens();
    const int room = contentsRect().width() - 2 * tokens.space3;
    const QFontMetrics small(tokens.small);
    const int noted = small.horizontalAdvance(m_note->text()) + tokens.space1;
    const bool fits = small.horizontalAdvance(m_label->text()) + noted + m_reserve <= room;
    m_note->setVisible(fits && !m_note->text().isEmpty());
    m_note->setContentsMargins(0, 0, m_note->isHidden() ? 0 : m_reserve, 0);
    m_label->setContentsMargins(0, 0, m_note->isHidden() ? m_reserve : 0, 0);
    m_reasonLabel->hide();
    if (!m_text.isEmpty())
        return;
    const auto needed = [this](const QFont& font) { return QFontMetrics(font).horizontalAdvance(m_number->text()); };
    int unit = m_unitLabel->text().isEmpty() ? 0 : small.horizontalAdvance(m_unitLabel->text()) + tokens.space1;
    if (needed(tokens.small) + unit > room)
        unit = 0; // better the number alone than half of it
    m_unitLabel->setVisible(unit > 0);
    const int reason = small.horizontalAdvance(m_reason) + tokens.space2;
    m_reasonLabel->setVisible(!m_reason.isEmpty() && m_value && needed(tokens.number) + unit + reason <= room);
    QFont font = tokens.number;
    while (font.pixelSize() > tokens.small.pixelSize() && needed(font) + unit > room)
        font.setPixelSize(font.pixelSize() - 1);
    m_number->setFont(font);
}

void StatTile::paintEvent(QPaintEvent*)
{
    paintPanel(*this, m_theme.tokens());
    if (!hasFocus())
        return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(m_theme.tokens().accent);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), m_theme.tokens().radius,
                            m_theme.tokens().radius);
}

void StatTile::refresh()
{
    const ThemeTokens& tokens = m_theme.tokens();
    const bool words = !m_text.isEmpty();
    const FormattedValue shown = words ? FormattedValue{m_text, {}} : formatValue(m_value, m_unit);

    m_label->setFont(tokens.small);
    m_unitLabel->setFont(tokens.small);
    m_note->setFont(tokens.small);
    m_number->setFont(words ? tokens.body : tokens.number);
    // Words take the place of the number without moving what is below.
    m_number->setFixedHeight(QFontMetrics(tokens.number).height());
    const int drop = QFontMetrics(tokens.number).descent() - QFontMetrics(tokens.small).descent();
    m_unitLabel->setContentsMargins(0, 0, 0, drop);
    m_reasonLabel->setContentsMargins(0, 0, 0, drop);
    m_reasonLabel->setFont(tokens.small);
    m_reasonLabel->setText(m_reason);
    setTextColor(m_reasonLabel, toneColor(m_tone, tokens));

    m_number->setText(shown.number);
    m_unitLabel->setText(shown.unit);
    m_unitLabel->setVisible(!shown.unit.isEmpty());
    setTextColor(m_label, tokens.secondary);
    setTextColor(m_unitLabel, tokens.secondary);
    setTextColor(m_note, tokens.secondary);
    setTextColor(m_number, !m_error.isEmpty() ? tokens.bad : words ? tokens.secondary : toneColor(m_tone, tokens));
    setAccessibleName(m_label->text() + QStringLiteral(": ") + (m_error.isEmpty() ? shown.joined() : m_error));
    fit();
    update();
}

} // namespace tokenscope::ui
