// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/dashboards/panel_options.h"

#include "dashboards/names.h"
#include "pages/dashboards/threshold_editor.h"
#include "theme/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPlainTextEdit>
#include <QSpinBox>
#include <QVBoxLayout>

#include <optional>

namespace tokenscope::ui {

namespace {

using dashboards::PanelKind;

constexpr int descriptionHeight = 56;

QString titleOf(PanelKind kind)
{
    switch (kind) {
    case PanelKind::timeseries: return PanelOptions::tr("Lines over time");
    case PanelKind::stat: return PanelOptions::tr("Number");
    case PanelKind::heatmap: return PanelOptions::tr("Heatmap");
    case PanelKind::table: return PanelOptions::tr("Table");
    case PanelKind::bar: return PanelOptions::tr("Bars");
    }
    return {};
}

QString titleOf(dashboards::Unit unit, std::string_view name)
{
    switch (unit) {
    case dashboards::Unit::none: return PanelOptions::tr("none");
    case dashboards::Unit::percent: return PanelOptions::tr("percent (0 to 100)");
    case dashboards::Unit::ratio: return PanelOptions::tr("ratio (0 to 1, shown in percent)");
    default:
        return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()))
            .replace(QLatin1Char('_'), QLatin1Char(' '));
    }
}

QString numberText(const std::optional<double>& value)
{
    return value ? QLocale::c().toString(*value, 'g', QLocale::FloatingPointShortest) : QString();
}

Result<std::optional<double>> numberIn(const QLineEdit& field, const char* key)
{
    const auto text = field.text().trimmed();
    if (text.isEmpty())
        return std::nullopt;
    bool fine = false;
    const auto value = QLocale::c().toDouble(text, &fine);
    if (!fine)
        return failure(Error{.code = ErrorCode::invalid_request,
                             .message = PanelOptions::tr("“%1” is no number.").arg(text).toStdString(),
                             .param = key});
    return value;
}

} // namespace

PanelOptions::PanelOptions(const Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_title(new QLineEdit), m_description(new QPlainTextEdit), m_kind(new QComboBox),
      m_unit(new QComboBox), m_width(new QSpinBox), m_height(new QSpinBox), m_minimum(new QLineEdit),
      m_maximum(new QLineEdit), m_stacked(new QCheckBox(tr("Stacked"))), m_legend(new QCheckBox(tr("Legend"))),
      m_thresholds(new ThresholdEditor(theme)), m_thresholdsTitle(new QLabel(tr("Thresholds")))
{
    const auto& tokens = theme.tokens();
    for (const auto& [kind, name] : dashboards::panel_kinds())
        m_kind->addItem(titleOf(kind), static_cast<int>(kind));
    for (const auto& [unit, name] : dashboards::units())
        m_unit->addItem(titleOf(unit, name), static_cast<int>(unit));
    m_unit->setMaxVisibleItems(20);
    m_width->setRange(1, static_cast<int>(dashboards::grid_columns));
    m_height->setRange(1, static_cast<int>(dashboards::max_panel_height));
    m_description->setFixedHeight(descriptionHeight);
    m_description->setTabChangesFocus(true);
    for (auto* field : {m_minimum, m_maximum})
        field->setPlaceholderText(tr("automatic"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, tokens.space2, 0);
    column->setSpacing(tokens.space1);
    addField(*column, tr("Title"), m_title, "title");
    addField(*column, tr("Kind"), m_kind, "kind");
    addField(*column, tr("Unit"), m_unit, "unit");
    addField(*column, tr("Description"), m_description, "description");
    column->addWidget(makePair(tr("Width (of 12)"), m_width, "width", tr("Height"), m_height, "height"));
    column->addWidget(makePair(tr("Lowest"), m_minimum, "min", tr("Highest"), m_maximum, "max"));
    auto* flags = new QHBoxLayout;
    flags->setSpacing(tokens.space4);
    m_stacked->setObjectName(QStringLiteral("options.stacked"));
    m_legend->setObjectName(QStringLiteral("options.legend"));
    flags->addWidget(m_stacked);
    flags->addWidget(m_legend);
    flags->addStretch(1);
    column->addSpacing(tokens.space1);
    column->addLayout(flags);
    m_thresholdsTitle->setProperty("role", QStringLiteral("secondary"));
    column->addWidget(m_thresholdsTitle);
    column->addWidget(m_thresholds);
    auto* problem = new QLabel;
    m_problems["thresholds"] = problem;
    column->addWidget(problem);
    column->addStretch(1);
    for (const auto& [key, label] : m_problems) {
        label->setObjectName(QStringLiteral("options.%1.problem").arg(QString::fromStdString(key)));
        label->setProperty("role", QStringLiteral("error"));
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
        label->hide();
    }
    connectFields();
}

void PanelOptions::addField(QVBoxLayout& column, const QString& title, QWidget* field, const char* key)
{
    auto* label = new QLabel(title);
    label->setProperty("role", QStringLiteral("secondary"));
    label->setBuddy(field);
    field->setObjectName(QStringLiteral("options.") + QLatin1StringView(key));
    field->setAccessibleName(title);
    auto* problem = new QLabel;
    m_problems[key] = problem;
    for (auto* widget : std::initializer_list<QWidget*>{label, field, problem})
        column.addWidget(widget);
}

QWidget* PanelOptions::makePair(const QString& firstTitle, QWidget* first, const char* firstKey,
                                const QString& secondTitle, QWidget* second, const char* secondKey)
{
    const auto& tokens = m_theme.tokens();
    auto* pair = new QWidget;
    auto* row = new QHBoxLayout(pair);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(tokens.space2);
    for (const auto& [title, field, key] :
         {std::tuple(firstTitle, first, firstKey), std::tuple(secondTitle, second, secondKey)}) {
        auto* column = new QVBoxLayout;
        column->setSpacing(tokens.space1);
        addField(*column, title, field, key);
        column->addStretch(1);
        row->addLayout(column, 1);
    }
    return pair;
}

void PanelOptions::connectFields()
{
    for (auto* field : {m_title, m_minimum, m_maximum})
        connect(field, &QLineEdit::textChanged, this, &PanelOptions::changed);
    for (auto* box : {m_kind, m_unit})
        connect(box, &QComboBox::currentIndexChanged, this, &PanelOptions::changed);
    for (auto* box : {m_width, m_height})
        connect(box, &QSpinBox::valueChanged, this, &PanelOptions::changed);
    for (auto* box : {m_stacked, m_legend})
        connect(box, &QCheckBox::toggled, this, &PanelOptions::changed);
    connect(m_description, &QPlainTextEdit::textChanged, this, &PanelOptions::changed);
    connect(m_thresholds, &ThresholdEditor::changed, this, &PanelOptions::changed);
    connect(m_kind, &QComboBox::currentIndexChanged, this, &PanelOptions::showKind);
}

void PanelOptions::setPanel(const dashboards::Panel& panel)
{
    const QSignalBlocker quiet(this);
    m_title->setText(QString::fromStdString(panel.title));
    m_description->setPlainText(QString::fromStdString(panel.description));
    m_description->document()->setModified(false);
    m_kind->setCurrentIndex(m_kind->findData(static_cast<int>(panel.kind)));
    m_unit->setCurrentIndex(m_unit->findData(static_cast<int>(panel.unit)));
    m_width->setValue(static_cast<int>(panel.width));
    m_height->setValue(static_cast<int>(panel.height));
    m_minimum->setText(numberText(panel.minimum));
    m_maximum->setText(numberText(panel.maximum));
    m_stacked->setChecked(panel.stacked);
    m_legend->setChecked(panel.legend);
    m_thresholds->setThresholds(panel.thresholds);
    showKind();
}

Result<void> PanelOptions::apply(dashboards::Panel& panel) const
{
    panel.title = m_title->text().toStdString();
    if (m_description->document()->isModified()) // else it would lose what a field of text cannot keep
        panel.description = m_description->toPlainText().toStdString();
    panel.kind = kind();
    panel.unit = static_cast<dashboards::Unit>(m_unit->currentData().toInt());
    panel.width = static_cast<std::size_t>(m_width->value());
    panel.height = static_cast<std::size_t>(m_height->value());
    panel.stacked = m_stacked->isChecked();
    panel.legend = m_legend->isChecked();
    const auto minimum = numberIn(*m_minimum, "min");
    if (!minimum)
        return failure(minimum.error());
    const auto maximum = numberIn(*m_maximum, "max");
    if (!maximum)
        return failure(maximum.error());
    panel.minimum = *minimum;
    panel.maximum = *maximum;
    auto thresholds = m_thresholds->thresholds();
    if (!thresholds) {
        auto error = thresholds.error();
        error.param = "thresholds";
        return failure(std::move(error));
    }
    panel.thresholds = std::move(*thresholds);
    if (m_title->text().trimmed().isEmpty())
        return failure(Error{.code = ErrorCode::invalid_request,
                             .message = tr("Give the panel a title.").toStdString(),
                             .param = "title"});
    return {};
}

PanelKind PanelOptions::kind() const
{
    return static_cast<PanelKind>(m_kind->currentData().toInt());
}

bool PanelOptions::setProblem(const std::string& key, const QString& sentence)
{
    const auto found = m_problems.find(key);
    if (found == m_problems.end())
        return false;
    found->second->setText(sentence);
    found->second->setVisible(!sentence.isEmpty());
    return true;
}

void PanelOptions::clearProblems()
{
    for (const auto& [key, label] : m_problems)
        setProblem(key, {});
}

void PanelOptions::focusTitle()
{
    m_title->setFocus();
    m_title->selectAll();
}

void PanelOptions::showKind()
{
    // What such a panel has no use for stays in the file.
    const bool lines = kind() == PanelKind::timeseries;
    for (auto* widget : std::initializer_list<QWidget*>{m_stacked, m_legend, m_minimum->parentWidget()})
        widget->setVisible(lines);
    m_height->setEnabled(kind() != PanelKind::stat);
    for (auto* widget : std::initializer_list<QWidget*>{m_thresholdsTitle, m_thresholds})
        widget->setVisible(kind() == PanelKind::stat);
}

} // namespace tokenscope::ui
