// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/settings/provider_list.h"

#include "config/choices.h"

#include "bridge/settings_store.h"
#include "pages/common/icon.h"
#include "pages/common/notice_bar.h"
#include "pages/common/status_delegate.h"
#include "pages/settings/edit_session.h"
#include "pages/settings/provider_text.h"
#include "theme/theme.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace tokenscope::ui {

namespace {

enum Column { nameColumn, kindColumn, addressColumn, statusColumn };
constexpr int rowHeight = 32;
constexpr int dotWidth = 10; ///< with its margins
constexpr int fewestRows = 2;
constexpr int mostRows = 6;
const std::string listPath = "providers";

} // namespace

ProviderList::ProviderList(const SettingServices& services, QWidget* parent)
    : QWidget(parent), m_services(services), m_tree(new QTreeWidget), m_note(new QLabel),
      m_notice(new NoticeBar(services.theme, QStringLiteral("settings.providers.notice")))
{
    const auto& tokens = services.theme.tokens();
    m_tree->setObjectName(QStringLiteral("settings.providers.list"));
    m_tree->setAccessibleName(tr("Providers"));
    m_tree->setItemDelegate(new StatusDelegate(services.theme, m_tree));
    m_tree->setIconSize({dotWidth, dotWidth}); // in a larger place it would be scaled up
    m_tree->setRootIsDecorated(false);
    m_tree->setUniformRowHeights(true);
    m_tree->setColumnCount(4);
    m_tree->setHeaderLabels({tr("Name"), tr("Kind"), tr("Address"), tr("Status")});
    m_tree->header()->setSectionResizeMode(nameColumn, QHeaderView::Interactive);
    m_tree->header()->resizeSection(nameColumn, 150);
    m_tree->header()->resizeSection(kindColumn, 90);
    m_tree->header()->setSectionResizeMode(addressColumn, QHeaderView::Stretch);
    m_tree->header()->setSectionResizeMode(statusColumn, QHeaderView::Interactive);
    m_tree->header()->resizeSection(statusColumn, 130);
    m_tree->header()->setStretchLastSection(false);
    m_tree->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_note->setObjectName(QStringLiteral("settings.providers.note"));
    m_note->setProperty("role", QStringLiteral("secondary"));
    m_note->setWordWrap(true);
    auto* bar = new QWidget;
    makeButtons(bar);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(tokens.space2);
    for (auto* widget : std::initializer_list<QWidget*>{m_note, m_tree, m_notice, bar})
        column->addWidget(widget);
    connect(m_tree, &QTreeWidget::currentItemChanged, this, [this] {
        if (m_filling)
            return;
        updateButtons();
        Q_EMIT chosen();
    });
    connect(&services.theme, &Theme::changed, this, &ProviderList::dress);
    dress();
}

QPushButton* ProviderList::addButton(QWidget* bar, const QString& text, const QString& name, const QString& shown,
                                     const std::function<void()>& run)
{
    auto* button = new QPushButton(text);
    button->setObjectName(QStringLiteral("settings.providers.") + name);
    button->setAccessibleName(shown);
    button->setAutoDefault(false);
    bar->layout()->addWidget(button);
    if (run)
        connect(button, &QPushButton::clicked, this, run);
    return button;
}

void ProviderList::makeButtons(QWidget* bar)
{
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(m_services.theme.tokens().space2);
    auto* add = addButton(bar, tr("Add"), QStringLiteral("add"), tr("Add a provider"), {});
    auto* menu = new QMenu(add);
    menu->setObjectName(QStringLiteral("settings.providers.menu"));
    for (const auto& one : providerTemplates())
        menu->addAction(one.title, this, [this, one] { this->add(newProvider(one, listed())); });
    add->setMenu(menu);
    addButton(bar, tr("Find Ollama"), QStringLiteral("discover"), tr("Find Ollama on this machine"),
              [this] { Q_EMIT discoverRequested(); });
    m_write = addButton(bar, tr("Write these to config.yaml"), QStringLiteral("write"),
                        tr("Write these to config.yaml"), [this] { writeBuiltIn(); });
    m_duplicate = addButton(bar, tr("Duplicate"), QStringLiteral("duplicate"), tr("Duplicate the provider"),
                            [this] { duplicate(); });
    m_up = addButton(bar, tr("Up"), QStringLiteral("up"), tr("Move the provider up"), [this] { move(-1); });
    m_down = addButton(bar, tr("Down"), QStringLiteral("down"), tr("Move the provider down"), [this] { move(1); });
    m_remove = addButton(bar, tr("Remove"), QStringLiteral("remove"), tr("Remove the provider"), [this] {
        const auto index = current();
        if (!index)
            return;
        const auto name = QString::fromStdString(providers().items[*index].textOf("name"));
        m_notice->ask(tr("Remove “%1” from the file?").arg(name),
                      {{tr("Remove"), [this] { remove(); }}, {tr("Keep it"), [this] { m_tree->setFocus(); }}});
    });
    row->addStretch(1);
}

const YamlTree& ProviderList::providers() const
{
    static const YamlTree none;
    const auto* list = m_services.session.tree().field(listPath);
    return list ? *list : none;
}

std::vector<config::Provider> ProviderList::builtIn() const
{
    if (!providers().items.empty() || m_services.session.originalTree().field(listPath))
        return {};
    return m_services.store.current().providers;
}

ProviderList::Outcome ProviderList::outcomeOf(const YamlTree& provider) const
{
    const auto outcome = m_outcomes.value(QString::fromStdString(provider.textOf("name")));
    return outcome.tested == provider ? outcome : Outcome();
}

void ProviderList::fillRow(int row, const QString& name, const QString& kind, const QString& address,
                           const Outcome& outcome)
{
    const auto& tokens = m_services.theme.tokens();
    auto* item = m_tree->topLevelItem(row);
    if (!item) {
        item = new QTreeWidgetItem(m_tree);
        item->setSizeHint(nameColumn, {0, rowHeight});
    }
    const bool demo = kind == QLatin1StringView(config::name_of(config::ProviderKind::demo));
    const QStringList texts{name, kind, address,
                            outcome.status != Status::untested ? outcome.text
                            : demo                             ? tr("ready")
                                                               : tr("not tested")};
    for (int column = nameColumn; column <= statusColumn; ++column) {
        item->setText(column, texts[column]);
        item->setToolTip(column, texts[column]);
    }
    // What the dot before it means.
    item->setToolTip(nameColumn, tr("%1: %2").arg(name, texts[statusColumn]));
    item->setForeground(statusColumn, outcome.status == Status::bad    ? tokens.bad
                                      : outcome.status == Status::good ? tokens.good
                                                                       : tokens.secondary);
    item->setIcon(nameColumn, dotIcon(outcome.status == Status::bad            ? tokens.bad
                                      : outcome.status == Status::good || demo ? tokens.good
                                                                               : tokens.secondary,
                                      dotWidth));
    item->setForeground(kindColumn, tokens.secondary);
    item->setData(nameColumn, Qt::AccessibleTextRole, texts.join(QStringLiteral(", ")));
}

void ProviderList::refresh()
{
    m_filling = true;
    const auto& list = providers();
    const auto shown = builtIn();
    const auto count = static_cast<int>(list.items.size() + shown.size());
    while (m_tree->topLevelItemCount() > count)
        delete m_tree->takeTopLevelItem(count);
    int row = 0;
    for (const auto& item : list.items) {
        const auto kind = kindOf(item);
        const auto url = item.textOf("base_url");
        fillRow(row++, QString::fromStdString(item.textOf("name")), QString::fromStdString(item.textOf("kind")),
                kind ? shownAddress(*kind, url) : QString::fromStdString(url), outcomeOf(item));
    }
    for (const auto& provider : shown)
        fillRow(row++, QString::fromStdString(provider.name), QString::fromUtf8(config::name_of(provider.kind).data()),
                shownAddress(provider.kind, provider.base_url), outcomeOf(writtenProvider(provider)));
    if (!m_tree->currentItem() && count > 0)
        m_tree->setCurrentItem(m_tree->topLevelItem(0));
    m_tree->setFixedHeight((std::clamp(count, fewestRows, mostRows)) * rowHeight + m_tree->header()->sizeHint().height()
                           + 2 * m_tree->frameWidth());
    m_note->setText(
        list.items.empty()
            ? tr("Built in: config.yaml names no providers. OpenAI and Anthropic appear when their keys are in the "
                 "environment. Adding a provider also writes the ones below to config.yaml.")
            : tr("A bare model name goes to the first provider that lists it; “name/model” asks one of them."));
    m_filling = false;
    updateButtons();
}

void ProviderList::updateButtons()
{
    const auto index = current();
    const bool editable = m_services.session.readable();
    m_duplicate->setEnabled(editable && index.has_value());
    m_remove->setEnabled(editable && index.has_value());
    m_up->setEnabled(editable && index && *index > 0);
    m_down->setEnabled(editable && index && *index + 1 < providers().items.size());
    m_write->setVisible(providers().items.empty() && m_tree->topLevelItemCount() > 0);
    for (auto* button : {m_duplicate, m_up, m_down, m_remove})
        button->setVisible(!providers().items.empty());
}

std::optional<std::size_t> ProviderList::current() const
{
    const int row = m_tree->indexOfTopLevelItem(m_tree->currentItem());
    if (row < 0 || static_cast<std::size_t>(row) >= providers().items.size())
        return std::nullopt;
    return static_cast<std::size_t>(row);
}

std::optional<config::Provider> ProviderList::currentBuiltIn() const
{
    const auto shown = builtIn();
    const int row = m_tree->indexOfTopLevelItem(m_tree->currentItem());
    if (row < 0 || static_cast<std::size_t>(row) >= shown.size())
        return std::nullopt;
    return shown[static_cast<std::size_t>(row)];
}

void ProviderList::choose(std::size_t index)
{
    if (auto* item = m_tree->topLevelItem(static_cast<int>(index)))
        m_tree->setCurrentItem(item);
    Q_EMIT chosen();
}

void ProviderList::setStatus(const QString& name, Status status, const QString& text)
{
    const auto list = listed();
    const auto place = placeOf(list, name.toStdString());
    if (status == Status::untested) {
        m_outcomes.remove(name);
    } else if (status == Status::testing && place < list.items.size()) {
        m_outcomes[name] = {status, text, list.items[place]};
    } else if (const auto found = m_outcomes.find(name); found != m_outcomes.end()) {
        found->status = status;
        found->text = text;
    }
    refresh();
}

YamlTree ProviderList::listed() const
{
    if (!providers().items.empty())
        return providers();
    YamlTree list;
    list.kind = YamlTree::Kind::list;
    for (const auto& provider : builtIn())
        list.items.push_back(writtenProvider(provider));
    return list;
}

bool ProviderList::add(const YamlTree& provider)
{
    auto list = listed();
    const auto index = list.items.size();
    // A file that names one provider has none built in any more: those would be gone without having been removed.
    const bool first = providers().items.empty() && index > 0;
    list.items.push_back(provider);
    const auto done =
        first ? m_services.session.put(listPath, list) : m_services.session.put(itemPath(listPath, index), provider);
    if (!done) {
        m_notice->tellFailure(QString::fromStdString(done.error().message));
        return false;
    }
    choose(index);
    if (first)
        tellKept(provider.textOf("name"));
    return true;
}

void ProviderList::tellKept(const std::string& added)
{
    QStringList kept;
    for (const auto& item : providers().items) {
        if (const auto name = item.textOf("name"); name != added)
            kept << QString::fromStdString(name);
    }
    m_notice->tell(tr("Built-in providers are used only while the file names none, so %1 will be written into it, too.")
                       .arg(kept.join(QStringLiteral(", "))),
                   {{tr("Only “%1”").arg(QString::fromStdString(added)), [this, kept] {
                         auto alone = providers(); // the new one may have another name by now
                         std::erase_if(alone.items, [&kept](const YamlTree& item) {
                             return kept.contains(QString::fromStdString(item.textOf("name")));
                         });
                         if (const auto done = m_services.session.put(listPath, alone); !done)
                             m_notice->tellFailure(QString::fromStdString(done.error().message));
                         choose(0);
                     }}});
}

void ProviderList::duplicate()
{
    if (const auto index = current())
        add(copiedProvider(providers().items[*index], providers()));
}

void ProviderList::remove()
{
    const auto index = current();
    if (!index)
        return;
    const auto before = m_services.session.text();
    const auto name = QString::fromStdString(providers().items[*index].textOf("name"));
    if (const auto done =
            m_services.session.remove(providers().items.size() == 1 ? listPath : itemPath(listPath, *index));
        !done) {
        m_notice->tellFailure(QString::fromStdString(done.error().message));
        return;
    }
    const auto after = m_services.session.text();
    m_notice->tell(tr("Removed “%1”. Nothing is saved yet.").arg(name),
                   {{tr("Undo"), [this, before, after, index] {
                         // Only of this: what was edited since stays.
                         if (m_services.session.text() == after)
                             m_services.session.edit(before);
                         else
                             m_notice->tellFailure(
                                 tr("There were other changes since; discard them, or add it again."));
                         choose(*index);
                         m_tree->setFocus();
                     }}});
    Q_EMIT chosen();
}

void ProviderList::move(int by)
{
    const auto index = current();
    if (!index)
        return;
    const auto target = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(*index) + by);
    if (m_services.session.swapWithNext(listPath, std::min(*index, target)))
        choose(target);
}

void ProviderList::writeBuiltIn()
{
    if (const auto done = m_services.session.put(listPath, listed()); !done)
        m_notice->tellFailure(QString::fromStdString(done.error().message));
    Q_EMIT chosen();
}

void ProviderList::dress()
{
    m_note->setFont(m_services.theme.tokens().small);
    refresh();
}

} // namespace tokenscope::ui
