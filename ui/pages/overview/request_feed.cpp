// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/overview/request_feed.h"

#include "bridge/console_context.h"
#include "bridge/time_range.h"
#include "models/request_table_model.h"
#include "pages/overview/feed_table.h"
#include "theme/panel.h"
#include "theme/theme.h"

#include <QEvent>
#include <QHeaderView>
#include <QLabel>
#include <QStackedLayout>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <utility>

namespace tokenscope::ui {

namespace {

constexpr std::size_t keptRequests = 200;
constexpr int modelLetters = 12; ///< of a model's name that can be read at least

/// What goes first where there is no room; what is not here always has some.
constexpr std::array optionalColumns{RequestTableModel::total, RequestTableModel::speed, RequestTableModel::tokens};

} // namespace

RequestFeed::RequestFeed(const ConsoleContext& context, QWidget* parent)
    : QWidget(parent), m_context(context),
      m_model(new RequestTableModel(context.theme, context.requests, keptRequests, this)),
      m_title(new QLabel(tr("Last requests"))), m_missed(new QToolButton), m_empty(new QLabel),
      m_table(new FeedTable(context.theme, *m_model))
{
    setObjectName(QStringLiteral("overview.requests"));
    setMinimumHeight(200);
    m_title->setObjectName(QStringLiteral("overview.requests.title"));
    m_missed->setObjectName(QStringLiteral("overview.requests.missed"));
    m_missed->setToolTip(tr("Back to the newest"));
    m_missed->setFocusPolicy(Qt::StrongFocus);
    m_missed->setSizePolicy(QSizePolicy::Preferred,
                            QSizePolicy::Ignored); // the title's height: nothing moves when it comes
    m_table->setObjectName(QStringLiteral("overview.requests.table"));
    m_table->setAccessibleName(tr("Last requests"));
    m_empty->setObjectName(QStringLiteral("overview.requests.empty"));
    m_empty->setProperty("role", QStringLiteral("secondary"));
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setMargin(context.theme.tokens().space3);

    const auto& tokens = context.theme.tokens();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(tokens.space3, tokens.space2, tokens.space3, tokens.space2);
    column->setSpacing(tokens.space1);
    auto* heading = new QHBoxLayout;
    column->addLayout(heading);
    heading->addWidget(m_title);
    heading->addStretch(1);
    heading->addWidget(m_missed);
    auto* stage = new QWidget;
    m_stack = new QStackedLayout(stage);
    m_tableRoom = new QWidget;
    auto* room = new QVBoxLayout(m_tableRoom);
    room->setContentsMargins(0, 0, 0, 0);
    room->addWidget(m_table);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_tableRoom);
    column->addWidget(stage, 1);

    m_table->viewport()->installEventFilter(this);
    m_tableRoom->installEventFilter(this);
    connect(m_table, &FeedTable::opened, this, &RequestFeed::requestChosen);
    connect(m_table, &FeedTable::missedChanged, this, &RequestFeed::showMissed);
    connect(m_missed, &QToolButton::clicked, this, [this] {
        m_table->setFocus(); // or it goes wherever the keys would go next
        m_table->scrollToTop();
    });
    connect(&context.theme, &Theme::changed, this, &RequestFeed::dress);
    dress();
    setLocal(true);
}

void RequestFeed::dress()
{
    const auto& tokens = m_context.theme.tokens();
    auto strong = tokens.body; // as the charts' titles
    strong.setWeight(QFont::DemiBold);
    m_title->setFont(strong);
    m_missed->setFont(tokens.small);
    m_empty->setFont(tokens.body);
    m_table->setFont(tokens.small);
    m_table->horizontalHeader()->setFont(tokens.small);
    const QFontMetrics metrics(tokens.small);
    m_table->verticalHeader()->setDefaultSectionSize(metrics.height() + tokens.space2);
    setStyleSheet(QStringLiteral("QTableView { background: transparent; border: none; }"
                                 "QToolButton, QToolButton:focus { padding: 0 4px; min-height: 0; border-width: 1px; }"
                                 "QHeaderView::section { padding: 5px 2px 5px 11px; }")); // in line with the cells
    m_widths.assign(RequestTableModel::columnCount_, 0);
    measure();
    fit();
    fitRows();
}

void RequestFeed::measure()
{
    const auto* header = m_table->horizontalHeader();
    const QAbstractItemView& view = *m_table; // which lets others ask
    for (int column = 0; column < RequestTableModel::columnCount_; ++column) {
        auto& width = m_widths[static_cast<std::size_t>(column)];
        width = std::max({width, header->sectionSizeHint(column), view.sizeHintForColumn(column)});
    }
}

void RequestFeed::fit()
{
    const int least = m_table->fontMetrics().averageCharWidth() * modelLetters + m_context.theme.tokens().space6;
    int spare = std::clamp(m_widths[RequestTableModel::model] - least, 0, least); // for the rest of the longer names
    const int width = m_table->viewport()->width();
    int room = width - least;
    for (int column = 0; column < RequestTableModel::columnCount_; ++column) {
        const bool optional = std::ranges::find(optionalColumns, column) != optionalColumns.end();
        if (!optional && column != RequestTableModel::model)
            room -= m_widths[static_cast<std::size_t>(column)];
    }
    for (const auto column : optionalColumns) {
        if (column != optionalColumns.front())
            room -= std::exchange(spare, 0); // names are worth more than these
        room -= m_widths[column];            // once there is too little, nothing comes after
        m_table->setColumnHidden(column, room < 0);
    }
    // Names have all that the others leave; told to the header rather than left to it, which goes by its own width of before.
    int names = width;
    for (int column = 0; column < RequestTableModel::columnCount_; ++column) {
        if (column == RequestTableModel::model || m_table->isColumnHidden(column))
            continue;
        m_table->setColumnWidth(column, m_widths[static_cast<std::size_t>(column)]);
        names -= m_widths[static_cast<std::size_t>(column)];
    }
    m_table->setColumnWidth(RequestTableModel::model, std::max(names, least));
}

void RequestFeed::fitRows()
{
    const int room = m_tableRoom->height() - m_table->horizontalHeader()->sizeHint().height();
    const int row = m_table->verticalHeader()->defaultSectionSize();
    m_tableRoom->layout()->setContentsMargins(0, 0, 0, room > row ? room % row : 0);
}

bool RequestFeed::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_table->viewport() && event->type() == QEvent::Resize)
        fit();
    if (watched == m_tableRoom && event->type() == QEvent::Resize)
        fitRows();
    return QWidget::eventFilter(watched, event);
}

void RequestFeed::paintEvent(QPaintEvent*)
{
    paintPanel(*this, m_context.theme.tokens());
}

QString RequestFeed::emptyText() const
{
    const auto& gateway = m_context.gateway;
    if (!m_local)
        return tr("Single requests are known of this process only: choose Local gateway above to follow them");
    if (m_fixed)
        return tr("None of the requests that are kept was in the gateway in this range");
    return gateway.running()
               ? tr("No requests yet: send one from the Playground, or point a client at %1").arg(gateway.apiUrl())
               : gateway.error;
}

void RequestFeed::setLocal(bool local)
{
    m_local = local;
    m_empty->setText(emptyText());
    poll();
}

void RequestFeed::setRange(const TimeRange& range)
{
    const auto& fixed = range.fixed();
    m_fixed = fixed.has_value();
    m_title->setText(fixed            ? tr("Requests of this range")
                     : range.paused() ? tr("Last requests (paused)")
                                      : tr("Last requests"));
    m_empty->setText(emptyText());
    m_model->setWindow(fixed ? RequestWindow{fixed->from, fixed->to} : RequestWindow{});
    poll();
}

void RequestFeed::poll()
{
    m_table->keepPlace([this] { m_model->poll(); });
    m_stack->setCurrentIndex(m_local && m_model->rowCount() > 0 ? 1 : 0);
    showMissed();
    measure();
    fit();
}

void RequestFeed::showMissed()
{
    const int missed = m_table->missed();
    // Where all that are kept are new, there may be more that are not.
    const bool more = missed > 0 && missed == m_model->rowCount();
    const QString count = QString::number(missed) + (more ? QStringLiteral("+") : QString());
    m_missed->setText(tr("%1 new ↑").arg(count));
    m_missed->setAccessibleName(tr("%1 new requests above, back to the newest").arg(count));
    m_missed->setVisible(missed > 0 && m_stack->currentWidget() == m_tableRoom);
}

} // namespace tokenscope::ui
