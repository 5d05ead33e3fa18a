// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/settings/secret_editor.h"

#include "bridge/settings_store.h"
#include "pages/settings/choice_box.h"
#include "theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace tokenscope::ui {

using Kind = SecretText::Kind;

SecretEditor::SecretEditor(const SettingServices& services, const QString& name, Schemes schemes, QWidget* parent)
    : SettingEditor(parent), m_services(services), m_schemes(schemes), m_how(new ChoiceBox), m_scheme(new ChoiceBox),
      m_keep(new QPushButton(tr("Keep in keychain"))), m_note(new QLabel)
{
    const auto& tokens = services.theme.tokens();
    setObjectName(name + QStringLiteral(".secret"));
    m_how->setObjectName(name);
    m_how->addItems({tr("Not set"), tr("Environment variable"), tr("System keychain"), tr("In the file")});
    m_scheme->setObjectName(name + QStringLiteral(".scheme"));
    m_scheme->addItems({tr("as it is"), QStringLiteral("Bearer"), QStringLiteral("Basic")});
    m_name = makeLine(name + QStringLiteral(".name"));
    m_secretLine = makeLine(name + QStringLiteral(".plain"));
    m_secretLine->setEchoMode(QLineEdit::Password);
    m_keep->setObjectName(name + QStringLiteral(".keep"));
    m_keep->setAutoDefault(false);
    m_note->setObjectName(name + QStringLiteral(".note"));
    m_note->setWordWrap(true);
    m_note->setTextFormat(Qt::PlainText);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(tokens.space1);
    auto* choice = new QHBoxLayout;
    auto* secret = new QHBoxLayout;
    for (auto* row : {choice, secret}) {
        row->setSpacing(tokens.space2);
        column->addLayout(row);
    }
    choice->addWidget(m_how);
    choice->addWidget(m_scheme);
    if (schemes == Schemes::offered) {
        choice->addStretch(); // beside both, a name would be cut short
        column->insertWidget(1, m_name);
    } else {
        choice->addWidget(m_name, 1);
        choice->addStretch();
    }
    secret->addWidget(m_secretLine, 1);
    secret->addWidget(m_keep);
    column->addWidget(m_note);
    connect(m_how, &QComboBox::activated, this, [this](int how) {
        m_secret.kind = static_cast<Kind>(how);
        if (m_secret.kind == Kind::environment)
            m_secret.name =
                m_suggestion.toUpper().replace(QLatin1Char('-'), QLatin1Char('_')) + QStringLiteral("_API_KEY");
        else if (m_secret.kind == Kind::keychain)
            m_secret.name = m_suggestion;
        m_name->setText(m_secret.name);
        showFields();
        if (m_secret.kind == Kind::none || m_secret.kind == Kind::environment)
            emitSecret();
    });
    connect(m_scheme, &QComboBox::activated, this, [this] { emitSecret(); });
    connect(m_name, &QLineEdit::textEdited, this, [this] { emitSecret(); });
    connect(m_secretLine, &QLineEdit::textEdited, this, [this] {
        if (m_secret.kind == Kind::plain)
            emitSecret();
        showFields();
    });
    connect(m_secretLine, &QLineEdit::returnPressed, this, [this] {
        if (m_secret.kind == Kind::keychain)
            keep();
    });
    connect(m_keep, &QPushButton::clicked, this, [this] { m_waiting ? stopWaiting() : keep(); });
    connect(&services.theme, &Theme::changed, this, &SecretEditor::showFields);
    setAccessibleTitle(tr("Secret"));
    showFields();
}

SecretEditor::~SecretEditor()
{
    cancelWaiting();
}

QLineEdit* SecretEditor::makeLine(const QString& part)
{
    auto* line = new QLineEdit;
    line->setObjectName(part);
    return line;
}

void SecretEditor::setSuggestion(const QString& entry)
{
    m_suggestion = entry;
}

void SecretEditor::setAccessibleTitle(const QString& title)
{
    m_title = title;
    m_how->setAccessibleName(tr("%1: where it comes from").arg(title));
    m_scheme->setAccessibleName(tr("%1: scheme").arg(title));
    m_name->setAccessibleName(tr("%1: name").arg(title));
    m_secretLine->setAccessibleName(tr("%1: the secret itself").arg(title));
    showWaiting();
}

void SecretEditor::setTree(const YamlTree& tree)
{
    // A way that was chosen and has nothing to write yet stays chosen.
    if (tree == m_tree)
        return;
    cancelWaiting(); // what was to be kept is not what is there by now
    m_tree = tree;
    const auto text = QString::fromStdString(tree.text);
    m_secret = readSecret(text);
    m_name->setText(m_secret.name);
    m_secretLine->setText(m_secret.plain);
    const auto scheme = m_secret.scheme.trimmed();
    m_scheme->setCurrentIndex(std::max(0, m_scheme->findText(scheme, Qt::MatchFixedString)));
    showFields();
}

void SecretEditor::reset()
{
    m_tree.kind = YamlTree::Kind::list; // nothing that setTree could be given
    setTree({});
}

void SecretEditor::showFields()
{
    m_how->setCurrentIndex(static_cast<int>(m_secret.kind));
    const bool reference = m_secret.kind == Kind::environment || m_secret.kind == Kind::keychain;
    m_scheme->setVisible(reference && m_schemes == Schemes::offered);
    m_name->setVisible(reference);
    m_name->setPlaceholderText(m_secret.kind == Kind::environment ? QStringLiteral("OPENAI_API_KEY")
                                                                  : QStringLiteral("openai"));
    m_secretLine->setVisible(m_secret.kind == Kind::keychain || m_secret.kind == Kind::plain);
    m_secretLine->setPlaceholderText(m_secret.kind == Kind::keychain ? tr("the secret, to put it there or replace it")
                                                                     : tr("the secret"));
    m_keep->setVisible(m_waiting || m_secret.kind == Kind::keychain || m_secret.kind == Kind::plain);
    m_keep->setEnabled(m_waiting || !m_secretLine->text().isEmpty());
    const bool clear = m_secret.kind == Kind::plain;
    m_note->setProperty("role", clear ? QStringLiteral("error") : QStringLiteral("secondary"));
    m_note->setText(clear ? tr("Everybody who can read config.yaml can read it. The keychain or a variable is safer.")
                          : QString());
    m_note->setFont(m_services.theme.tokens().small);
    m_note->setStyleSheet(clear ? QStringLiteral("color: %1").arg(m_services.theme.tokens().warn.name()) : QString());
    m_note->setVisible(clear);
    showWaiting();
}

/// What is being kept stays as it is meanwhile.
void SecretEditor::showWaiting()
{
    const bool waiting = m_waiting.has_value();
    for (QWidget* each : std::initializer_list<QWidget*>{m_how, m_scheme, m_name, m_secretLine})
        each->setEnabled(!waiting);
    m_keep->setText(waiting ? tr("Stop") : tr("Keep in keychain"));
    m_keep->setAccessibleName(waiting ? tr("%1: stop waiting for the keychain").arg(m_title)
                                      : tr("%1: keep in keychain").arg(m_title));
    if (waiting)
        say(tr("Waiting for the keychain: the desktop may be asking for its password."),
            m_services.theme.tokens().secondary);
}

void SecretEditor::say(const QString& words, const QColor& color)
{
    m_note->setText(words);
    m_note->setStyleSheet(QStringLiteral("color: %1").arg(color.name()));
    m_note->setVisible(true);
}

void SecretEditor::emitSecret()
{
    m_secret.name = m_name->text().trimmed();
    m_secret.plain = m_secret.kind == Kind::plain ? m_secretLine->text().trimmed() : QString();
    m_secret.scheme = m_schemes == Schemes::offered && m_scheme->currentIndex() > 0
                          ? QString(m_scheme->currentText() + QLatin1Char(' '))
                          : QString();
    const bool reference = m_secret.kind == Kind::environment || m_secret.kind == Kind::keychain;
    const auto text = reference && m_secret.name.isEmpty() ? QString() : m_secret.written();
    m_tree = text.isEmpty() ? YamlTree() : scalarTree(text.toStdString());
    Q_EMIT edited(m_tree);
}

void SecretEditor::keep()
{
    const auto secret = m_secretLine->text().trimmed();
    if (secret.isEmpty() || m_waiting)
        return;
    if (m_secret.kind == Kind::plain)
        m_name->setText(m_suggestion);
    const auto name = m_name->text().trimmed();
    m_waiting.emplace();
    showFields();
    m_keep->setFocus(); // the line that had it may not be typed into now
    const QPointer<SecretEditor> self(this);
    m_services.store.store_secret(name.toStdString(), secret.toStdString(), m_waiting->token(),
                                  [self, token = m_waiting->token()](const Result<void>& stored) {
                                      // Another key may be edited here by now.
                                      if (self && !token.cancelled())
                                          self->receiveKept(stored);
                                  });
}

void SecretEditor::receiveKept(const Result<void>& stored)
{
    m_waiting.reset();
    if (stored) {
        m_secret.kind = Kind::keychain;
        m_secretLine->clear();
        emitSecret();
        Q_EMIT kept();
    }
    showFields();
    const auto& tokens = m_services.theme.tokens();
    if (stored)
        say(tr("Kept in the keychain."), tokens.good);
    else
        say(QString::fromStdString(stored.error().message), tokens.bad);
}

void SecretEditor::cancelWaiting()
{
    if (auto waiting = std::exchange(m_waiting, std::nullopt))
        waiting->cancel();
}

void SecretEditor::stopWaiting()
{
    cancelWaiting();
    showFields();
    // It may have just been put there.
    say(tr("Stopped: the keychain is no longer waited for."), m_services.theme.tokens().warn);
}

QWidget* SecretEditor::focusTarget()
{
    return m_how;
}

} // namespace tokenscope::ui
