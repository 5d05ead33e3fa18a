// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/settings/yaml_view.h"

#include "pages/settings/edit_session.h"
#include "pages/settings/file_text.h"
#include "pages/settings/secret_text.h"
#include "pages/settings/yaml_editor.h"
#include "theme/theme.h"

#include <QLabel>
#include <QListWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace tokenscope::ui {

namespace {

constexpr int rowHeight = 28;
constexpr int mostRows = 4;

} // namespace

YamlView::YamlView(const Theme& theme, EditSession& session, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_session(session), m_editor(new YamlEditor(theme)), m_note(new QLabel),
      m_list(new QListWidget)
{
    const auto& tokens = theme.tokens();
    m_editor->setObjectName(QStringLiteral("settings.yaml.text"));
    m_editor->setAccessibleName(tr("The text of config.yaml"));
    m_note->setObjectName(QStringLiteral("settings.yaml.note"));
    m_note->setProperty("role", QStringLiteral("secondary"));
    m_note->setText(tr("Secrets in the clear are covered; select one to read it."));
    m_list->setObjectName(QStringLiteral("settings.yaml.problems"));
    m_list->setAccessibleName(tr("Problems"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(tokens.space2);
    column->addWidget(m_editor, 1);
    column->addWidget(m_note);
    column->addWidget(m_list);
    connect(m_editor, &QPlainTextEdit::textChanged, this, [this] {
        // Told of new colours, too.
        if (auto lines = m_editor->lines(); !m_filling && lines != m_shown) {
            m_shown = lines;
            m_session.edit(editedText(m_session.text(), lines));
        }
    });
    const auto jump = [this](QListWidgetItem* item) {
        const auto& problem = m_problems[static_cast<std::size_t>(m_list->row(item))];
        m_editor->goTo(problem.line, problem.column);
    };
    connect(m_list, &QListWidget::itemActivated, this, jump);
    connect(m_list, &QListWidget::itemClicked, this, jump);
    connect(&theme, &Theme::changed, this, &YamlView::dress);
    setProblems({});
    refresh();
    dress();
}

void YamlView::setProblems(std::vector<ProblemLine> problems)
{
    m_problems = std::move(problems);
    m_list->clear();
    for (const auto& problem : m_problems) {
        const auto text =
            problem.line > 0 ? tr("Line %1: %2").arg(QString::number(problem.line), problem.text) : problem.text;
        auto* item = new QListWidgetItem(text, m_list);
        item->setForeground(problem.warning ? m_theme.tokens().warn : m_theme.tokens().bad);
        item->setToolTip(text);
        item->setSizeHint({0, rowHeight});
    }
    const int rows = static_cast<int>(m_problems.size());
    m_list->setVisible(rows > 0);
    m_list->setFixedHeight(std::min(rows, mostRows) * rowHeight + 4);
    m_editor->setProblems(m_problems);
}

void YamlView::refresh()
{
    m_filling = true;
    m_editor->setLines(shownLines(m_session.text()));
    m_shown = m_editor->lines();
    QStringList secrets;
    for (const auto* tree : {&m_session.tree(), &m_session.originalTree()}) {
        for (const auto& secret : plainSecrets(*tree))
            secrets << QString::fromStdString(secret.second);
    }
    secrets.removeDuplicates();
    m_editor->setSecrets(secrets);
    m_note->setVisible(!secrets.isEmpty());
    m_filling = false;
}

void YamlView::focusProblem()
{
    m_editor->setFocus();
    if (!m_problems.empty() && m_problems.front().line > 0)
        m_editor->goTo(m_problems.front().line, m_problems.front().column);
}

void YamlView::dress()
{
    m_note->setFont(m_theme.tokens().small);
    setProblems(std::exchange(m_problems, {}));
}

} // namespace tokenscope::ui
