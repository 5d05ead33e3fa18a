// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/settings/provider_section.h"

#include "bridge/settings_store.h"
#include "config/defaults.h"
#include "pages/common/notice_bar.h"
#include "pages/settings/edit_session.h"
#include "pages/settings/fact_list.h"
#include "pages/settings/provider_list.h"
#include "pages/settings/provider_test.h"
#include "pages/settings/provider_text.h"
#include "pages/settings/setting_group_view.h"
#include "theme/theme.h"

#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>
#include <charconv>
#include <utility>

namespace tokenscope::ui {

namespace {

const std::string listPath = "providers";

std::string addressOf(const YamlTree& provider)
{
    const auto written = provider.textOf("base_url");
    const auto kind = kindOf(provider);
    return written.empty() && kind ? config::default_base_url(*kind) : written;
}

/// Whether the same provider has this place in both lists. One with a new name was renamed, where none came or went.
bool isSameAt(std::size_t index, const YamlTree& before, const YamlTree& now)
{
    if (index >= before.items.size() || index >= now.items.size())
        return false;
    const auto old = before.items[index].textOf("name");
    const auto name = now.items[index].textOf("name");
    if (before.items.size() != now.items.size())
        return old == name && isNamedList(before) && isNamedList(now);
    return old == name || (placeOf(now, old) == now.items.size() && placeOf(before, name) == before.items.size());
}

} // namespace

ProviderSection::ProviderSection(const SettingServices& services, QWidget* parent)
    : QWidget(parent), m_services(services), m_list(new ProviderList(services)), m_title(new QLabel),
      m_test(new ProviderTest(services)), m_facts(new FactList(services.theme)),
      m_notice(new NoticeBar(services.theme, QStringLiteral("settings.providers.found")))
{
    const auto& tokens = services.theme.tokens();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, tokens.space2, 0, tokens.space3);
    column->setSpacing(tokens.space2);
    m_facts->setObjectName(QStringLiteral("settings.provider.facts"));
    m_title->setObjectName(QStringLiteral("settings.provider.title"));
    m_title->setProperty("role", QStringLiteral("heading"));
    m_title->setTextFormat(Qt::PlainText);
    m_title->setContentsMargins(0, tokens.space3, 0, 0);
    auto* test = new QVBoxLayout;
    test->setSpacing(tokens.space3);
    test->addWidget(m_test);
    test->addWidget(m_facts);
    auto* head = new QVBoxLayout;
    head->setContentsMargins(tokens.space3, 0, 0, 0); // as the rows have it, where the mark of a change is
    head->setSpacing(tokens.space2);
    head->addWidget(m_list);
    head->addWidget(m_notice);
    head->addWidget(m_title);
    head->addLayout(test);
    column->addLayout(head);
    for (const auto& group : providerSettings()) {
        m_groups.push_back(new SettingGroupView(services, group));
        column->addWidget(m_groups.back());
    }
    connect(m_list, &ProviderList::chosen, this, &ProviderSection::showChosen);
    connect(m_list, &ProviderList::discoverRequested, this, &ProviderSection::discover);
    connect(m_test, &ProviderTest::started, m_list,
            [this](const QString& name) { m_list->setStatus(name, ProviderList::Status::testing, tr("asking…")); });
    connect(m_test, &ProviderTest::stopped, m_list,
            [this](const QString& name) { m_list->setStatus(name, ProviderList::Status::untested, {}); });
    connect(m_test, &ProviderTest::finished, m_list, [this](const QString& name, bool good, const QString& summary) {
        m_list->setStatus(name, good ? ProviderList::Status::good : ProviderList::Status::bad, summary);
    });
    for (auto* row : rows()) {
        // What was tested was the secret before, where that has the same name.
        connect(row, &KeyRow::secretKept, m_list,
                [this] { m_list->setStatus(m_title->text(), ProviderList::Status::untested, {}); });
    }
    refresh();
}

ProviderSection::~ProviderSection()
{
    m_discovery.cancel();
}

std::vector<KeyRow*> ProviderSection::rows() const
{
    std::vector<KeyRow*> out;
    for (const auto* group : m_groups)
        out.insert(out.end(), group->rows().begin(), group->rows().end());
    return out;
}

void ProviderSection::refresh()
{
    m_list->refresh();
    showChosen();
}

void ProviderSection::showChosen()
{
    const auto index = m_list->current();
    const auto* providers = m_services.session.tree().field(listPath);
    const bool any = index && providers && *index < providers->items.size();
    const bool another = !any || m_shown != index || !isSameAt(*index, m_known, *providers);
    m_known = any ? *providers : YamlTree();
    if (another) {
        for (auto* row : rows())
            row->forget();
    }
    showHead();
    if (!any) {
        for (auto* group : m_groups)
            group->hide();
        return;
    }
    const auto& provider = providers->items[*index];
    const auto name = QString::fromStdString(provider.textOf("name"));
    const auto kind = kindOf(provider);
    m_kind = kind;
    for (auto* row : rows()) {
        if (row->setting().path == "base_url")
            row->setFallback(QString::fromStdString(kind ? config::default_base_url(*kind) : std::string()));
        row->setSuggestion(name);
        row->setPrefix(itemPath(listPath, *index) + '.');
    }
    filter(m_words);
    if (std::exchange(m_shown, index) != index)
        Q_EMIT chosen();
}

void ProviderSection::showHead()
{
    const auto builtIn = m_list->currentBuiltIn();
    const auto index = m_list->current();
    const bool shown = m_words.isEmpty() && (builtIn || index);
    m_title->setVisible(shown);
    m_test->setVisible(shown);
    m_facts->setVisible(shown && builtIn);
    if (!builtIn && !index)
        return;
    const auto name = builtIn ? builtIn->name : m_list->listed().items[*index].textOf("name");
    m_title->setText(QString::fromStdString(name));
    m_test->setProvider(m_title->text());
    if (builtIn)
        m_facts->setFacts(builtInFacts(*builtIn));
}

int ProviderSection::filter(const QStringList& words)
{
    const bool searched = !words.isEmpty();
    const bool changes = words != m_words;
    m_words = words;
    m_list->setVisible(!searched);
    showHead();
    if (changes && !searched)
        showChosen();
    int left = 0;
    for (auto* group : m_groups) {
        left += group->filter([&](const KeyRow& row) {
            // One that is there and has no effect is an error: it must be seen to be removed.
            const bool applies = !m_kind || (row.setting().spec.kinds & config::kind_bit(*m_kind))
                                 || m_services.session.isSet(row.path());
            return m_list->current() && applies && row.matches(words);
        });
    }
    return left;
}

void ProviderSection::chooseFor(const std::string& path)
{
    constexpr std::string_view list = "providers[";
    if (!std::string_view(path).starts_with(list))
        return;
    std::size_t index = 0;
    std::from_chars(path.data() + list.size(), path.data() + path.size(), index);
    m_list->choose(index);
}

void ProviderSection::discover()
{
    m_discovery.cancel();
    m_discovery = CancelSource();
    m_notice->tell(tr("Looking for Ollama…"));
    m_services.store.discover(m_discovery.token(), [this](const std::vector<std::string>& found) {
        if (found.empty()) {
            m_notice->tellFailure(
                tr("No Ollama answers at OLLAMA_HOST or 127.0.0.1:11434. Start it with “ollama serve”."));
            return;
        }
        QStringList added;
        for (const auto& url : found) {
            const auto list = m_list->listed(); // changes with what is added
            const bool known = std::any_of(list.items.begin(), list.items.end(),
                                           [&](const YamlTree& item) { return addressOf(item) == url; });
            const ProviderTemplate ollama{{}, "ollama", config::ProviderKind::ollama, url, {}};
            if (!known && m_list->add(newProvider(ollama, list)))
                added << QString::fromStdString(url);
        }
        m_notice->mention(added.isEmpty() ? tr("The Ollama that answers is among the providers already.")
                                          : tr("Added %1.").arg(added.join(QStringLiteral(", "))));
    });
}

} // namespace tokenscope::ui
