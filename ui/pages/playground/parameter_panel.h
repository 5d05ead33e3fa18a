// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/model_list.h"

#include <QFrame>

#include <optional>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace tokenscope::ui {

class ModelPickerModel;
class PromptEdit;
class Theme;

/// Which model to ask and how: model, system prompt, temperature, most output tokens. An empty field is not sent.
class ParameterPanel : public QFrame {
    Q_OBJECT

public:
    explicit ParameterPanel(const Theme& theme, QWidget* parent = nullptr);

    /// Keeps the chosen model where it is still offered.
    void setModels(const std::vector<ModelInfo>& models, const QString& note);

    QString model() const;
    bool modelSimulated() const;
    /// Chosen as soon as it is offered.
    void setModel(const QString& id);
    const std::vector<ModelInfo>& models() const { return m_models; }
    void focusModel();
    void focusSystemPrompt(); ///< shows it first
    QString systemPrompt() const;
    void setSystemPrompt(const QString& text);
    QString temperatureText() const;
    QString maxTokensText() const;
    void setTexts(const QString& temperature, const QString& maxTokens);

    std::optional<double> temperature() const;
    std::optional<int> maxTokens() const;
    /// What is wrong with the fields, as a sentence; empty: nothing.
    QString problem() const;

Q_SIGNALS:
    void edited();
    void newChatRequested();

private:
    QLabel* labelFor(QWidget* field, const QString& text);
    void dress();
    void showProblem();

    const Theme& m_theme;
    ModelPickerModel* m_pickerModel;
    QComboBox* m_picker;
    QLabel* m_note;
    QPushButton* m_systemToggle;
    PromptEdit* m_system;
    QLineEdit* m_temperature;
    QLineEdit* m_maxTokens;
    QLabel* m_problem;
    QPushButton* m_newChat;
    std::vector<QLabel*> m_labels;
    std::vector<ModelInfo> m_models;
    QString m_wanted;
};

} // namespace tokenscope::ui
