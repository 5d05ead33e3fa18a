// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/common/matcher_row.h"

#include "bridge/source_list.h"
#include "pages/common/icon.h"
#include "pages/common/pickers.h"
#include "theme/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QToolButton>

#include <algorithm>

namespace tokenscope::ui {

namespace {

constexpr std::size_t mostValues = 1000;

} // namespace

MatcherRow::MatcherRow(const Theme& theme, SourceList& sources, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_sources(sources), m_label(new QComboBox), m_kind(new QComboBox),
      m_value(new QComboBox), m_remove(new QToolButton)
{
    m_label->setObjectName(QStringLiteral("matcher.label"));
    m_label->setAccessibleName(tr("Label of the condition"));
    m_kind->setObjectName(QStringLiteral("matcher.kind"));
    m_kind->setAccessibleName(tr("How the label is compared"));
    m_value->setObjectName(QStringLiteral("matcher.value"));
    m_value->setAccessibleName(tr("Value of the condition"));
    m_remove->setObjectName(QStringLiteral("matcher.remove"));
    m_remove->setAccessibleName(tr("Remove the condition"));
    m_remove->setToolTip(tr("Remove the condition"));
    for (const char* sign : {"=", "!=", "=~", "!~"})
        m_kind->addItem(QLatin1StringView(sign));
    makeSearchable(*m_label, tr("label"));
    makeSearchable(*m_value, tr("value"));
    m_label->setFixedWidth(120);
    m_kind->setFixedWidth(64);
    m_value->setFixedWidth(150);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(2);
    for (auto* widget : std::initializer_list<QWidget*>{m_label, m_kind, m_value, m_remove})
        row->addWidget(widget);
    connect(m_label, &QComboBox::currentTextChanged, this, [this] {
        askValues();
        Q_EMIT changed();
    });
    connect(m_kind, &QComboBox::currentIndexChanged, this, &MatcherRow::changed);
    connect(m_value, &QComboBox::currentTextChanged, this, &MatcherRow::changed);
    connect(m_remove, &QToolButton::clicked, this, &MatcherRow::removeRequested);
    connect(&theme, &Theme::changed, this, &MatcherRow::dress);
    dress();
}

void MatcherRow::setMatcher(const DraftMatcher& matcher)
{
    const QSignalBlocker quiet(this);
    m_label->setCurrentText(matcher.label);
    m_kind->setCurrentIndex(static_cast<int>(matcher.kind));
    m_value->setCurrentText(matcher.value);
}

DraftMatcher MatcherRow::matcher() const
{
    return {m_label->currentText().trimmed(), static_cast<query::MatchKind>(m_kind->currentIndex()),
            m_value->currentText()};
}

void MatcherRow::setLabels(const QStringList& labels)
{
    setChoices(*m_label, labels);
}

void MatcherRow::setMetric(const std::string& metric)
{
    m_metric = metric;
    askValues();
}

void MatcherRow::askValues()
{
    const auto label = m_label->currentText().trimmed();
    const QString wanted = QString::fromStdString(m_metric) + QLatin1Char('\n') + label;
    if (label.isEmpty() || m_metric.empty() || wanted == m_asked)
        return;
    m_asked = wanted;
    auto answer = m_inquiry.begin<sources::MetricSource::Texts>([this](const auto& values) {
        QStringList texts;
        if (values) {
            for (std::size_t i = 0; i < std::min(values->size(), mostValues); ++i)
                texts << QString::fromStdString((*values)[i]);
        }
        setChoices(*m_value, texts);
    });
    m_sources.current().source->label_values(label.toStdString(), m_metric, m_inquiry.token(), std::move(answer));
}

void MatcherRow::dress()
{
    const auto& tokens = m_theme.tokens();
    m_remove->setIcon(tintedIcon(QStringLiteral("close"), tokens.secondary));
    m_remove->setFixedSize(tokens.controlHeight, tokens.controlHeight);
}

} // namespace tokenscope::ui
