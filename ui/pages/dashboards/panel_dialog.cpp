// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/dashboards/panel_dialog.h"

#include "bridge/console_context.h"
#include "bridge/metric_catalogue.h"
#include "bridge/metric_feed.h"
#include "charts/chart_group.h"
#include "dashboards/dashboard_json.h"
#include "dashboards/edits.h"
#include "dashboards/library.h"
#include "pages/common/notice_bar.h"
#include "pages/dashboards/panel_options.h"
#include "pages/dashboards/panel_plan.h"
#include "pages/dashboards/panel_view.h"
#include "pages/dashboards/target_editor.h"
#include "pages/common/completion_data.h"
#include "theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>

namespace tokenscope::ui {

namespace {

constexpr QSize usual{1180, 760};
constexpr QSize smallest{940, 540};
constexpr int optionsWidth = 280;
constexpr std::chrono::milliseconds typingPause{300};

QScrollArea* scrolling(QWidget* content)
{
    auto* scroll = new QScrollArea;
    scroll->setWidget(content);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    scroll->setFocusPolicy(Qt::NoFocus);
    return scroll;
}

std::string textOf(const dashboards::Panel& panel)
{
    return dashboards::to_json(panel).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// Where Tab stops within a widget, in the order that it has now.
void addStops(std::vector<QWidget*>& stops, QWidget* within)
{
    auto* each = within;
    do {
        const bool inside = each == within || within->isAncestorOf(each);
        if (inside && (each->focusPolicy() & Qt::TabFocus) && !each->focusProxy())
            stops.push_back(each);
        each = each->nextInFocusChain();
    } while (each != within);
}

/// The sentence without the place in the file, which the dialog shows in its own way.
std::string sentenceOf(const Error& error)
{
    const auto prefix = error.param + ": ";
    return error.message.starts_with(prefix) ? error.message.substr(prefix.size()) : error.message;
}

} // namespace

PanelDialog::PanelDialog(const ConsoleContext& context, MetricFeed& feed, const MetricCatalogue& catalogue,
                         dashboards::Dashboard dashboard, dashboards::Panel panel, dashboards::Choices choices,
                         QWidget* parent)
    : QDialog(parent), m_context(context), m_feed(feed), m_catalogue(catalogue), m_dashboard(std::move(dashboard)),
      m_panel(std::move(panel)), m_choices(std::move(choices)),
      m_completion(new CompletionData(context.sources, catalogue, this)), m_group(new ChartGroup(this)),
      m_options(new PanelOptions(context.theme)), m_stage(new QVBoxLayout),
      m_noPreview(new QLabel(tr("The preview comes here."))), m_add(new QPushButton(tr("Add query"))),
      m_targetColumn(new QVBoxLayout), m_scroll(nullptr), m_reason(new QLabel),
      m_notice(new NoticeBar(context.theme, QStringLiteral("panel.edit.notice"))), m_ok(new QPushButton(tr("OK")))
{
    const auto& tokens = context.theme.tokens();
    const bool fresh = dashboards::find_panel(m_dashboard, m_panel.id) == nullptr;
    setObjectName(QStringLiteral("panel.edit"));
    setWindowTitle(fresh ? tr("Add a panel") : tr("Edit panel: %1").arg(QString::fromStdString(m_panel.title)));
    setAttribute(Qt::WA_DeleteOnClose);
    setMinimumSize(smallest);
    const auto room = parent ? parent->window()->size() : usual;
    resize(usual.boundedTo(room).expandedTo(smallest));
    m_options->setPanel(m_panel);
    auto* options = scrolling(m_options);
    options->setFixedWidth(optionsWidth);
    options->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* both = new QHBoxLayout;
    both->setSpacing(tokens.space4);
    both->addWidget(makeLeft(), 1);
    both->addWidget(options);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(tokens.space4, tokens.space4, tokens.space4, tokens.space3);
    column->setSpacing(tokens.space3);
    column->addLayout(both, 1);
    column->addWidget(m_notice);
    column->addWidget(makeFoot());

    for (const auto& query : m_panel.queries)
        addTarget(query);
    orderTabs();
    m_pause.setSingleShot(true);
    m_pause.setInterval(typingPause);
    connect(&m_pause, &QTimer::timeout, this, &PanelDialog::judge);
    connect(m_options, &PanelOptions::changed, this, &PanelDialog::edited);
    connect(&catalogue, &MetricCatalogue::changed, this, &PanelDialog::judge);
    judge();
    m_options->focusTitle();
}

QWidget* PanelDialog::makeLeft()
{
    const auto& tokens = m_context.theme.tokens();
    auto* stage = new QWidget;
    stage->setObjectName(QStringLiteral("panel.edit.stage"));
    stage->setLayout(m_stage);
    m_stage->setContentsMargins(0, 0, 0, 0);
    stage->setMinimumHeight(PanelView::lineHeight); // so that nothing jumps, whatever it shows
    m_noPreview->setProperty("role", QStringLiteral("secondary"));
    m_noPreview->setAlignment(Qt::AlignCenter);
    m_stage->addWidget(m_noPreview, 1);
    m_stage->addStretch(0);
    auto* title = new QLabel(tr("Queries"));
    title->setProperty("role", QStringLiteral("title"));
    m_add->setObjectName(QStringLiteral("panel.edit.addQuery"));
    m_add->setProperty("flat", true);
    m_add->setAutoDefault(false);
    connect(m_add, &QPushButton::clicked, this, [this] {
        auto* target = addTarget({});
        orderTabs();
        edited();
        target->setFocus();
        QTimer::singleShot(0, target, [this, target] { m_scroll->ensureWidgetVisible(target); });
    });
    auto* head = new QHBoxLayout;
    head->addWidget(title);
    head->addStretch(1);
    head->addWidget(m_add);
    auto* targets = new QWidget;
    m_targetColumn->setContentsMargins(0, 0, tokens.space2, 0);
    m_targetColumn->setSpacing(tokens.space4);
    auto* column = new QVBoxLayout(targets);
    column->setContentsMargins(0, 0, 0, 0);
    column->addLayout(m_targetColumn);
    column->addStretch(1);
    m_scroll = scrolling(targets);
    auto* left = new QWidget;
    auto* all = new QVBoxLayout(left);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(tokens.space3);
    all->addWidget(stage);
    all->addLayout(head);
    all->addWidget(m_scroll, 1);
    return left;
}

QWidget* PanelDialog::makeFoot()
{
    const auto& tokens = m_context.theme.tokens();
    auto* foot = new QWidget;
    m_reason->setObjectName(QStringLiteral("panel.edit.reason"));
    m_reason->setProperty("role", QStringLiteral("secondary"));
    m_reason->setWordWrap(true);
    m_reason->setTextFormat(Qt::PlainText);
    m_ok->setObjectName(QStringLiteral("panel.edit.ok"));
    m_ok->setProperty("primary", true);
    m_ok->setShortcut(QKeySequence(QStringLiteral("Ctrl+Return")));
    m_ok->setAutoDefault(false);
    auto* cancel = new QPushButton(tr("Cancel"));
    cancel->setObjectName(QStringLiteral("panel.edit.cancel"));
    cancel->setAutoDefault(false);
    connect(cancel, &QPushButton::clicked, this, &PanelDialog::reject);
    connect(m_ok, &QPushButton::clicked, this, [this] {
        judge(); // nothing of the last moment is left out
        const auto made = panel();
        if (!m_valid || !made)
            return;
        Q_EMIT decided(*made);
        accept();
    });
    auto* row = new QHBoxLayout(foot);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(tokens.space2);
    row->addWidget(m_reason, 1);
    row->addWidget(cancel);
    row->addWidget(m_ok);
    return foot;
}

TargetEditor* PanelDialog::addTarget(const dashboards::PanelQuery& query)
{
    auto* target = new TargetEditor(m_context.theme, m_context.sources, m_catalogue, *m_completion);
    target->setQuery(query);
    m_targets.push_back(target);
    m_targetColumn->addWidget(target);
    connect(target, &TargetEditor::changed, this, &PanelDialog::edited);
    connect(target, &TargetEditor::removeRequested, this, [this, target] { drop(target); });
    connect(target, &TargetEditor::shiftRequested, this, [this, target](int step) { shift(target, step); });
    number();
    return target;
}

void PanelDialog::drop(TargetEditor* target)
{
    std::erase(m_targets, target);
    target->hide();
    target->deleteLater(); // its own button asked for it
    number();
    edited();
}

void PanelDialog::shift(TargetEditor* target, int step)
{
    const auto at = std::ranges::find(m_targets, target);
    std::iter_swap(at, at + step);
    m_targetColumn->removeWidget(target);
    m_targetColumn->insertWidget(static_cast<int>(std::ranges::find(m_targets, target) - m_targets.begin()), target);
    number();
    orderTabs();
    target->focusShift(step);
    QTimer::singleShot(0, target, [this, target] { m_scroll->ensureWidgetVisible(target); });
    edited();
}

void PanelDialog::number()
{
    for (std::size_t i = 0; i < m_targets.size(); ++i) {
        m_targets[i]->setObjectName(QStringLiteral("target.%1").arg(i));
        m_targets[i]->setAccessibleName(tr("Query %1").arg(i + 1));
        m_targets[i]->setNumber(i + 1, m_targets.size());
    }
}

void PanelDialog::orderTabs()
{
    std::vector<QWidget*> stops;
    addStops(stops, m_add);
    for (auto* target : m_targets)
        addStops(stops, target);
    addStops(stops, m_options);
    for (std::size_t i = 1; i < stops.size(); ++i)
        setTabOrder(stops[i - 1], stops[i]);
}

Result<dashboards::Panel> PanelDialog::panel() const
{
    auto panel = m_panel;
    if (const auto applied = m_options->apply(panel); !applied) {
        auto error = applied.error();
        error.param = "/" + error.param;
        return failure(std::move(error));
    }
    panel.queries.clear();
    for (std::size_t i = 0; i < m_targets.size(); ++i) {
        auto query = m_targets[i]->query();
        if (!query) {
            auto error = query.error();
            error.message = sentenceOf(error);
            error.param = "/queries/" + std::to_string(i);
            return failure(std::move(error));
        }
        panel.queries.push_back(std::move(*query));
    }
    auto whole = m_dashboard;
    if (!dashboards::replace_panel(whole, panel)) {
        if (panel.id.empty())
            panel.id = dashboards::free_panel_id(whole, panel.title);
        dashboards::insert_panel(whole, panel, {whole.rows.size(), 0});
    }
    if (const auto checked = dashboards::Library::check(whole); !checked) {
        const auto spot = dashboards::spot_of(whole, panel.id).value_or(dashboards::PanelSpot());
        const auto place = "/rows/" + std::to_string(spot.row) + "/panels/" + std::to_string(spot.at);
        auto error = checked.error();
        error.message = sentenceOf(error);
        // What is wrong elsewhere does not keep this panel from being edited.
        if (error.param.starts_with(place + "/")) {
            error.param.erase(0, place.size());
            return failure(std::move(error));
        }
    }
    return panel;
}

void PanelDialog::edited()
{
    m_touched = true;
    m_pause.start();
}

void PanelDialog::judge()
{
    m_pause.stop();
    for (auto* target : m_targets)
        target->setHeatmap(m_options->kind() == dashboards::PanelKind::heatmap);
    const auto made = panel();
    m_valid = made.has_value();
    m_options->clearProblems();
    for (auto* target : m_targets)
        target->setProblem(std::nullopt, true);
    m_reason->clear();
    if (made)
        showPreview(*made);
    else
        showProblem(made.error());
    m_ok->setEnabled(m_valid);
    m_ok->setToolTip(m_valid ? tr("Take it over (Ctrl+Enter)") : m_reason->text());
    m_ok->setAccessibleDescription(m_reason->text());
}

void PanelDialog::showProblem(const Error& error)
{
    const auto sentence = QString::fromStdString(error.message);
    m_reason->setText(sentence);
    const std::string queries = "/queries/";
    if (error.param.starts_with(queries)) {
        const auto index = static_cast<std::size_t>(std::atoi(error.param.c_str() + queries.size()));
        if (index < m_targets.size())
            m_targets[index]->setProblem(Error{.message = error.message, .detail = error.detail}, true);
        m_reason->setText(tr("Query %1: %2").arg(index + 1).arg(sentence));
        return;
    }
    const auto key = error.param.substr(std::min<std::size_t>(1, error.param.size()));
    m_options->setProblem(key.substr(0, key.find('/')), sentence);
}

void PanelDialog::reject()
{
    const auto now = panel();
    if (!m_touched || (now && textOf(*now) == textOf(m_panel))) {
        QDialog::reject();
        return;
    }
    m_notice->ask(tr("The changes to this panel are not taken over."),
                  {{tr("Go on editing"), [this] { m_options->focusTitle(); }},
                   {tr("Discard and close"), [this] { QDialog::reject(); }}});
}

} // namespace tokenscope::ui
