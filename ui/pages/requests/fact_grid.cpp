// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/requests/fact_grid.h"

#include "pages/requests/copy_button.h"
#include "theme/theme.h"
#include "widgets/elided_label.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>

namespace tokenscope::ui {

namespace {

constexpr int labelWidth = 176;
constexpr int narrowLabel = 132;
constexpr int narrow = 480; ///< a grid below this width has narrow labels
constexpr int longestWord = 30;

/// Words longer than a narrow panel may be broken anywhere.
QString breakable(const QString& text)
{
    QString out;
    int run = 0;
    for (const auto letter : text) {
        out += letter;
        run = letter.isSpace() ? 0 : run + 1;
        if (run == longestWord) {
            out += QChar(0x200B);
            run = 0;
        }
    }
    return out;
}

} // namespace

FactGrid::FactGrid(const Theme& theme, const QString& name, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(name);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    connect(&theme, &Theme::changed, this, &FactGrid::rebuild);
}

void FactGrid::setFacts(std::vector<Fact> facts)
{
    m_facts = std::move(facts);
    rebuild();
}

QString FactGrid::text() const
{
    QStringList lines;
    for (const auto& fact : m_facts)
        lines << fact.label + QLatin1Char('\t') + fact.value;
    return lines.join(QLatin1Char('\n'));
}

QWidget* FactGrid::valueOf(const Fact& fact, std::size_t row)
{
    const auto& tokens = m_theme.tokens();
    const bool one = !fact.bad && !fact.copy.isEmpty();
    auto* value = one ? new ElidedLabel(fact.value) : new QLabel(breakable(fact.value));
    value->setObjectName(objectName() + QLatin1Char('.') + QString::number(row));
    value->setTextFormat(Qt::PlainText);
    value->setFont(one ? tokens.mono : tokens.body);
    value->setWordWrap(!one);
    if (!one)
        value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    value->setCursor(one ? Qt::ArrowCursor : Qt::IBeamCursor);
    value->setAccessibleName(fact.label + QStringLiteral(": ") + fact.value);
    value->setAccessibleDescription(fact.explanation);
    if (!fact.explanation.isEmpty())
        value->setToolTip(QStringLiteral("<p>") + fact.explanation.toHtmlEscaped() + QStringLiteral("</p>"));
    if (fact.bad)
        value->setProperty("role", QStringLiteral("error"));
    return value;
}

QWidget* FactGrid::buttonsOf(const Fact& fact)
{
    auto* buttons = new QWidget;
    auto* row = new QHBoxLayout(buttons);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addStretch(1);
    if (!fact.filter.isEmpty()) {
        auto* filter = new IconButton(m_theme, QStringLiteral("explore"),
                                      tr("Requests with the same %1").arg(fact.label.toLower()));
        connect(filter, &QToolButton::clicked, this, [this, text = fact.filter] { Q_EMIT filterRequested(text); });
        row->addWidget(filter);
    }
    if (!fact.copy.isEmpty())
        row->addWidget(
            new CopyButton(m_theme, tr("Copy %1").arg(fact.label.toLower()), [text = fact.copy] { return text; }));
    return buttons;
}

int FactGrid::widthOfLabels() const
{
    return width() < narrow && !m_shortValues ? narrowLabel : labelWidth;
}

void FactGrid::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    for (auto* label : m_labels)
        label->setFixedWidth(widthOfLabels());
}

void FactGrid::rebuild()
{
    if (m_body) {
        m_body->hide();
        m_body->setParent(nullptr);
        m_body->deleteLater(); // one of its buttons may be the reason
    }
    m_body = new QWidget;
    m_labels.clear();
    auto* grid = new QGridLayout(m_body);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(m_theme.tokens().space2);
    grid->setVerticalSpacing(0);
    grid->setColumnStretch(1, 1);
    for (std::size_t i = 0; i < m_facts.size(); ++i) {
        const auto& fact = m_facts[i];
        const auto row = static_cast<int>(i);
        auto* label = new QLabel(fact.label);
        label->setProperty("role", QStringLiteral("secondary"));
        label->setTextFormat(Qt::PlainText);
        label->setFont(m_theme.tokens().small);
        label->setFixedWidth(widthOfLabels());
        m_labels.push_back(label);
        label->setWordWrap(true);
        label->setContentsMargins(0, 4, 0, 3);
        if (!fact.explanation.isEmpty())
            label->setToolTip(QStringLiteral("<p>") + fact.explanation.toHtmlEscaped() + QStringLiteral("</p>"));
        auto* value = valueOf(fact, i);
        value->setContentsMargins(0, 3, 0, 2);
        grid->addWidget(label, row, 0, Qt::AlignTop);
        grid->addWidget(value, row, 1, Qt::AlignTop);
        grid->addWidget(buttonsOf(fact), row, 2, Qt::AlignTop);
    }
    layout()->addWidget(m_body);
}

} // namespace tokenscope::ui
