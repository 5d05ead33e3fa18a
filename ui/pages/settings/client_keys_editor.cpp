// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/settings/client_keys_editor.h"

#include "base/key_hash.h"
#include "config/auth_values.h"
#include "pages/settings/secret_text.h"
#include "theme/theme.h"
#include "widgets/elided_label.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRandomGenerator>
#include <QVBoxLayout>

#include <array>

namespace tokenscope::ui {

namespace {

constexpr int nameWidth = 160;

/// 256 random bits, in characters that need no quoting anywhere.
QString newKey()
{
    std::array<quint32, 8> random{};
    QRandomGenerator::system()->fillRange(random.data(), random.size());
    const auto bytes = QByteArray(reinterpret_cast<const char*>(random.data()), sizeof random);
    return QStringLiteral("ts-")
           + QString::fromLatin1(bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals));
}

std::string keyOf(const YamlTree& element)
{
    return element.kind == YamlTree::Kind::scalar ? element.text : element.textOf("key");
}

} // namespace

ClientKeysEditor::ClientKeysEditor(const SettingServices& services, const QString& name, QWidget* parent)
    : SettingEditor(parent), m_services(services), m_column(new QVBoxLayout(this)), m_newName(new QLineEdit),
      m_add(new QPushButton(tr("Make a key"))), m_once(new QWidget), m_onceKey(new QLineEdit),
      m_onceNote(new QLabel(tr("Copy it now: only its hash is kept, and it is not shown again.")))
{
    const auto& tokens = services.theme.tokens();
    setObjectName(name);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(tokens.space2);
    m_newName->setObjectName(name + QStringLiteral(".newName"));
    m_newName->setAccessibleName(tr("Name of the new key"));
    m_newName->setPlaceholderText(tr("whose, e.g. alice"));
    m_newName->setFixedWidth(nameWidth);
    m_add->setObjectName(name + QStringLiteral(".add"));
    m_add->setAutoDefault(false);
    auto* row = new QHBoxLayout;
    row->setSpacing(tokens.space2);
    row->addWidget(m_newName);
    row->addWidget(m_add);
    row->addStretch(1);
    m_column->addLayout(row);
    m_column->addWidget(makeNewKey());
    connect(m_add, &QPushButton::clicked, this, &ClientKeysEditor::add);
    connect(m_newName, &QLineEdit::returnPressed, this, &ClientKeysEditor::add);
    connect(&services.theme, &Theme::changed, this, &ClientKeysEditor::dress);
    dress();
}

QWidget* ClientKeysEditor::makeNewKey()
{
    const auto& tokens = m_services.theme.tokens();
    m_onceKey->setObjectName(objectName() + QStringLiteral(".once"));
    m_onceKey->setAccessibleName(tr("The new key"));
    m_onceKey->setReadOnly(true);
    auto* copy = new QPushButton(tr("Copy"));
    copy->setObjectName(objectName() + QStringLiteral(".once.copy"));
    copy->setAccessibleName(tr("Copy the new key"));
    auto* done = new QPushButton(tr("Done"));
    done->setObjectName(objectName() + QStringLiteral(".once.done"));
    done->setAccessibleName(tr("Done with the new key"));
    for (auto* button : {copy, done})
        button->setAutoDefault(false);
    auto* row = new QHBoxLayout;
    row->setSpacing(tokens.space2);
    row->addWidget(m_onceKey, 1);
    row->addWidget(copy);
    row->addWidget(done);
    auto* column = new QVBoxLayout(m_once);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(tokens.space1);
    column->addLayout(row);
    m_onceNote->setWordWrap(true);
    column->addWidget(m_onceNote);
    m_once->hide();
    connect(copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_onceKey->text()); });
    connect(done, &QPushButton::clicked, this, [this] {
        m_onceKey->clear();
        m_once->hide();
        m_newName->setFocus();
    });
    return m_once;
}

void ClientKeysEditor::add()
{
    const auto key = newKey();
    YamlTree element;
    element.kind = YamlTree::Kind::map;
    auto name = m_newName->text().trimmed();
    for (std::size_t number = m_tree.items.size() + 1; name.isEmpty(); ++number) {
        const auto free = QStringLiteral("key-%1").arg(number);
        if (placeOf(m_tree, free.toStdString()) == m_tree.items.size())
            name = free;
    }
    element.fields.emplace_back("name", scalarTree(name.toStdString()));
    element.fields.emplace_back("key", scalarTree(hash_key(key.toStdString())));
    m_tree.kind = YamlTree::Kind::list;
    m_tree.items.push_back(std::move(element));
    m_newName->clear();
    m_onceKey->setText(key);
    m_once->show();
    rebuild();
    emitTree();
    m_onceKey->setFocus();
    m_onceKey->selectAll();
}

QWidget* ClientKeysEditor::makeRow(std::size_t index)
{
    const auto& element = m_tree.items[index];
    const auto secret = readSecret(QString::fromStdString(keyOf(element)));
    const bool hashed = config::is_key_hash(keyOf(element));
    const bool clear = !hashed && secret.kind == SecretText::Kind::plain;
    auto* box = new QWidget;
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(m_services.theme.tokens().space2);
    const auto number = QString::number(index + 1);
    auto* name = new QLineEdit(QString::fromStdString(element.textOf("name")));
    name->setObjectName(objectName() + QStringLiteral(".name") + QString::number(index));
    name->setAccessibleName(tr("Key %1: name").arg(number));
    name->setPlaceholderText(QStringLiteral("key-") + number);
    name->setFixedWidth(nameWidth);
    QLabel* kind = clear ? new QLabel(tr("in the clear: make a new one and remove this"))
                         : new ElidedLabel(hashed ? tr("hash only") : tr("from %1").arg(secret.written()));
    kind->setTextFormat(Qt::PlainText);
    kind->setWordWrap(clear);
    kind->setProperty("role", clear ? QStringLiteral("error") : QStringLiteral("secondary"));
    auto* gone = new QPushButton(tr("Remove"));
    gone->setObjectName(objectName() + QStringLiteral(".remove") + QString::number(index));
    gone->setAccessibleName(tr("Key %1: remove").arg(number));
    gone->setProperty("flat", true);
    gone->setAutoDefault(false);
    row->addWidget(name);
    row->addWidget(kind, 1);
    row->addWidget(gone);
    connect(name, &QLineEdit::textEdited, this, [this, index](const QString& text) { rename(index, text.trimmed()); });
    connect(gone, &QPushButton::clicked, this, [this, index] { remove(index); });
    return box;
}

void ClientKeysEditor::rename(std::size_t index, const QString& name)
{
    auto& element = m_tree.items[index];
    const auto key = keyOf(element);
    element = YamlTree();
    element.kind = YamlTree::Kind::map;
    if (!name.isEmpty())
        element.fields.emplace_back("name", scalarTree(name.toStdString()));
    element.fields.emplace_back("key", scalarTree(key));
    emitTree();
}

void ClientKeysEditor::remove(std::size_t index)
{
    m_tree.items.erase(m_tree.items.begin() + static_cast<std::ptrdiff_t>(index));
    if (m_tree.items.empty())
        m_tree = {};
    rebuild();
    m_newName->setFocus();
    emitTree();
}

void ClientKeysEditor::rebuild()
{
    for (auto* row : m_rows) {
        row->hide();
        row->deleteLater();
    }
    m_rows.clear();
    for (std::size_t i = 0; i < m_tree.items.size(); ++i) {
        m_rows.push_back(makeRow(i));
        m_column->insertWidget(static_cast<int>(i), m_rows.back());
    }
}

void ClientKeysEditor::emitTree()
{
    const auto tree = m_tree;
    Q_EMIT edited(tree);
}

void ClientKeysEditor::setTree(const YamlTree& tree)
{
    if (tree == m_tree)
        return;
    m_tree = tree;
    rebuild();
}

QWidget* ClientKeysEditor::focusTarget()
{
    return m_newName;
}

void ClientKeysEditor::dress()
{
    const auto& tokens = m_services.theme.tokens();
    m_onceKey->setFont(tokens.mono);
    m_onceNote->setFont(tokens.small);
    m_onceNote->setStyleSheet(QStringLiteral("color: %1").arg(tokens.warn.name()));
}

} // namespace tokenscope::ui
