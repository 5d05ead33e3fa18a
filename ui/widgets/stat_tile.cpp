// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/stat_tile.h"

#include "charts/sparkline.h"
#include "theme/panel.h"
#include "theme/theme.h"
#include "widgets/elided_label.h"

#include <QFontMetrics>
#include <QHBoxLayout>
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

} // namespace

StatTile::StatTile(const Theme& theme, const QString& label, Unit unit, QWidget* parent)
    : QFrame(parent), m_theme(theme), m_unit(unit), m_label(new ElidedLabel(label, this)),
      m_number(new ElidedLabel({}, this)), m_unitLabel(new QLabel(this)), m_sparkline(new Sparkline(theme, this))
{
    const ThemeTokens& tokens = theme.tokens();
    m_number->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    m_number->setAlignment(Qt::AlignLeft | Qt::AlignBottom);
    m_unitLabel->setAlignment(Qt::AlignLeft | Qt::AlignBottom);
    m_sparkline->setFixedHeight(24);

    auto* valueRow = new QHBoxLayout;
    valueRow->setSpacing(tokens.space1);
    valueRow->addWidget(m_number);
    valueRow->addWidget(m_unitLabel);
    valueRow->addStretch(1);

    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(tokens.space3, tokens.space2, tokens.space3, tokens.space2);
    rows->setSpacing(0);
    rows->addWidget(m_label);
    rows->addLayout(valueRow);
    rows->addSpacing(tokens.space1);
    rows->addWidget(m_sparkline);
    rows->addStretch(1);

    setMinimumWidth(104);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, &StatTile::refresh);
    refresh();
}

void StatTile::setValue(std::optional<double> value)
{
    m_value = value;
    m_text.clear();
    m_failed = false;
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
    m_failed = false;
    refresh();
}

void StatTile::setError(const QString& message)
{
    m_value.reset();
    m_text = message;
    m_failed = true;
    refresh();
}

void StatTile::setTone(Tone tone)
{
    m_tone = tone;
    refresh();
}

void StatTile::setLabelReserve(int width)
{
    m_label->setContentsMargins(0, 0, width, 0);
}

void StatTile::paintEvent(QPaintEvent*)
{
    paintPanel(*this, m_theme.tokens());
}

void StatTile::refresh()
{
    const ThemeTokens& tokens = m_theme.tokens();
    const bool words = !m_text.isEmpty();
    const FormattedValue shown = words ? FormattedValue{m_text, {}} : formatValue(m_value, m_unit);

    m_label->setFont(tokens.small);
    m_unitLabel->setFont(tokens.small);
    m_number->setFont(words ? tokens.body : tokens.number);
    // Words take the place of the number without moving what is below.
    m_number->setFixedHeight(QFontMetrics(tokens.number).height());
    const int drop = QFontMetrics(tokens.number).descent() - QFontMetrics(tokens.small).descent();
    m_unitLabel->setContentsMargins(0, 0, 0, drop);

    m_number->setText(shown.number);
    m_unitLabel->setText(shown.unit);
    m_unitLabel->setVisible(!shown.unit.isEmpty());
    setTextColor(m_label, tokens.secondary);
    setTextColor(m_unitLabel, tokens.secondary);
    setTextColor(m_number, m_failed ? tokens.bad : words ? tokens.secondary : toneColor(m_tone, tokens));
    setAccessibleName(m_label->text() + QStringLiteral(": ") + shown.joined());
    update();
}

} // namespace tokenscope::ui
