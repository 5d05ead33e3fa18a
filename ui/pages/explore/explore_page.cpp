// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/explore/explore_page.h"

#include "bridge/console_context.h"
#include "bridge/metric_catalogue.h"
#include "bridge/time_range.h"
#include "format/format.h"
#include "pages/common/outcome_box.h"
#include "pages/common/completion_data.h"
#include "pages/explore/explore_steps.h"
#include "pages/explore/history_panel.h"
#include "pages/common/promql_editor.h"
#include "pages/common/query_builder.h"
#include "pages/common/query_history.h"
#include "pages/explore/result_view.h"
#include "theme/theme.h"
#include "widgets/breaking_label.h"

#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalBlocker>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QToolButton>
#include <QVBoxLayout>

namespace tokenscope::ui {

namespace {

constexpr std::chrono::milliseconds savePause{400}; ///< in the typing
constexpr int mostPromqlLines = 3;
constexpr QLatin1StringView splitterKey("explore/splitter");
constexpr QLatin1StringView historyKey("explore/historyShown");
constexpr QLatin1StringView tabKey("explore/tab");
constexpr QLatin1StringView stepKey("explore/step");

} // namespace

ExplorePage::ExplorePage(const ConsoleContext& context, MetricFeed& feed, const MetricCatalogue& catalogue,
                         QWidget* parent)
    : Page(parent), m_context(context), m_feed(feed), m_modes(new QTabBar), m_step(new QComboBox),
      m_run(new QPushButton), m_historyButton(new QToolButton), m_inputs(new QStackedWidget),
      m_completion(new CompletionData(context.sources, catalogue, this)),
      m_editor(new PromqlEditor(context.theme, *m_completion)),
      m_builder(new QueryBuilder(context.theme, context.sources, catalogue)), m_promql(new BreakingLabel),
      m_copyPromql(new QPushButton(tr("Copy query"))), m_editPromql(new QPushButton(tr("Edit as PromQL"))),
      m_outcome(new OutcomeBox(context.theme, QStringLiteral("explore.error"))),
      m_result(new ResultView(context.theme)), m_splitter(new QSplitter),
      m_history(new QueryHistory(context.settings, this)),
      m_historyPanel(
          new HistoryPanel(context.theme, *m_history, [this](const QString& entry) { return described(entry); })),
      m_query(new QueryRun(this))
{
    const auto& tokens = context.theme.tokens();
    setObjectName(QStringLiteral("page.explore"));
    m_editor->setObjectName(QStringLiteral("explore.editor"));
    m_editor->setAccessibleName(tr("PromQL"));
    m_editor->setPlaceholderText(tr("rate(metric_total[5m])    Ctrl+Space completes, Ctrl+Enter runs"));
    auto* left = new QWidget;
    auto* column = new QVBoxLayout(left);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(tokens.space2);
    m_inputs->addWidget(makeBuilderSide());
    m_inputs->addWidget(m_editor);
    m_inputs->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    m_header = makeHeader();
    m_actions = makeActions();
    column->addWidget(m_header);
    column->addWidget(m_inputs);
    column->addWidget(m_outcome);
    column->addWidget(m_result, 1);
    m_splitter->addWidget(left);
    m_splitter->addWidget(m_historyPanel);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setStretchFactor(0, 1);
    m_historyPanel->setMinimumWidth(200);
    m_splitter->setSizes({900, 280});
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(tokens.space4, tokens.space3, tokens.space4, tokens.space2);
    row->addWidget(m_splitter);
    m_save.setSingleShot(true);
    m_save.setInterval(savePause);

    const auto& settings = context.settings;
    m_splitter->restoreState(settings.value(splitterKey).toByteArray());
    m_historyPanel->setVisible(settings.value(historyKey, false).toBool());
    m_historyButton->setChecked(settings.value(historyKey, false).toBool());
    m_result->setTab(settings.value(tabKey, 0).toInt() == 1 ? 1 : 0);
    m_step->setCurrentText(settings.value(stepKey, m_step->itemText(0)).toString());
    connectParts();
    dress();
    sourceChanged();
}

ExplorePage::~ExplorePage()
{
    saveDraft();
}

QWidget* ExplorePage::makeHeader()
{
    const auto& tokens = m_context.theme.tokens();
    auto* header = new QWidget;
    m_modes->setObjectName(QStringLiteral("explore.modes"));
    m_modes->setAccessibleName(tr("Builder or PromQL"));
    m_modes->addTab(tr("Builder"));
    m_modes->addTab(tr("PromQL"));
    m_modes->setDrawBase(false);
    m_modes->setExpanding(false);
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(tokens.space2);
    row->addWidget(m_modes);
    row->addStretch(1);
    return header;
}

QWidget* ExplorePage::makeActions()
{
    auto* actions = new QWidget;
    auto* label = new QLabel(tr("Step"));
    label->setProperty("role", QStringLiteral("secondary"));
    label->setBuddy(m_step);
    m_step->setObjectName(QStringLiteral("explore.step"));
    m_step->setAccessibleName(tr("Step"));
    m_step->setToolTip(tr("Between the points of a line: as the width wants it, or a time such as 30s"));
    m_step->setEditable(true);
    m_step->setInsertPolicy(QComboBox::NoInsert);
    m_step->addItem(tr("auto"));
    m_step->addItems(usualSteps());
    m_step->lineEdit()->setAccessibleName(tr("Step"));
    m_step->setFixedWidth(88);
    m_historyButton->setObjectName(QStringLiteral("explore.history"));
    m_historyButton->setText(tr("History"));
    m_historyButton->setToolTip(tr("What was asked of this source before (Ctrl+H)"));
    m_historyButton->setShortcut(QKeySequence(QStringLiteral("Ctrl+H")));
    m_historyButton->setCheckable(true);
    m_run->setObjectName(QStringLiteral("explore.run"));
    auto* row = new QHBoxLayout(actions);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(m_context.theme.tokens().space2);
    for (auto* widget : std::initializer_list<QWidget*>{label, m_step, m_historyButton, m_run})
        row->addWidget(widget);
    return actions;
}

/// Beside the modes; where the source has but one, their row would be all but empty.
void ExplorePage::placeActions()
{
    m_header->setVisible(canPromql());
    if (!canPromql()) {
        m_builder->setCorner(m_actions, {m_step, m_historyButton, m_run});
        return;
    }
    m_header->layout()->addWidget(m_actions);
    setTabOrder(m_modes, m_step);
    setTabOrder(m_step, m_historyButton);
    setTabOrder(m_historyButton, m_run);
}

QWidget* ExplorePage::makeBuilderSide()
{
    const auto& tokens = m_context.theme.tokens();
    auto* side = new QWidget;
    m_promql->setObjectName(QStringLiteral("explore.promql"));
    m_promql->setProperty("role", QStringLiteral("secondary"));
    m_promql->setMostLines(mostPromqlLines);
    m_promql->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_copyPromql->setObjectName(QStringLiteral("explore.promql.copy"));
    m_copyPromql->setToolTip(tr("Copy the query as PromQL"));
    m_editPromql->setObjectName(QStringLiteral("explore.promql.edit"));
    for (auto* button : {m_copyPromql, m_editPromql})
        button->setProperty("flat", true);
    auto* row = new QHBoxLayout;
    row->setSpacing(tokens.space1);
    auto* beside = new QVBoxLayout; // its first line stands on that of the buttons
    beside->setContentsMargins(0, tokens.space1 + 2, 0, 0);
    beside->addWidget(m_promql);
    row->addLayout(beside, 1);
    for (auto* button : {m_copyPromql, m_editPromql})
        row->addWidget(button, 0, Qt::AlignTop);
    auto* column = new QVBoxLayout(side);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(tokens.space1);
    column->addWidget(m_builder);
    column->addLayout(row);
    return side;
}

void ExplorePage::connectParts()
{
    connect(&m_feed, &MetricFeed::sourceChanged, this, &ExplorePage::sourceChanged);
    connect(&m_feed.range(), &TimeRange::changed, this, &ExplorePage::refresh);
    connect(&m_context.theme, &Theme::changed, this, &ExplorePage::dress);
    connect(m_modes, &QTabBar::currentChanged, this, [this](int index) {
        setMode(index == 1 ? Mode::promql : Mode::builder);
        m_save.start();
    });
    connect(m_run, &QPushButton::clicked, this, [this] { awaited() ? stop() : run(); });
    connect(m_editor, &PromqlEditor::submitted, this, &ExplorePage::run);
    connect(m_editor, &PromqlEditor::stopRequested, this, &ExplorePage::stop);
    connect(m_editor, &QPlainTextEdit::textChanged, &m_save, qOverload<>(&QTimer::start));
    connect(m_builder, &QueryBuilder::changed, this, [this] {
        showPromql();
        m_save.start();
    });
    connect(&m_save, &QTimer::timeout, this, &ExplorePage::saveDraft);
    connect(m_copyPromql, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(m_copyPromql->property("text.whole").toString()); });
    connect(m_editPromql, &QPushButton::clicked, this, &ExplorePage::editAsPromql);
    connect(m_historyPanel, &HistoryPanel::chosen, this, &ExplorePage::bringBack);
    connect(m_historyButton, &QToolButton::toggled, this, [this](bool shown) {
        m_historyPanel->setVisible(shown);
        m_context.settings.setValue(historyKey, shown);
        if (shown)
            m_historyPanel->focusSearch();
    });
    connect(m_splitter, &QSplitter::splitterMoved, this,
            [this] { m_context.settings.setValue(splitterKey, m_splitter->saveState()); });
    connect(m_step, &QComboBox::currentTextChanged, this, [this](const QString& text) {
        m_context.settings.setValue(stepKey, text);
        refresh();
    });
    connect(m_result, &ResultView::tabChanged, this, [this](int tab) { m_context.settings.setValue(tabKey, tab); });
    connect(m_result, &ResultView::rangeSelected, this, [this](qint64 from, qint64 to) {
        m_feed.range().setFixed({from, to});
    });
    connect(m_result, &ResultView::rangeReset, this, [this] { m_feed.range().goLive(); });
    connect(m_query, &QueryRun::finished, this, &ExplorePage::finish);
    connect(&m_follow, &QTimer::timeout, this, &ExplorePage::runQuietly);
}

bool ExplorePage::canPromql() const
{
    return m_feed.source().source->capabilities().promql;
}

QString ExplorePage::key(const char* what) const
{
    return QStringLiteral("explore/") + QLatin1StringView(what) + QLatin1Char('/') + m_source;
}

void ExplorePage::saveDraft()
{
    m_save.stop();
    if (m_source.isEmpty())
        return;
    auto& settings = m_context.settings;
    settings.setValue(key("draft"), m_editor->toPlainText());
    settings.setValue(key("builder"), savedDraft(m_builder->draft()));
    settings.setValue(key("mode"), m_mode == Mode::promql ? QStringLiteral("promql") : QStringLiteral("builder"));
}

void ExplorePage::restoreDraft()
{
    const auto& settings = m_context.settings;
    m_editor->setPlainText(settings.value(key("draft")).toString());
    m_editor->moveCursor(QTextCursor::End);
    m_builder->setDraft(draftFrom(settings.value(key("builder")).toString()));
    const bool builder = settings.value(key("mode")).toString() == QLatin1StringView("builder");
    setMode(canPromql() && !builder ? Mode::promql : Mode::builder);
    m_save.stop();
}

void ExplorePage::sourceChanged()
{
    m_query->cancel();
    m_awaited = false;
    m_past.reset();
    m_follow.stop();
    m_asked.reset();
    saveDraft();
    m_source = m_feed.source().id;
    m_history->setSource(m_source);
    placeActions();
    m_editPromql->setVisible(canPromql());
    restoreDraft();
    m_outcome->clear();
    m_result->clear(hint());
    showRunning();
}

/// What is next, with the draft of before in place.
QString ExplorePage::hint() const
{
    if (m_mode == Mode::promql)
        return m_editor->toPlainText().trimmed().isEmpty() ? tr("Write a query and press Ctrl+Enter.")
                                                           : tr("Press Ctrl+Enter to run this query.");
    return queryOf(m_builder->draft()) ? tr("Press Run to ask this.") : tr("Choose a metric and press Run.");
}

void ExplorePage::setMode(Mode mode)
{
    m_mode = mode;
    const QSignalBlocker quiet(m_modes);
    m_modes->setCurrentIndex(mode == Mode::promql ? 1 : 0);
    m_inputs->setCurrentIndex(mode == Mode::promql ? 1 : 0);
    // As high as what is shown, not as the higher of the two.
    for (int i = 0; i < m_inputs->count(); ++i)
        m_inputs->widget(i)->setSizePolicy(QSizePolicy::Preferred,
                                           i == m_inputs->currentIndex() ? QSizePolicy::Maximum : QSizePolicy::Ignored);
    setEntry(mode == Mode::promql ? static_cast<QWidget*>(m_editor)
                                  : m_builder->findChild<QComboBox*>(QStringLiteral("builder.metric")));
    showPromql();
}

void ExplorePage::showPromql()
{
    const auto query = queryOf(m_builder->draft());
    const auto text = query ? promqlOf(*query, std::chrono::milliseconds(range(*query).step)) : QString();
    m_promql->setFont(query ? m_context.theme.tokens().mono : m_context.theme.tokens().small);
    m_promql->setWords(query ? text.simplified() : QString::fromStdString(query.error().message));
    m_copyPromql->setProperty("text.whole", text);
    m_copyPromql->setEnabled(query.has_value());
    m_editPromql->setEnabled(query.has_value());
}

void ExplorePage::editAsPromql()
{
    m_editor->setPlainText(m_copyPromql->property("text.whole").toString());
    m_editor->moveCursor(QTextCursor::End);
    setMode(Mode::promql);
    m_editor->setFocus();
}

QString ExplorePage::described(const QString& entry) const
{
    if (canPromql())
        return entry;
    const auto query = queryOf(draftFrom(entry));
    return query ? promqlOf(*query, std::chrono::milliseconds(range(*query).step)) : entry;
}

void ExplorePage::bringBack(const QString& entry)
{
    if (canPromql()) {
        showExpression(entry);
        return;
    }
    m_builder->setDraft(draftFrom(entry));
    showPromql();
    run();
}

void ExplorePage::showExpression(const QString& expression)
{
    if (!canPromql())
        return;
    m_editor->setPlainText(expression);
    m_editor->moveCursor(QTextCursor::End);
    setMode(Mode::promql);
    m_editor->setFocus();
    run();
}

} // namespace tokenscope::ui
