// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/dashboards/threshold_editor.h"

#include "dashboards/names.h"
#include "pages/common/icon.h"
#include "theme/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace tokenscope::ui {

namespace {

constexpr std::size_t most = 20; ///< as the format has it

QString titleOf(dashboards::ThresholdLevel level)
{
    switch (level) {
    case dashboards::ThresholdLevel::good: return ThresholdEditor::tr("Good");
    case dashboards::ThresholdLevel::warn: return ThresholdEditor::tr("Worth a look");
    case dashboards::ThresholdLevel::bad: return ThresholdEditor::tr("Bad");
    }
    return {};
}

} // namespace

ThresholdEditor::ThresholdEditor(const Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_column(new QVBoxLayout), m_add(new QPushButton(tr("Add threshold")))
{
    const auto& tokens = theme.tokens();
    m_add->setObjectName(QStringLiteral("thresholds.add"));
    m_add->setProperty("flat", true);
    m_add->setAutoDefault(false);
    m_column->setSpacing(tokens.space1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(tokens.space1);
    column->addLayout(m_column);
    column->addWidget(m_add, 0, Qt::AlignLeft);
    connect(m_add, &QPushButton::clicked, this, [this] {
        using Level = dashboards::ThresholdLevel;
        addLine({.level = m_lines.empty() ? Level::warn : Level::bad}, true).from->setFocus();
        Q_EMIT changed();
    });
    connect(&theme, &Theme::changed, this, &ThresholdEditor::dress);
}

ThresholdEditor::Line& ThresholdEditor::addLine(const dashboards::Threshold& threshold, bool empty)
{
    const auto& tokens = m_theme.tokens();
    Line line{new QWidget, new QLineEdit, new QComboBox, new QToolButton};
    line.from->setPlaceholderText(tr("from"));
    if (!empty)
        line.from->setText(QLocale::c().toString(threshold.from, 'g', QLocale::FloatingPointShortest));
    for (const auto& [level, name] : dashboards::threshold_levels())
        line.level->addItem(titleOf(level), static_cast<int>(level));
    line.level->setCurrentIndex(line.level->findData(static_cast<int>(threshold.level)));
    auto* row = new QHBoxLayout(line.row);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(tokens.space1);
    row->addWidget(line.from, 1);
    row->addWidget(line.level, 1);
    row->addWidget(line.remove);
    m_column->addWidget(line.row);
    connect(line.from, &QLineEdit::textChanged, this, &ThresholdEditor::changed);
    connect(line.level, &QComboBox::currentIndexChanged, this, &ThresholdEditor::changed);
    connect(line.remove, &QToolButton::clicked, this, [this, made = line.row] { drop(made); });
    m_lines.push_back(line);
    name();
    dress();
    return m_lines.back();
}

void ThresholdEditor::drop(const QWidget* row)
{
    const auto found =
        std::find_if(m_lines.begin(), m_lines.end(), [row](const Line& line) { return line.row == row; });
    if (found == m_lines.end())
        return;
    found->row->hide();
    found->row->deleteLater(); // its own button asked for it
    m_lines.erase(found);
    name();
    m_add->setFocus();
    Q_EMIT changed();
}

void ThresholdEditor::name()
{
    for (std::size_t i = 0; i < m_lines.size(); ++i) {
        const auto& line = m_lines[i];
        line.from->setObjectName(QStringLiteral("threshold.%1.from").arg(i));
        line.from->setAccessibleName(tr("Threshold %1: from").arg(i + 1));
        line.level->setObjectName(QStringLiteral("threshold.%1.level").arg(i));
        line.level->setAccessibleName(tr("Threshold %1: what it means").arg(i + 1));
        line.remove->setObjectName(QStringLiteral("threshold.%1.remove").arg(i));
        line.remove->setAccessibleName(tr("Remove threshold %1").arg(i + 1));
        line.remove->setToolTip(tr("Remove the threshold"));
    }
    m_add->setEnabled(m_lines.size() < most);
}

void ThresholdEditor::setThresholds(const std::vector<dashboards::Threshold>& thresholds)
{
    const QSignalBlocker quiet(this);
    for (const auto& line : m_lines)
        delete line.row;
    m_lines.clear();
    for (const auto& threshold : thresholds)
        addLine(threshold, false);
}

Result<std::vector<dashboards::Threshold>> ThresholdEditor::thresholds() const
{
    std::vector<dashboards::Threshold> thresholds;
    for (const auto& line : m_lines) {
        bool fine = false;
        const auto text = line.from->text().trimmed();
        const auto from = QLocale::c().toDouble(text, &fine);
        if (!fine)
            return failure(ErrorCode::invalid_request, (text.isEmpty() ? tr("Write from which number on it holds.")
                                                                       : tr("“%1” is no number.").arg(text))
                                                           .toStdString());
        thresholds.push_back({from, static_cast<dashboards::ThresholdLevel>(line.level->currentData().toInt())});
    }
    std::ranges::sort(thresholds, {}, &dashboards::Threshold::from);
    const auto twice = std::ranges::adjacent_find(thresholds, {}, &dashboards::Threshold::from);
    if (twice != thresholds.end())
        return failure(ErrorCode::invalid_request, tr("Two thresholds begin at the same number.").toStdString());
    return thresholds;
}

void ThresholdEditor::dress()
{
    const auto& tokens = m_theme.tokens();
    for (const auto& line : m_lines) {
        line.remove->setIcon(tintedIcon(QStringLiteral("close"), tokens.secondary));
        line.remove->setFixedSize(tokens.controlHeight, tokens.controlHeight);
    }
}

} // namespace tokenscope::ui
