// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What ExplorePage offers in the command palette.
#include "pages/common/promql_editor.h"
#include "pages/common/query_builder.h"
#include "pages/common/query_history.h"
#include "pages/explore/explore_page.h"
#include "pages/explore/history_panel.h"
#include "pages/explore/result_view.h"

#include <QPushButton>
#include <QTextCursor>
#include <QToolButton>

namespace tokenscope::ui {

std::vector<PageCommand> ExplorePage::commands()
{
    std::vector<PageCommand> all;
    const auto add = [&all](const QString& id, const QString& title, const QString& keys, std::function<void()> run) {
        all.push_back({id, title, keys, std::move(run)});
    };
    const bool promql = m_mode == Mode::promql;
    if (awaited())
        add(QStringLiteral("stop"), tr("Stop waiting for the answer"), tr("Esc"), [this] { stop(); });
    else if (question())
        add(QStringLiteral("run"), tr("Run the query"), tr("Ctrl+Enter"), [this] { run(); });
    if (promql ? !m_editor->toPlainText().isEmpty() : savedDraft(m_builder->draft()) != savedDraft({}))
        add(QStringLiteral("clear"), tr("Clear the query"), {}, [this] { clearQuery(); });
    if (canPromql())
        add(QStringLiteral("mode"), promql ? tr("Build the query from pickers") : tr("Write the query in PromQL"), {},
            [this, promql] {
                setMode(promql ? Mode::builder : Mode::promql);
                enter();
            });
    if (!promql && canPromql() && question())
        add(QStringLiteral("edit"), tr("Edit the query that is built as PromQL"), {}, [this] { editAsPromql(); });
    if (!promql && question())
        add(QStringLiteral("copy"), tr("Copy the query as PromQL"), {}, [this] { m_copyPromql->click(); });
    if (m_result->hasAnswer())
        add(QStringLiteral("tab"),
            m_result->tab() == 0 ? tr("Show the answer as a table") : tr("Show the answer as a chart"), {},
            [this] { m_result->setTab(m_result->tab() == 0 ? 1 : 0); });
    const bool shown = m_historyButton->isChecked();
    add(QStringLiteral("history"), shown ? tr("Hide what was asked before") : tr("Show what was asked before"),
        tr("Ctrl+H"), [this] { m_historyButton->toggle(); });
    if (!m_history->entries().isEmpty())
        add(QStringLiteral("history.clear"), tr("Remove all that was asked of this source from the history"), {},
            [this] {
                m_historyButton->setChecked(true); // where it can be undone
                m_historyPanel->removeAll();
            });
    return all;
}

void ExplorePage::clearQuery()
{
    if (m_mode == Mode::promql) {
        QTextCursor all(m_editor->document());
        all.select(QTextCursor::Document);
        all.removeSelectedText(); // as one would by hand: Ctrl+Z brings it back
    } else {
        m_builder->setDraft({});
        showPromql();
    }
    m_save.start();
    enter();
}

} // namespace tokenscope::ui
