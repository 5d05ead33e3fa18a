// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/settings/settings_form.h"

#include "pages/settings/appearance_section.h"
#include "pages/settings/edit_session.h"
#include "pages/settings/key_row.h"
#include "pages/settings/provider_section.h"
#include "pages/settings/setting_group_view.h"
#include "theme/theme.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QScrollArea>
#include <QScrollBar>
#include <QSettings>
#include <QVBoxLayout>

#include <algorithm>

namespace tokenscope::ui {

namespace {

constexpr int listWidth = 168;
constexpr int rowHeight = 32;
constexpr QLatin1StringView sectionKey("settings/section");

} // namespace

SettingsForm::SettingsForm(const ConsoleContext& context, const SettingServices& services, QWidget* parent)
    : QWidget(parent), m_context(context), m_services(services), m_list(new QListWidget), m_scroll(new QScrollArea),
      m_column(nullptr), m_nothing(new QLabel(tr("No setting has these words."))),
      m_providers(new ProviderSection(services)), m_usage(new UsageSection(services.theme))
{
    const auto& tokens = services.theme.tokens();
    m_list->setObjectName(QStringLiteral("settings.sections"));
    m_list->setAccessibleName(tr("Sections"));
    m_list->setFixedWidth(listWidth);
    m_list->setFrameShape(QFrame::NoFrame);
    m_scroll->setObjectName(QStringLiteral("settings.scroll"));
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    auto* content = new QWidget;
    content->setObjectName(QStringLiteral("settings.content"));
    auto* inner = new QWidget;
    // The rows begin with a margin of their own, for the mark of a change: what is read begins behind it.
    const int gap = tokens.space4 - tokens.space3;
    inner->setMaximumWidth(mostWidth - listWidth - gap);
    m_column = new QVBoxLayout(inner);
    m_column->setContentsMargins(0, 0, 0, tokens.space4);
    m_column->setSpacing(0);
    auto* outer = new QHBoxLayout(content);
    outer->setContentsMargins(gap, 0, 0, 0);
    outer->addWidget(inner, 1);
    outer->addStretch(0); // what is left beside the widest that it may be
    m_nothing->setObjectName(QStringLiteral("settings.nothing"));
    m_nothing->setProperty("role", QStringLiteral("secondary"));
    m_nothing->setContentsMargins(tokens.space3, tokens.space6, 0, 0);
    m_column->addWidget(m_nothing);

    addSection(QStringLiteral("providers"), tr("Providers"), m_providers);
    addTableSections();
    addSection(QStringLiteral("appearance"), tr("Appearance"), new AppearanceSection(context.theme, context.settings));
    addSection(QStringLiteral("storage"), tr("Storage and memory"), m_usage);
    for (auto* row : m_providers->rows())
        m_rows.push_back(row);
    m_column->addStretch(1);
    m_scroll->setWidget(content);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_list);
    row->addWidget(m_scroll, 1);

    // Once the layout has done its work.
    m_sight.setSingleShot(true);
    m_sight.setInterval(0);
    connect(&m_sight, &QTimer::timeout, this, &SettingsForm::keepEditedInSight);
    connect(m_list, &QListWidget::currentRowChanged, this, [this] {
        m_context.settings.setValue(sectionKey, currentSection());
        showSections();
        m_scroll->verticalScrollBar()->setValue(0);
    });
    connect(m_list, &QListWidget::itemClicked, this, &SettingsForm::sectionPicked);
    connect(m_list, &QListWidget::itemActivated, this, &SettingsForm::sectionPicked);
    connect(m_providers, &ProviderSection::chosen, this, &SettingsForm::providerChosen);
    connect(&services.theme, &Theme::changed, this, &SettingsForm::dress);
    dress();
    showSection(m_sections.front().id);
    showSection(context.settings.value(sectionKey).toString());
}

void SettingsForm::addSection(const QString& id, const QString& title, QWidget* content,
                              std::vector<SettingGroupView*> groups)
{
    auto* heading = new QLabel(title);
    heading->setProperty("role", QStringLiteral("secondary"));
    heading->setContentsMargins(m_services.theme.tokens().space3, m_services.theme.tokens().space3, 0, 0);
    m_column->addWidget(heading);
    m_column->addWidget(content);
    auto* item = new QListWidgetItem(title, m_list);
    item->setSizeHint({0, rowHeight});
    m_sections.push_back({id, title, content, heading, std::move(groups)});
}

void SettingsForm::addTableSections()
{
    for (const auto& section : settingSections()) {
        auto* content = new QWidget;
        auto* column = new QVBoxLayout(content);
        column->setContentsMargins(0, 0, 0, 0);
        column->setSpacing(0);
        std::vector<SettingGroupView*> groups;
        for (const auto& group : section.groups) {
            groups.push_back(new SettingGroupView(m_services, group));
            column->addWidget(groups.back());
            m_rows.insert(m_rows.end(), groups.back()->rows().begin(), groups.back()->rows().end());
        }
        addSection(section.id, section.title, content, std::move(groups));
    }
}

void SettingsForm::setUsage(UsageSection::Usage usage)
{
    m_usage->setUsage(std::move(usage));
}

void SettingsForm::setOverridden(const std::vector<std::string>& keys)
{
    for (auto* row : m_rows)
        row->setOverridden(std::find(keys.begin(), keys.end(), row->path()) != keys.end());
}

std::vector<ProblemLine> SettingsForm::setProblems(const std::vector<ProblemLine>& problems)
{
    std::vector<std::vector<ProblemLine>> ofRow(m_rows.size());
    std::vector<ProblemLine> others;
    for (const auto& problem : problems) {
        // "auth.keys" and "auth.keys_x" both begin alike: the longest path that fits is meant.
        std::size_t best = m_rows.size();
        for (std::size_t i = 0; i < m_rows.size(); ++i) {
            if (!problemOf(problem, m_rows[i]->path()).isEmpty()
                && (best == m_rows.size() || m_rows[i]->path().size() > m_rows[best]->path().size()))
                best = i;
        }
        (best < m_rows.size() ? ofRow[best] : others).push_back(problem);
    }
    for (std::size_t i = 0; i < m_rows.size(); ++i)
        m_rows[i]->setProblems(ofRow[i]);
    m_sight.start();
    return others;
}

void SettingsForm::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    m_sight.start();
}

void SettingsForm::keepEditedInSight()
{
    const auto* focus = QApplication::focusWidget();
    const auto row =
        std::find_if(m_rows.begin(), m_rows.end(), [focus](const KeyRow* each) { return each->isAncestorOf(focus); });
    if (focus && row != m_rows.end())
        m_scroll->ensureWidgetVisible(*row, 0, m_services.theme.tokens().space1);
}

int SettingsForm::problemCount() const
{
    return static_cast<int>(
        std::count_if(m_rows.begin(), m_rows.end(), [](const KeyRow* row) { return row->hasProblem(); }));
}

bool SettingsForm::hasMistake() const
{
    return std::any_of(m_rows.begin(), m_rows.end(), [](const KeyRow* row) { return row->hasMistake(); });
}

bool SettingsForm::showProblem(const ProblemLine& problem)
{
    if (problem.text.startsWith(QLatin1StringView("providers["))) {
        showSection(QStringLiteral("providers"));
        m_providers->chooseFor(problem.text.toStdString());
    }
    const auto found = std::any_of(m_rows.begin(), m_rows.end(), [&](const KeyRow* row) {
        return row->hasProblem() && !problemOf(problem, row->path()).isEmpty();
    });
    if (found)
        showFirstProblem();
    return found;
}

void SettingsForm::showFirstProblem()
{
    const auto found = std::find_if(m_rows.begin(), m_rows.end(), [](const KeyRow* row) { return row->hasProblem(); });
    if (found != m_rows.end())
        showRow(**found);
}

void SettingsForm::showSetting(const std::string& path)
{
    const auto found =
        std::find_if(m_rows.begin(), m_rows.end(), [&path](const KeyRow* row) { return row->path() == path; });
    if (found != m_rows.end())
        showRow(**found);
}

void SettingsForm::showRow(KeyRow& row)
{
    for (const auto& section : m_sections) {
        if (section.content->isAncestorOf(&row))
            showSection(section.id);
    }
    row.focusEditor();
    m_sight.start();
}

void SettingsForm::setFilter(const QString& text)
{
    m_words = text.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    // What is found is of all sections: none of them is the one that is shown.
    m_list->currentItem()->setSelected(m_words.isEmpty());
    showSections();
    m_scroll->verticalScrollBar()->setValue(0);
}

int SettingsForm::filterSection(const Section& section) const
{
    if (section.content == m_providers)
        return m_providers->filter(m_words);
    int left = 0;
    for (auto* group : section.groups)
        left += group->filter([this](const KeyRow& row) { return row.matches(m_words); });
    // What has no keys is found by its title.
    if (section.groups.empty())
        left = std::all_of(m_words.begin(), m_words.end(),
                           [&](const QString& word) { return section.title.contains(word, Qt::CaseInsensitive); });
    return left;
}

void SettingsForm::showSections()
{
    const bool searching = !m_words.isEmpty();
    int found = 0;
    for (std::size_t i = 0; i < m_sections.size(); ++i) {
        const auto& section = m_sections[i];
        const int left = filterSection(section);
        const bool shown = searching ? left > 0 : static_cast<int>(i) == m_list->currentRow();
        section.content->setVisible(shown);
        section.heading->setVisible(shown && searching);
        found += left;
    }
    m_nothing->setVisible(searching && found == 0);
}

void SettingsForm::showSection(const QString& id)
{
    for (std::size_t i = 0; i < m_sections.size(); ++i) {
        if (m_sections[i].id == id)
            m_list->setCurrentRow(static_cast<int>(i));
    }
}

QString SettingsForm::currentSection() const
{
    const int row = m_list->currentRow();
    return row < 0 ? QString() : m_sections[static_cast<std::size_t>(row)].id;
}

void SettingsForm::refresh()
{
    for (auto* row : m_rows)
        row->refresh();
    m_providers->refresh();
    showSections();
}

void SettingsForm::dress()
{
    const auto& tokens = m_services.theme.tokens();
    for (const auto& section : m_sections)
        section.heading->setFont(tokens.small);
    m_nothing->setFont(tokens.body);
    m_list->setStyleSheet(QStringLiteral("QListWidget, QListWidget:focus { border: none; background: transparent; }"
                                         "QListWidget::item:focus { border: 1px solid %1; }")
                              .arg(tokens.accent.name()));
}

} // namespace tokenscope::ui
