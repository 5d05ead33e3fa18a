// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/console_context.h"
#include "pages/settings/problem_lines.h"
#include "pages/settings/setting_services.h"
#include "pages/settings/usage_section.h"

#include <QTimer>
#include <QWidget>

#include <vector>

class QLabel;
class QListWidget;
class QScrollArea;
class QVBoxLayout;

namespace tokenscope::ui {

class KeyRow;
class ProviderSection;
class SettingGroupView;

/// Every key of config.yaml in sections, of which one is seen, or of all of them what a search leaves.
class SettingsForm : public QWidget {
    Q_OBJECT

public:
    static constexpr int mostWidth = 1040; ///< px, of sections and content: longer lines are hard to read

    SettingsForm(const ConsoleContext& context, const SettingServices& services, QWidget* parent = nullptr);

    void setUsage(UsageSection::Usage usage);
    void setOverridden(const std::vector<std::string>& keys);
    /// Puts each problem at its key; those that belong to none of the rows are returned.
    std::vector<ProblemLine> setProblems(const std::vector<ProblemLine>& problems);
    /// With something wrong in them.
    int problemCount() const;
    bool hasMistake() const; ///< in what is there now; problems may have been told of what was
    /// Goes to where it is; false where it belongs to none of the rows.
    bool showProblem(const ProblemLine& problem);
    void showFirstProblem();
    void setFilter(const QString& text);
    void showSection(const QString& id);
    /// Its section, with the focus in it.
    void showSetting(const std::string& path);
    QString currentSection() const;
    /// Shows what the session holds.
    void refresh();

protected:
    void resizeEvent(QResizeEvent* event) override;

Q_SIGNALS:
    void providerChosen();
    void sectionPicked(); ///< by the user

private:
    struct Section {
        QString id;
        QString title;
        QWidget* content = nullptr;
        QLabel* heading = nullptr; ///< seen while a search goes through all of them
        std::vector<SettingGroupView*> groups;
    };
    void addSection(const QString& id, const QString& title, QWidget* content,
                    std::vector<SettingGroupView*> groups = {});
    void addTableSections();
    void showSections();
    void showRow(KeyRow& row);
    /// The row that is edited, and what is wrong with it, must not end up below the edge when that rises or the row grows.
    void keepEditedInSight();
    int filterSection(const Section& section) const;
    void dress();

    ConsoleContext m_context;
    SettingServices m_services;
    QStringList m_words;
    QListWidget* m_list;
    QScrollArea* m_scroll;
    QVBoxLayout* m_column;
    QTimer m_sight;
    QLabel* m_nothing;
    ProviderSection* m_providers;
    UsageSection* m_usage;
    std::vector<Section> m_sections;
    std::vector<KeyRow*> m_rows;
};

} // namespace tokenscope::ui
