// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/settings/key_row.h"

#include "config/values.h"
#include "pages/settings/client_keys_editor.h"
#include "pages/settings/edit_session.h"
#include "pages/settings/entries_editor.h"
#include "pages/settings/secret_editor.h"
#include "pages/settings/setting_check.h"
#include "pages/settings/value_editor.h"
#include "theme/theme.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>

#include <algorithm>

namespace tokenscope::ui {

namespace {

constexpr int labelWidth = 176;
constexpr int editorWidth = 560;
constexpr int markWidth = 3;

QString fromView(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QLabel* makeText(const char* role)
{
    auto* label = new QLabel;
    label->setProperty("role", QLatin1StringView(role).toString());
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    return label;
}

} // namespace

KeyRow::KeyRow(const SettingServices& services, Setting setting, const QString& group, QWidget* parent)
    : QWidget(parent), m_services(services), m_setting(std::move(setting)), m_group(group),
      m_fallback(QString::fromStdString(m_setting.fallback)), m_label(new QLabel(labelOf(m_setting.spec.name))),
      m_problem(makeText("error")), m_doc(makeText("secondary")), m_meta(makeText("secondary")),
      m_undo(new QPushButton(tr("Undo"))), m_reset(new QPushButton(tr("Reset")))
{
    const auto& tokens = services.theme.tokens();
    const QString name = QStringLiteral("settings.") + QString::fromStdString(m_setting.path);
    m_editor = makeEditor(name);
    m_label->setBuddy(m_editor->focusTarget());
    m_label->setFixedWidth(labelWidth);
    m_label->setMinimumHeight(tokens.controlHeight);
    m_label->setWordWrap(true);
    m_problem->setObjectName(name + QStringLiteral(".problem"));
    m_doc->setText(fromView(m_setting.spec.doc));
    m_meta->setObjectName(name + QStringLiteral(".meta"));
    m_editor->setMaximumWidth(editorWidth);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(0);
    for (auto* button : {m_undo, m_reset}) {
        button->setProperty("flat", true);
        button->setAutoDefault(false);
        auto policy = button->sizePolicy();
        policy.setRetainSizeWhenHidden(true);
        button->setSizePolicy(policy);
        buttons->addWidget(button);
    }
    m_undo->setObjectName(name + QStringLiteral(".undo"));
    m_reset->setObjectName(name + QStringLiteral(".reset"));
    m_undo->setToolTip(tr("What is saved"));
    m_reset->setToolTip(tr("The default: the key is removed from config.yaml"));
    m_undo->setAccessibleName(tr("%1: undo the change").arg(m_label->text()));
    m_reset->setAccessibleName(tr("%1: reset to the default").arg(m_label->text()));

    auto* editorRow = new QHBoxLayout; // a grid would put what is narrower than its column in the middle
    editorRow->addWidget(m_editor, 1000);
    editorRow->addStretch(1);
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(tokens.space3, tokens.space2, 0, tokens.space2);
    grid->setHorizontalSpacing(tokens.space3);
    grid->setVerticalSpacing(2);
    grid->addWidget(m_label, 0, 0, Qt::AlignTop);
    grid->addLayout(editorRow, 0, 1);
    grid->addLayout(buttons, 0, 2, Qt::AlignTop | Qt::AlignRight);
    grid->addWidget(m_problem, 1, 1, 1, 2);
    grid->addWidget(m_doc, 2, 1, 1, 2);
    grid->addWidget(m_meta, 3, 1, 1, 2);
    grid->setColumnStretch(1, 1);

    connect(m_editor, &SettingEditor::edited, this, [this](const YamlTree& tree) {
        m_said.clear(); // of what was there before
        if (const auto done = m_services.session.put(path(), tree); !done) {
            m_said = QString::fromStdString(done.error().message);
            showProblem();
        }
    });
    connect(m_undo, &QPushButton::clicked, this, [this] {
        m_said.clear();
        (void)m_services.session.revert(path());
        focusEditor();
    });
    connect(m_reset, &QPushButton::clicked, this, [this] {
        m_said.clear();
        (void)m_services.session.put(path(), {});
        focusEditor();
    });
    connect(&services.theme, &Theme::changed, this, &KeyRow::dress);
    dress();
    refresh();
}

SettingEditor* KeyRow::makeEditor(const QString& name)
{
    if (m_setting.shape == Shape::clientKeys)
        return new ClientKeysEditor(m_services, name);
    if (m_setting.shape != Shape::value)
        return new EntriesEditor(m_services, m_setting, name);
    if (config::is_secret(m_setting.spec.type)) {
        auto* secret = new SecretEditor(m_services, name, SecretEditor::Schemes::none);
        secret->setAccessibleTitle(labelOf(m_setting.spec.name));
        connect(secret, &SecretEditor::kept, this, &KeyRow::secretKept);
        return secret;
    }
    auto* value = new ValueEditor(m_services.theme, m_setting, name);
    value->focusTarget()->setAccessibleName(
        m_group.isEmpty() ? m_label->text() : QString(m_group + QStringLiteral(": ") + m_label->text()));
    value->setFallback(m_fallback);
    return value;
}

void KeyRow::setPrefix(const std::string& prefix)
{
    m_prefix = prefix;
    refresh();
}

void KeyRow::forget()
{
    m_editor->reset();
    refresh();
}

void KeyRow::setFallback(const QString& text)
{
    m_fallback = text;
    m_editor->setFallback(text);
    showMeta();
}

void KeyRow::setSuggestion(const QString& entry)
{
    if (auto* secret = qobject_cast<SecretEditor*>(m_editor))
        secret->setSuggestion(entry);
}

void KeyRow::setOverridden(bool overridden)
{
    m_overridden = overridden;
    showMeta();
}

void KeyRow::setProblems(const std::vector<ProblemLine>& problems)
{
    m_said.clear();
    m_warning = false;
    for (const auto& problem : problems) {
        const auto text = problemOf(problem, path());
        if (text.isEmpty())
            continue;
        m_warning = problem.warning && (m_said.isEmpty() || m_warning);
        m_said += (m_said.isEmpty() ? QString() : QStringLiteral("\n")) + text;
    }
    showProblem();
}

bool KeyRow::hasProblem() const
{
    return !m_problem->text().isEmpty() && m_problem->property("role").toString() == QLatin1StringView("error");
}

bool KeyRow::matches(const QStringList& words) const
{
    const QString all = m_group + QLatin1Char('\n') + m_label->text() + QLatin1Char('\n')
                        + QString::fromStdString(m_setting.path) + QLatin1Char('\n') + m_doc->text();
    return std::all_of(words.begin(), words.end(),
                       [&all](const QString& word) { return all.contains(word, Qt::CaseInsensitive); });
}

void KeyRow::focusEditor()
{
    m_editor->focusTarget()->setFocus();
}

void KeyRow::refresh()
{
    const auto& session = m_services.session;
    const auto* tree = treeAt(session.tree(), path());
    m_editor->setTree(tree ? *tree : YamlTree());
    m_editor->setEnabled(session.readable());
    m_changed = session.isChanged(path());
    m_undo->setVisible(m_changed);
    // Without it the provider would have none.
    const bool needed = !m_prefix.empty() && (m_setting.path == "name" || m_setting.path == "kind");
    m_reset->setVisible(tree != nullptr && !needed);
    showProblem();
    showMeta();
    update();
}

void KeyRow::showProblem()
{
    const auto* tree = treeAt(m_services.session.tree(), path());
    const auto own = tree ? problemIn(m_setting, *tree) : QString();
    m_mistaken = !own.isEmpty();
    const auto text = own.isEmpty() ? m_said : own;
    const bool warns = own.isEmpty() && m_warning;
    const auto role = warns ? QStringLiteral("warning") : QStringLiteral("error");
    // Dressing costs more than anything else here, and every row is asked after each key stroke.
    if (!m_redress && text == m_problem->text() && role == m_problem->property("role").toString())
        return;
    m_redress = false;
    m_problem->setProperty("role", role);
    m_problem->setStyleSheet(warns ? QStringLiteral("color: %1").arg(m_services.theme.tokens().warn.name())
                                   : QString());
    m_problem->setText(text);
    m_problem->setVisible(!text.isEmpty());
    const QString about = m_doc->text() + (text.isEmpty() ? QString() : QString(QLatin1Char(' ') + text));
    m_editor->focusTarget()->setAccessibleDescription(about);
}

void KeyRow::showMeta()
{
    QStringList parts{QString::fromStdString(m_setting.path)};
    if (!m_fallback.isEmpty())
        parts << tr("default %1").arg(m_fallback);
    if (const auto range = config::format_range(m_setting.spec); !range.empty())
        parts << QString::fromStdString(range);
    auto text = parts.join(QStringLiteral(" · "));
    if (m_overridden)
        text += QLatin1Char('\n')
                + tr("The command line decides this now; what is set here counts from the next start without it.");
    m_meta->setText(text);
}

void KeyRow::paintEvent(QPaintEvent*)
{
    if (!m_changed)
        return;
    const auto& tokens = m_services.theme.tokens();
    QPainter painter(this);
    painter.fillRect(QRect(0, tokens.space2, markWidth, height() - 2 * tokens.space2), tokens.accent);
}

void KeyRow::dress()
{
    const auto& tokens = m_services.theme.tokens();
    m_label->setFont(tokens.body);
    for (auto* label : {m_problem, m_doc, m_meta})
        label->setFont(tokens.small);
    m_redress = true;
    showProblem();
    update();
}

} // namespace tokenscope::ui
