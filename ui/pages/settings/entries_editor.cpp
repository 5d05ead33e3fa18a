// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/settings/entries_editor.h"

#include "pages/common/icon.h"
#include "pages/settings/secret_editor.h"
#include "theme/theme.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace tokenscope::ui {

namespace {

constexpr int nameWidth = 160;
constexpr int leastNameWidth = 96;

QString joinedItems(const YamlTree& list)
{
    QStringList texts;
    for (const auto& item : list.items)
        texts << QString::fromStdString(item.text);
    return list.kind == YamlTree::Kind::scalar ? QString::fromStdString(list.text) : texts.join(QStringLiteral(", "));
}

YamlTree splitItems(const QString& text)
{
    std::vector<std::string> items;
    for (const auto& item : text.split(QLatin1Char(','), Qt::SkipEmptyParts)) {
        if (!item.trimmed().isEmpty())
            items.push_back(item.trimmed().toStdString());
    }
    return listTree(items);
}

} // namespace

EntriesEditor::EntriesEditor(const SettingServices& services, const Setting& setting, const QString& name,
                             QWidget* parent)
    : SettingEditor(parent), m_services(services), m_shape(setting.shape),
      m_secret(config::is_secret(setting.spec.type)), m_label(labelOf(setting.spec.name)),
      m_column(new QVBoxLayout(this)), m_add(new QPushButton)
{
    setObjectName(name);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(services.theme.tokens().space2);
    m_add->setObjectName(name + QStringLiteral(".add"));
    m_add->setText(m_shape == Shape::texts ? tr("Add an entry") : m_secret ? tr("Add a header") : tr("Add a model"));
    m_add->setAccessibleName(QStringLiteral("%1: %2").arg(m_label, m_add->text()));
    m_add->setAutoDefault(false);
    m_column->addWidget(m_add, 0, Qt::AlignLeft);
    connect(m_add, &QPushButton::clicked, this, [this] {
        addRow({}, {});
        auto& row = m_rows.back();
        (row.name ? row.name : row.value)->setFocus();
    });
}

void EntriesEditor::addRow(const std::string& name, const YamlTree& value)
{
    Row row;
    row.box = new QWidget;
    auto* column = new QVBoxLayout(row.box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(m_services.theme.tokens().space1);
    auto* layout = new QHBoxLayout;
    layout->setSpacing(m_services.theme.tokens().space2);
    column->addLayout(layout);
    if (named()) {
        row.name = new QLineEdit(QString::fromStdString(name));
        row.name->setMinimumWidth(leastNameWidth);
        row.name->setMaximumWidth(nameWidth);
        row.name->setCursorPosition(0);
        row.name->setPlaceholderText(m_secret ? QStringLiteral("authorization") : tr("name"));
        layout->addWidget(row.name, 2);
        connect(row.name, &QLineEdit::textEdited, this, &EntriesEditor::emitTree);
    }
    if (m_secret) {
        addSecret(row, value);
        column->addWidget(row.secret); // below: beside its name there is no room for four controls
        layout->addStretch(3);
    } else {
        row.value =
            new QLineEdit(m_shape == Shape::mapOfLists ? joinedItems(value) : QString::fromStdString(value.text));
        row.value->setPlaceholderText(m_shape == Shape::mapOfLists ? tr("provider/model, provider/model")
                                      : m_shape == Shape::map      ? tr("provider/model")
                                                                   : QString());
        row.value->setCursorPosition(0); // the beginning of what is too long tells more
        layout->addWidget(row.value, 3);
        connect(row.value, &QLineEdit::textEdited, this, &EntriesEditor::emitTree);
    }
    auto* remove = new QPushButton(tr("Remove"));
    remove->setProperty("flat", true);
    remove->setAutoDefault(false);
    layout->addWidget(remove);
    connect(remove, &QPushButton::clicked, this, [this, box = row.box] { removeRow(box); });
    m_column->insertWidget(static_cast<int>(m_rows.size()), row.box);
    m_rows.push_back(row);
    nameControls();
}

void EntriesEditor::addSecret(Row& row, const YamlTree& value)
{
    row.secret = new SecretEditor(m_services, objectName() + QStringLiteral(".secret"), SecretEditor::Schemes::offered);
    row.secret->setSuggestion(QStringLiteral("otlp"));
    row.secret->setTree(value);
    row.secretTree = value;
    connect(row.secret, &SettingEditor::edited, this, [this, box = row.box](const YamlTree& tree) {
        const auto found =
            std::find_if(m_rows.begin(), m_rows.end(), [box](const Row& other) { return other.box == box; });
        if (found == m_rows.end())
            return;
        found->secretTree = tree;
        emitTree();
    });
}

void EntriesEditor::removeRow(const QWidget* box)
{
    const auto found = std::find_if(m_rows.begin(), m_rows.end(), [box](const Row& row) { return row.box == box; });
    if (found == m_rows.end())
        return;
    found->box->hide();
    found->box->deleteLater();
    m_rows.erase(found);
    nameControls();
    m_add->setFocus();
    emitTree();
}

void EntriesEditor::nameControls()
{
    int number = 0;
    for (auto& row : m_rows) {
        const auto place = QString::number(number++);
        const auto title = QStringLiteral("%1 %2").arg(m_label, QString::number(number));
        const auto name = [&](QWidget* control, const char* part, const QString& shown) {
            if (!control)
                return;
            control->setObjectName(objectName() + QLatin1Char('.') + QLatin1StringView(part) + place);
            control->setAccessibleName(shown);
        };
        name(row.name, "name", tr("%1: name").arg(title));
        name(row.value, "value", row.name ? tr("%1: value").arg(title) : title);
        name(row.box->findChild<QPushButton*>({}, Qt::FindDirectChildrenOnly), "remove", tr("%1: remove").arg(title));
        if (row.secret)
            row.secret->setAccessibleTitle(title);
    }
}

YamlTree EntriesEditor::valueOf(const Row& row) const
{
    if (row.secret)
        return row.secretTree;
    const auto text = row.value->text().trimmed();
    if (text.isEmpty())
        return {};
    return m_shape == Shape::mapOfLists ? splitItems(text) : scalarTree(text.toStdString());
}

YamlTree EntriesEditor::shown() const
{
    YamlTree tree;
    for (const auto& row : m_rows) {
        auto value = valueOf(row);
        const auto name = row.name ? row.name->text().trimmed().toStdString() : std::string();
        if (value.kind == YamlTree::Kind::none || (named() && name.empty()))
            continue;
        tree.kind = named() ? YamlTree::Kind::map : YamlTree::Kind::list;
        if (!named())
            tree.items.push_back(std::move(value));
        else if (!tree.field(name))
            tree.fields.emplace_back(name, std::move(value));
    }
    return tree;
}

void EntriesEditor::emitTree()
{
    auto tree = shown();
    if (tree == m_tree)
        return;
    m_tree = std::move(tree);
    Q_EMIT edited(m_tree);
}

void EntriesEditor::setTree(const YamlTree& tree)
{
    if (tree == m_tree)
        return;
    m_tree = tree;
    for (const auto& row : m_rows) {
        row.box->hide();
        row.box->deleteLater();
    }
    m_rows.clear();
    for (const auto& [name, value] : tree.fields)
        addRow(name, value);
    for (const auto& item : tree.items)
        addRow({}, item);
}

QWidget* EntriesEditor::focusTarget()
{
    if (m_rows.empty())
        return m_add;
    return m_rows.front().name ? m_rows.front().name : m_rows.front().value;
}

} // namespace tokenscope::ui
