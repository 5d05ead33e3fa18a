// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/targets/watch_view.h"

#include "pages/common/notice_bar.h"
#include "pages/targets/monitor_view.h"
#include "pages/targets/rule_dialog.h"
#include "pages/targets/watch_list.h"
#include "pages/targets/watch_start.h"
#include "theme/theme.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QVBoxLayout>

namespace tokenscope::ui {

namespace {

QWidget* stacked(std::initializer_list<QWidget*> parts, int spacing)
{
    auto* part = new QWidget;
    auto* column = new QVBoxLayout(part);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing);
    for (auto* widget : parts)
        column->addWidget(widget);
    return part;
}

QLabel* headed(const QString& title)
{
    auto* heading = new QLabel(title);
    heading->setProperty("role", QStringLiteral("title"));
    heading->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    return heading;
}

/// In the middle of what is there, as what the other tabs say where they are empty.
QWidget* centred(QWidget* widget)
{
    auto* ground = new QWidget;
    auto* row = new QHBoxLayout; // knows how high it is once it is as narrow as it may be
    row->addStretch(0);
    row->addWidget(widget, 1);
    row->addStretch(0);
    auto* column = new QVBoxLayout(ground);
    column->setContentsMargins(0, 0, 0, 0);
    column->addStretch(1);
    column->addLayout(row);
    column->addStretch(1);
    return ground;
}

} // namespace

WatchView::WatchView(const Theme& theme, AlertEngine& engine, SourceList& sources, const MetricCatalogue& catalogue,
                     QWidget* parent)
    : QWidget(parent), m_theme(theme), m_engine(engine), m_sources(sources), m_catalogue(catalogue),
      m_notice(new NoticeBar(theme, QStringLiteral("watch.notice"))), m_start(new WatchStart(theme)),
      m_rules(new MonitorView(theme, QStringLiteral("watch"), tr("My rules"),
                              {{tr("Quiet"), Tone::good}, {tr("Pending"), Tone::warn}, {tr("Firing"), Tone::bad}})),
      m_happenings(new MonitorView(theme, QStringLiteral("happenings"), tr("What happened"),
                                   {{tr("Fired"), Tone::bad}, {tr("Over"), Tone::good}}))
{
    const auto& tokens = theme.tokens();
    setObjectName(QStringLiteral("watchView"));
    m_happenings->setEmptyText(tr("Nothing has fired since Tokenscope started."), Qt::AlignLeft | Qt::AlignTop);
    m_bar = makeBar();
    auto* halves = new QSplitter(Qt::Vertical);
    halves->setObjectName(QStringLiteral("watch.halves"));
    halves->setChildrenCollapsible(false);
    halves->setStyleSheet(QStringLiteral("QSplitter::handle { background: transparent; }"));
    m_none = centred(m_start);
    halves->addWidget(stacked({m_none, m_bar, m_rules}, tokens.space2));
    m_fired = stacked({headed(tr("What fired")), m_happenings}, tokens.space2);
    halves->addWidget(m_fired);
    halves->setStretchFactor(0, 3);
    halves->setStretchFactor(1, 2);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(tokens.space2);
    column->addWidget(m_notice);
    column->addWidget(halves, 1);
    connect(&engine, &AlertEngine::changed, this, &WatchView::fill);
    connect(&sources, &SourceList::entriesChanged, this, &WatchView::fill);
    connect(m_rules, &MonitorView::chosen, this, [this](const QString& key) {
        m_key = key;
        showActions();
    });
    connect(m_rules, &MonitorView::activated, this, &WatchView::edit);
    connect(m_start, &WatchStart::newRequested, this, &WatchView::addRule);
    connect(m_start, &WatchStart::proposed, this, &WatchView::propose);
    m_timer.setInterval(1000); // the ages
    connect(&m_timer, &QTimer::timeout, this, &WatchView::fill);
    m_timer.start();
    fill();
}

QPushButton* WatchView::makeButton(const char* name, const QString& text)
{
    auto* button = new QPushButton(text);
    button->setObjectName(QLatin1StringView(name));
    return button;
}

QWidget* WatchView::makeBar()
{
    const auto& tokens = m_theme.tokens();
    auto* bar = new QWidget;
    m_add = makeButton("watch.add", tr("New rule…"));
    m_add->setProperty("primary", true);
    m_edit = makeButton("watch.edit", tr("Edit…"));
    m_duplicate = makeButton("watch.duplicate", tr("Duplicate"));
    m_toggle = makeButton("watch.toggle", tr("Switch off"));
    m_remove = makeButton("watch.remove", tr("Remove"));
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(tokens.space2);
    for (auto* button : {m_add, m_edit, m_duplicate, m_toggle, m_remove})
        row->addWidget(button);
    row->addStretch(1);
    connect(m_add, &QPushButton::clicked, this, &WatchView::addRule);
    connect(m_edit, &QPushButton::clicked, this, &WatchView::edit);
    connect(m_duplicate, &QPushButton::clicked, this, &WatchView::duplicate);
    connect(m_toggle, &QPushButton::clicked, this, &WatchView::toggle);
    connect(m_remove, &QPushButton::clicked, this, &WatchView::remove);
    return bar;
}

void WatchView::fill()
{
    if (!isVisible() && sender() == &m_timer)
        return;
    const auto now = QDateTime::currentMSecsSinceEpoch();
    m_rules->setList(watchList(m_engine, now, [this](const std::string& id) {
        for (const auto& entry : m_sources.entries()) {
            if (entry.id == QString::fromStdString(id))
                return QString::fromStdString(entry.source->name());
        }
        return tr("(removed)");
    }));
    const auto happenings = happeningList(m_engine, now);
    m_happenings->setList(happenings);
    m_fired->setVisible(m_engine.size() > 0 || happenings.count() > 0);
    if (!m_engine.problem().isEmpty() && m_notice->text().isEmpty())
        m_notice->tellFailure(m_engine.problem());
    showActions();
}

std::optional<alerts::Rule> WatchView::chosen() const
{
    for (std::size_t i = 0; i < m_engine.size(); ++i) {
        if (QString::fromStdString(m_engine.at(i).rule.id) == m_key)
            return m_engine.at(i).rule;
    }
    return std::nullopt;
}

void WatchView::showActions()
{
    const bool any = m_engine.size() > 0;
    m_none->setVisible(!any);
    m_start->setUsable(m_engine.problem().isEmpty());
    m_bar->setVisible(any);
    m_rules->setVisible(any);
    const auto rule = chosen();
    for (auto* button : {m_edit, m_duplicate, m_toggle, m_remove})
        button->setEnabled(rule.has_value());
    m_toggle->setText(rule && !rule->enabled ? tr("Switch on") : tr("Switch off"));
    m_add->setEnabled(m_engine.problem().isEmpty());
}

void WatchView::choose(const QString& id)
{
    m_key = id;
    m_rules->choose(id);
    showActions();
}

void WatchView::openDialog(const alerts::Rule& rule)
{
    auto* dialog = new RuleDialog(m_theme, m_sources, m_catalogue, rule, window());
    dialog->setSave([this](const alerts::Rule& edited) { return m_engine.save(edited); });
    connect(dialog, &RuleDialog::saved, this, &WatchView::choose);
    dialog->open();
}

void WatchView::propose(const alerts::Rule& rule)
{
    auto ours = rule;
    ours.source = m_sources.current().id.toStdString();
    openDialog(ours);
}

void WatchView::addRule()
{
    alerts::Rule rule;
    rule.source = m_sources.current().id.toStdString();
    rule.hold = std::chrono::seconds(30);
    rule.keep = std::chrono::seconds(30);
    openDialog(rule);
}

void WatchView::edit()
{
    if (const auto rule = chosen())
        openDialog(*rule);
}

void WatchView::duplicate()
{
    auto rule = chosen();
    if (!rule)
        return;
    rule->id.clear();
    rule->name = tr("%1 (copy)").arg(QString::fromStdString(rule->name)).toStdString();
    openDialog(*rule);
}

void WatchView::put(const alerts::Rule& rule, std::size_t place)
{
    const auto saved = m_engine.save(rule, place);
    if (saved)
        choose(QString::fromStdString(*saved));
    else
        m_notice->tellFailure(QString::fromStdString(saved.error().message));
}

void WatchView::toggle()
{
    auto rule = chosen();
    if (!rule)
        return;
    rule->enabled = !rule->enabled;
    put(*rule, SIZE_MAX);
}

void WatchView::remove()
{
    const auto rule = chosen();
    if (!rule)
        return;
    std::size_t place = 0;
    while (m_engine.at(place).rule.id != rule->id)
        ++place;
    if (auto removed = m_engine.remove(rule->id); !removed) {
        m_notice->tell(QString::fromStdString(removed.error().message));
        return;
    }
    // Nothing is lost, so nothing is asked.
    m_notice->tell(tr("Removed “%1”. What it told stays in the history until Tokenscope ends.")
                       .arg(QString::fromStdString(rule->name)),
                   {{tr("Undo"), [this, rule = *rule, place] { put(rule, place); }}});
}

} // namespace tokenscope::ui
