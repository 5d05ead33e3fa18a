// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/inquiry.h"
#include "config/config.h"
#include "pages/settings/key_row.h"
#include "pages/settings/yaml_tree.h"

#include <optional>
#include <vector>

class QLabel;

namespace tokenscope::ui {

class FactList;
class NoticeBar;
class ProviderList;
class ProviderTest;
class SettingGroupView;

/// The providers: their list, and the form of the one that is chosen, with the keys that have an effect for its kind.
class ProviderSection : public QWidget {
    Q_OBJECT

public:
    ProviderSection(const SettingServices& services, QWidget* parent = nullptr);
    ~ProviderSection() override;

    std::vector<KeyRow*> rows() const;
    /// Shows what the session holds.
    void refresh();
    /// Leaves the keys that match; all of them for no words. The number of those left.
    int filter(const QStringList& words);
    /// Chooses the provider that a key of the document belongs to, e.g. "providers[1].base_url".
    void chooseFor(const std::string& path);

Q_SIGNALS:
    void chosen(); ///< the rows are about another one

private:
    void showChosen();
    void showHead();
    void discover();

    SettingServices m_services;
    ProviderList* m_list;
    QLabel* m_title;
    ProviderTest* m_test;
    FactList* m_facts; ///< in place of the form: a built-in one is not edited
    NoticeBar* m_notice;
    std::vector<SettingGroupView*> m_groups;
    QStringList m_words;
    std::optional<config::ProviderKind> m_kind;
    std::optional<std::size_t> m_shown;
    YamlTree m_known; ///< the providers when the rows were filled
    CancelSource m_discovery;
};

} // namespace tokenscope::ui
