// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The alternatives of TargetEditor's query: which one the form shows, more of them, and their order.
#include "dashboards/resolve.h"
#include "pages/dashboards/alternative_bar.h"
#include "pages/common/query_form.h"
#include "pages/dashboards/target_editor.h"

#include <QPushButton>
#include <QScopedValueRollback>

#include <algorithm>
#include <utility>

namespace tokenscope::ui {

namespace {

QString nameOf(const query::Query& query)
{
    QStringList names;
    for (const auto& name : dashboards::metrics_of(query))
        names << QString::fromStdString(name);
    return names.join(QStringLiteral(" / "));
}

} // namespace

void TargetEditor::connectAlternatives()
{
    connect(m_form, &QueryForm::changed, this, &TargetEditor::formChanged);
    connect(m_alternatives, &AlternativeBar::chosen, this, [this](std::size_t index) {
        keepAlternative();
        m_alternative = index;
        showAlternative();
    });
    connect(m_alternatives, &AlternativeBar::shiftRequested, this, &TargetEditor::shiftAlternative);
    connect(m_alternatives, &AlternativeBar::removeRequested, this, &TargetEditor::removeAlternative);
    connect(m_addAlternative, &QPushButton::clicked, this, &TargetEditor::addAlternative);
}

void TargetEditor::nameAlternatives()
{
    QStringList names;
    for (const auto& alternative : m_query.alternatives)
        names << nameOf(alternative);
    m_alternatives->setNames(names, m_alternative);
    m_alternatives->setVisible(names.size() > 1);
}

void TargetEditor::showAlternative()
{
    const QScopedValueRollback filling(m_filling, true);
    nameAlternatives();
    const auto query = m_query.alternatives.empty() ? query::Query() : m_query.alternatives[m_alternative];
    const bool fits = QueryForm::expresses(query);
    m_form->setVisible(fits);
    if (fits)
        m_form->setQuery(query);
    formChanged();
    showNotes();
}

void TargetEditor::formChanged()
{
    const auto query = m_form->query();
    const bool finished = m_form->isHidden() || query;
    m_alternatives->setFinished(finished);
    m_addAlternative->setEnabled(finished);
    if (!m_form->isHidden() && query)
        m_alternatives->setCurrentName(nameOf(*query));
    tell();
}

void TargetEditor::keepAlternative()
{
    if (m_form->isHidden())
        return;
    if (auto query = m_form->query()) {
        if (m_query.alternatives.empty())
            m_query.alternatives.emplace_back();
        m_query.alternatives[m_alternative] = std::move(*query);
    }
}

void TargetEditor::addAlternative()
{
    keepAlternative();
    // Most of it is the same, but for the metric's name.
    auto fresh = m_form->isHidden() ? query::Query() : m_query.alternatives[m_alternative];
    ++m_alternative;
    m_query.alternatives.insert(m_query.alternatives.begin() + static_cast<std::ptrdiff_t>(m_alternative),
                                std::move(fresh));
    showAlternative();
    m_form->focusMetric();
    tell();
}

void TargetEditor::removeAlternative()
{
    auto& all = m_query.alternatives;
    all.erase(all.begin() + static_cast<std::ptrdiff_t>(m_alternative));
    m_alternative = std::min(m_alternative, all.size() - 1);
    showAlternative();
    if (all.size() == 1)
        m_addAlternative->setFocus(); // its own button is gone
    tell();
}

void TargetEditor::shiftAlternative(int step)
{
    keepAlternative();
    const auto to = step < 0 ? m_alternative - 1 : m_alternative + 1;
    std::swap(m_query.alternatives[m_alternative], m_query.alternatives[to]);
    m_alternative = to;
    nameAlternatives();
    formChanged();
}

} // namespace tokenscope::ui
