// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/playground/parameter_panel.h"

#include "models/model_picker_model.h"
#include "pages/common/icon.h"
#include "pages/playground/model_delegate.h"
#include "pages/playground/prompt_edit.h"
#include "theme/theme.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>

namespace tokenscope::ui {

namespace {

constexpr double hottest = 2;

} // namespace

ParameterPanel::ParameterPanel(const Theme& theme, QWidget* parent)
    : QFrame(parent), m_theme(theme), m_pickerModel(new ModelPickerModel(this)), m_picker(new QComboBox),
      m_note(new QLabel), m_systemToggle(new QPushButton(tr("System prompt"))), m_system(new PromptEdit(5, 14)),
      m_temperature(new QLineEdit), m_maxTokens(new QLineEdit), m_problem(new QLabel),
      m_newChat(new QPushButton(tr("New chat")))
{
    setObjectName(QStringLiteral("playground.parameters"));
    m_picker->setObjectName(QStringLiteral("playground.model"));
    m_picker->setModel(m_pickerModel);
    m_picker->setItemDelegate(new ModelDelegate(theme, m_picker));
    m_picker->setPlaceholderText(tr("no models yet"));
    m_picker->setMinimumContentsLength(8);
    m_picker->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_picker->setToolTip(tr("The model to ask"));
    m_note->setObjectName(QStringLiteral("playground.modelNote"));
    m_systemToggle->setObjectName(QStringLiteral("playground.systemToggle"));
    m_systemToggle->setCheckable(true);
    m_systemToggle->setFlat(true);
    m_systemToggle->setToolTip(tr("Show or hide the system prompt"));
    m_system->setObjectName(QStringLiteral("playground.system"));
    m_system->setAccessibleName(tr("System prompt"));
    m_system->setPlaceholderText(tr("How the model should behave"));
    m_system->hide();
    m_temperature->setObjectName(QStringLiteral("playground.temperature"));
    m_temperature->setPlaceholderText(tr("model's default"));
    m_maxTokens->setObjectName(QStringLiteral("playground.maxTokens"));
    m_maxTokens->setPlaceholderText(tr("model's default"));
    m_problem->setObjectName(QStringLiteral("playground.parameterProblem"));
    m_newChat->setObjectName(QStringLiteral("playground.newChat"));
    m_newChat->setToolTip(tr("Start over with an empty conversation (Ctrl+N)"));
    m_newChat->setShortcut(QKeySequence::New);
    for (auto* label : {m_note, m_problem})
        label->setWordWrap(true);

    const auto& tokens = theme.tokens();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(tokens.space4, tokens.space4, tokens.space4, tokens.space4);
    column->setSpacing(tokens.space1);
    const auto field = [&](QWidget* widget, const QString& text) {
        column->addWidget(labelFor(widget, text));
        column->addWidget(widget);
    };
    field(m_picker, tr("Model"));
    column->addWidget(m_note);
    column->addSpacing(tokens.space3);
    field(m_temperature, tr("Temperature"));
    column->addSpacing(tokens.space2);
    field(m_maxTokens, tr("Max output tokens"));
    column->addSpacing(tokens.space3);
    column->addWidget(m_systemToggle);
    column->addWidget(m_system);
    column->addStretch(1);
    column->addWidget(m_newChat);

    connect(m_picker, &QComboBox::currentIndexChanged, this, [this] {
        if (!model().isEmpty())
            m_wanted = model();
        Q_EMIT edited();
    });
    connect(m_systemToggle, &QPushButton::toggled, this, [this](bool open) {
        m_system->setVisible(open);
        dress();
    });
    connect(m_system, &QPlainTextEdit::textChanged, this, &ParameterPanel::edited);
    for (auto* line : {m_temperature, m_maxTokens}) {
        connect(line, &QLineEdit::textChanged, this, [this] {
            showProblem();
            Q_EMIT edited();
        });
    }
    connect(m_newChat, &QPushButton::clicked, this, &ParameterPanel::newChatRequested);
    connect(&theme, &Theme::changed, this, &ParameterPanel::dress);
    dress();
    showProblem();
}

QLabel* ParameterPanel::labelFor(QWidget* field, const QString& text)
{
    auto* label = new QLabel(text);
    label->setBuddy(field);
    field->setAccessibleName(text);
    m_labels.push_back(label);
    return label;
}

void ParameterPanel::setModels(const std::vector<ModelInfo>& models, const QString& note)
{
    {
        // Filling the list must not look like the user's choice.
        const QSignalBlocker blocker(m_picker);
        m_models = models;
        m_pickerModel->setModels(models);
        const auto row = m_pickerModel->rowOf(m_wanted);
        m_picker->setCurrentIndex(row >= 0 ? row : m_pickerModel->firstModelRow());
        m_picker->setEnabled(!models.empty());
    }
    m_note->setText(!note.isEmpty()    ? note
                    : modelSimulated() ? tr("Simulated: made-up answers, no model needed.")
                                       : QString());
    m_note->setVisible(!m_note->text().isEmpty());
    Q_EMIT edited();
}

QString ParameterPanel::model() const
{
    return m_picker->currentData(ModelPickerModel::idRole).toString();
}

bool ParameterPanel::modelSimulated() const
{
    const auto id = model();
    return std::any_of(m_models.begin(), m_models.end(),
                       [&](const ModelInfo& info) { return info.id == id && info.simulated; });
}

void ParameterPanel::setModel(const QString& id)
{
    m_wanted = id;
    if (const auto row = m_pickerModel->rowOf(id); row >= 0)
        m_picker->setCurrentIndex(row);
}

void ParameterPanel::focusModel()
{
    m_picker->setFocus();
    m_picker->showPopup();
}

void ParameterPanel::focusSystemPrompt()
{
    m_systemToggle->setChecked(true);
    m_system->setFocus();
}

QString ParameterPanel::systemPrompt() const
{
    return m_system->toPlainText();
}

void ParameterPanel::setSystemPrompt(const QString& text)
{
    m_system->setPlainText(text);
    m_systemToggle->setChecked(!text.isEmpty());
}

QString ParameterPanel::temperatureText() const
{
    return m_temperature->text();
}

QString ParameterPanel::maxTokensText() const
{
    return m_maxTokens->text();
}

void ParameterPanel::setTexts(const QString& temperature, const QString& maxTokens)
{
    m_temperature->setText(temperature);
    m_maxTokens->setText(maxTokens);
}

std::optional<double> ParameterPanel::temperature() const
{
    bool ok = false;
    // A decimal comma is what half of the world types.
    const auto value = m_temperature->text().trimmed().replace(QLatin1Char(','), QLatin1Char('.')).toDouble(&ok);
    return ok && value >= 0 && value <= hottest ? std::optional(value) : std::nullopt;
}

std::optional<int> ParameterPanel::maxTokens() const
{
    bool ok = false;
    const auto value = m_maxTokens->text().trimmed().toInt(&ok);
    return ok && value > 0 ? std::optional(value) : std::nullopt;
}

QString ParameterPanel::problem() const
{
    if (!m_temperature->text().trimmed().isEmpty() && !temperature())
        return tr("Temperature must be a number from 0 to 2, or empty.");
    if (!m_maxTokens->text().trimmed().isEmpty() && !maxTokens())
        return tr("Max output tokens must be a whole number above 0, or empty.");
    return {};
}

void ParameterPanel::showProblem()
{
    m_problem->setText(problem());
    // Below the field it is about.
    auto* column = static_cast<QVBoxLayout*>(layout());
    const auto temperatureBad = !m_temperature->text().trimmed().isEmpty() && !temperature();
    column->removeWidget(m_problem);
    column->insertWidget(column->indexOf(temperatureBad ? m_temperature : m_maxTokens) + 1, m_problem);
    m_problem->setVisible(!m_problem->text().isEmpty());
}

void ParameterPanel::dress()
{
    const auto& tokens = m_theme.tokens();
    for (auto* label : m_labels)
        label->setFont(tokens.small);
    for (auto* label : {m_note, m_problem})
        label->setFont(tokens.small);
    m_systemToggle->setFont(tokens.small);
    m_systemToggle->setIcon(
        tintedIcon(m_systemToggle->isChecked() ? QStringLiteral("chevron-down") : QStringLiteral("chevron-right"),
                   tokens.secondary));
    m_systemToggle->setIconSize({16, 16});
    m_system->setFont(tokens.body);
    m_newChat->setIcon(tintedIcon(QStringLiteral("plus"), tokens.text));
    m_newChat->setIconSize({16, 16});
    for (auto* control :
         std::initializer_list<QWidget*>{m_picker, m_temperature, m_maxTokens, m_newChat, m_systemToggle})
        control->setFixedHeight(tokens.controlHeight);
    m_problem->setStyleSheet(QStringLiteral("color: %1;").arg(tokens.bad.name()));
    setStyleSheet(
        QStringLiteral(
            "tokenscope--ui--ParameterPanel { background: transparent; border: none; border-left: 1px solid %1; }"
            "QLabel { color: %2; background: transparent; }"
            "QPushButton[flat='true'] { text-align: left; padding: 0; border: none; background: transparent; color: "
            "%2; }"
            "QPushButton[flat='true']:focus { color: %3; }")
            .arg(tokens.hairline.name(), tokens.secondary.name(), tokens.text.name()));
}

} // namespace tokenscope::ui
