// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/settings/value_editor.h"

#include "pages/settings/choice_box.h"
#include "pages/settings/switch.h"

#include <QHBoxLayout>
#include <QLineEdit>

namespace tokenscope::ui {

namespace {

constexpr int shortLine = 200; ///< px: for numbers and their like

bool isShort(config::ValueType type)
{
    using config::ValueType;
    switch (type) {
    case ValueType::count:
    case ValueType::number:
    case ValueType::duration:
    case ValueType::size:
    case ValueType::choice:
    case ValueType::name: return true;
    default: return false;
    }
}

} // namespace

ValueEditor::ValueEditor(const Theme& theme, const Setting& setting, const QString& name, QWidget* parent)
    : SettingEditor(parent), m_spec(setting.spec), m_fallback(QString::fromStdString(setting.fallback))
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    if (m_spec.type == config::ValueType::boolean)
        makeSwitch(theme);
    else if (m_spec.type == config::ValueType::choice)
        makeChoice();
    else
        makeLine();
    auto* control = focusTarget();
    control->setObjectName(name);
    row->addWidget(control);
    if (isShort(m_spec.type))
        control->setFixedWidth(shortLine);
    if (isShort(m_spec.type) || m_switch)
        row->addStretch(1);
    m_tree.kind = YamlTree::Kind::list; // nothing that setTree could be given
    setTree({});
}

void ValueEditor::makeSwitch(const Theme& theme)
{
    m_switch = new Switch(theme);
    connect(m_switch, &QCheckBox::clicked, this,
            [this](bool on) { emitText(on ? QStringLiteral("true") : QStringLiteral("false")); });
}

void ValueEditor::makeChoice()
{
    m_choice = new ChoiceBox;
    for (const auto name : m_spec.choices().names)
        m_choice->addItem(QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size())));
    connect(m_choice, &QComboBox::activated, this, [this] { emitText(m_choice->currentText()); });
}

void ValueEditor::makeLine()
{
    m_line = new QLineEdit;
    connect(m_line, &QLineEdit::textEdited, this, &ValueEditor::emitText);
}

void ValueEditor::emitText(const QString& text)
{
    // Emptied, a key has its default again. For those that may be empty, that is the default.
    m_tree = m_line && text.isEmpty() ? YamlTree() : scalarTree(text.toStdString());
    Q_EMIT edited(m_tree);
}

void ValueEditor::setTree(const YamlTree& tree)
{
    if (tree == m_tree)
        return;
    m_tree = tree;
    const bool present = tree.kind == YamlTree::Kind::scalar;
    const auto text = present ? QString::fromStdString(tree.text) : QString();
    const auto shown = present ? text : m_fallback;
    if (m_switch) {
        m_switch->setChecked(shown == QLatin1StringView("true"));
        m_switch->setToolTip(text.startsWith(QLatin1Char('$')) ? tr("The file says %1").arg(text) : QString());
    } else if (m_choice) {
        // What is none of the choices, e.g. ${LEVEL}, is one more while it is there.
        const int names = static_cast<int>(m_spec.choices().names.size());
        while (m_choice->count() > names)
            m_choice->removeItem(names);
        if (m_choice->findText(shown) < 0)
            m_choice->addItem(shown);
        m_choice->setCurrentText(shown);
    } else if (m_line->text() != text) {
        m_line->setText(text);
        m_line->setCursorPosition(0);
    }
}

void ValueEditor::setFallback(const QString& text)
{
    m_fallback = text;
    if (m_line)
        m_line->setPlaceholderText(text);
    const auto tree = m_tree;
    m_tree.kind = YamlTree::Kind::list;
    setTree(tree);
}

QWidget* ValueEditor::focusTarget()
{
    return m_switch ? static_cast<QWidget*>(m_switch) : m_choice ? static_cast<QWidget*>(m_choice) : m_line;
}

} // namespace tokenscope::ui
