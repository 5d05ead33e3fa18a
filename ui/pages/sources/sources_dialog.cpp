// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/sources/sources_dialog.h"

#include "bridge/source_list.h"
#include "pages/common/notice_bar.h"
#include "pages/common/outcome_box.h"
#include "pages/sources/connection_form.h"
#include "pages/sources/connection_test.h"
#include "theme/theme.h"
#include "widgets/breaking_label.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QScrollArea>
#include <QShortcut>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace tokenscope::ui {

namespace {

constexpr QSize usual{860, 580};
constexpr int listWidth = 220;
constexpr int widestTip = 480;
constexpr int idRole = Qt::UserRole;

QString newId(int number)
{
    return QStringLiteral("new:") + QString::number(number);
}

bool neverSaved(const QString& id)
{
    return id.startsWith(QLatin1StringView("new:"));
}

} // namespace

SourcesDialog::SourcesDialog(const Theme& theme, SourceList& sources, QWidget* parent)
    : QDialog(parent), m_theme(theme), m_sources(sources), m_list(new QListWidget), m_stack(new QStackedWidget),
      m_form(new ConnectionForm(theme)), m_test(new ConnectionTest(theme, sources)),
      m_notice(new NoticeBar(theme, QStringLiteral("sources.notice"))),
      m_failure(new OutcomeBox(theme, QStringLiteral("sources.failure"))), m_reason(new BreakingLabel)
{
    setObjectName(QStringLiteral("sourcesDialog"));
    setWindowTitle(tr("Sources"));
    setAttribute(Qt::WA_DeleteOnClose);
    resize(usual);
    const auto& tokens = theme.tokens();
    auto* both = new QHBoxLayout;
    both->setSpacing(tokens.space6);
    both->addWidget(makeList());
    m_stack->addWidget(new QWidget);
    m_stack->addWidget(makeEditor());
    auto* hint =
        new QLabel(tr("A source is a Prometheus, or a page of metrics that an inference server, an exporter or another "
                      "gateway offers. Add one to see its dashboards."));
    hint->setWordWrap(true);
    hint->setAlignment(Qt::AlignCenter);
    hint->setProperty("role", QStringLiteral("secondary"));
    auto* middle = new QVBoxLayout(m_stack->widget(0));
    middle->addWidget(hint);
    both->addWidget(m_stack, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(tokens.space4, tokens.space4, tokens.space4, tokens.space4);
    column->setSpacing(tokens.space3);
    column->addLayout(both, 1);
    column->addWidget(m_failure);
    column->addWidget(m_notice);
    if (!sources.problem().isEmpty())
        m_failure->show(OutcomeBox::Outcome::bad, sources.problem());

    connect(m_list, &QListWidget::currentItemChanged, this, &SourcesDialog::choose);
    connect(m_form, &ConnectionForm::edited, this, &SourcesDialog::edited);
    const auto current = sources.current();
    fillList(current.local() && !sources.connections().empty()
                 ? QString::fromStdString(sources.connections().front().id)
                 : current.id);
    if (sources.connections().empty())
        findChild<QPushButton*>(QStringLiteral("sources.add"))->setFocus(); // the one thing that can be done
    else
        m_list->setFocus();
}

QPushButton* SourcesDialog::makeButton(const char* name, const QString& text)
{
    auto* button = new QPushButton(text);
    button->setObjectName(QLatin1StringView(name));
    button->setAutoDefault(false);
    return button;
}

QWidget* SourcesDialog::makeList()
{
    const auto& tokens = m_theme.tokens();
    auto* side = new QWidget;
    side->setFixedWidth(listWidth);
    m_list->setObjectName(QStringLiteral("sources.list"));
    m_list->setAccessibleName(tr("Sources"));
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setTextElideMode(Qt::ElideMiddle);
    auto* add = makeButton("sources.add", tr("Add"));
    add->setToolTip(tr("Add a source (Ctrl+N)"));
    m_duplicate = makeButton("sources.duplicate", tr("Duplicate"));
    m_remove = makeButton("sources.remove", tr("Remove"));
    m_remove->setToolTip(tr("Remove the source (Del)"));
    connect(add, &QPushButton::clicked, this, [this] { addDraft({}); });
    connect(m_duplicate, &QPushButton::clicked, this, &SourcesDialog::duplicate);
    connect(m_remove, &QPushButton::clicked, this, &SourcesDialog::askRemove);
    auto* another = new QShortcut(QKeySequence(QStringLiteral("Ctrl+N")), this);
    connect(another, &QShortcut::activated, this, [this] { addDraft({}); });
    auto* away = new QShortcut(QKeySequence(Qt::Key_Delete), m_list);
    away->setContext(Qt::WidgetShortcut);
    connect(away, &QShortcut::activated, this, &SourcesDialog::askRemove);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(tokens.space1);
    for (auto* button : {add, m_duplicate, m_remove}) {
        button->setStyleSheet(QStringLiteral("padding: 0 7px;"));
        buttons->addWidget(button, 1);
    }
    auto* column = new QVBoxLayout(side);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(tokens.space2);
    column->addWidget(m_list, 1);
    column->addLayout(buttons);
    return side;
}

QWidget* SourcesDialog::makeEditor()
{
    const auto& tokens = m_theme.tokens();
    auto* editor = new QWidget;
    auto* scroll = new QScrollArea;
    scroll->setWidget(m_form);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    m_run = makeButton("source.test", tr("Test"));
    m_run->setToolTip(tr("Ask it now, as it stands here"));
    m_revert = makeButton("source.revert", tr("Discard changes"));
    m_save = makeButton("source.save", tr("Save"));
    m_save->setProperty("primary", true);
    m_save->setShortcut(QKeySequence::Save);
    m_reason->setObjectName(QStringLiteral("source.reason"));
    m_reason->setProperty("role", QStringLiteral("secondary"));
    m_reason->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    connect(m_run, &QPushButton::clicked, this, [this] { m_test->run(m_form->connection()); });
    connect(m_test, &ConnectionTest::runningChanged, this, &SourcesDialog::judge);
    connect(m_revert, &QPushButton::clicked, this, &SourcesDialog::revert);
    connect(m_save, &QPushButton::clicked, this, &SourcesDialog::save);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(tokens.space2);
    buttons->addWidget(m_run);
    buttons->addWidget(m_reason, 1);
    buttons->addWidget(m_revert);
    buttons->addWidget(m_save);
    auto* column = new QVBoxLayout(editor);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(tokens.space3);
    column->addWidget(scroll, 1);
    column->addWidget(m_test);
    column->addLayout(buttons);
    return editor;
}

QString SourcesDialog::currentId() const
{
    const auto* item = m_list->currentItem();
    return item ? item->data(idRole).toString() : QString();
}

std::optional<sources::Connection> SourcesDialog::saved(const QString& id) const
{
    const auto& all = m_sources.connections();
    const auto found = std::find_if(all.begin(), all.end(), [text = id.toStdString()](const Connection& connection) {
        return connection.id == text;
    });
    return found == all.end() ? std::nullopt : std::optional(*found);
}

void SourcesDialog::fillList(const QString& current)
{
    {
        const QSignalBlocker quiet(m_list);
        m_list->clear();
        const auto add = [this](const QString& id, const Connection& connection) {
            const auto draft = m_drafts.find(id);
            const auto& name = draft == m_drafts.end() ? connection.name : draft->second.name;
            auto text = name.empty() ? tr("New source") : QString::fromStdString(name);
            if (draft != m_drafts.end())
                text += QStringLiteral(" •");
            auto* item = new QListWidgetItem(text, m_list);
            item->setData(idRole, id);
            // The list is filled before it knows its style, which would make the rows higher.
            item->setSizeHint({0, m_theme.tokens().controlHeight});
            const auto url =
                m_list->fontMetrics().elidedText(QString::fromStdString(connection.url), Qt::ElideMiddle, widestTip);
            item->setToolTip(draft != m_drafts.end() ? tr("Not saved yet") : url);
        };
        for (const auto& connection : m_sources.connections())
            add(QString::fromStdString(connection.id), connection);
        for (const auto& [id, draft] : m_drafts) {
            if (neverSaved(id))
                add(id, draft);
        }
        for (int row = 0; row < m_list->count(); ++row) {
            if (m_list->item(row)->data(idRole).toString() == current)
                m_list->setCurrentRow(row);
        }
        if (!m_list->currentItem() && m_list->count() > 0)
            m_list->setCurrentRow(0);
    }
    choose();
}

void SourcesDialog::choose()
{
    const auto id = currentId();
    const bool any = !id.isEmpty();
    m_stack->setCurrentIndex(any ? 1 : 0);
    m_duplicate->setEnabled(any);
    m_remove->setEnabled(any);
    if (id == m_shown) {
        judge();
        return;
    }
    m_shown = id;
    m_test->stop();
    const auto draft = m_drafts.find(id);
    if (draft != m_drafts.end())
        m_form->setConnection(draft->second);
    else
        m_form->setConnection(saved(id).value_or(Connection()));
    m_touched = draft != m_drafts.end() && !neverSaved(id);
    judge();
}

void SourcesDialog::addDraft(Connection connection)
{
    const auto id = newId(++m_made);
    connection.id.clear();
    m_drafts[id] = std::move(connection);
    fillList(id);
    m_form->focusName();
}

void SourcesDialog::duplicate()
{
    auto copy = m_form->connection();
    copy.name = tr("%1 (copy)").arg(QString::fromStdString(copy.name)).toStdString();
    addDraft(std::move(copy));
}

void SourcesDialog::edited()
{
    m_touched = true;
    auto connection = m_form->connection();
    m_test->keepOnlyFor(connection);
    if (connection == saved(m_shown))
        m_drafts.erase(m_shown);
    else
        m_drafts[m_shown] = std::move(connection);
    fillList(m_shown);
}

void SourcesDialog::judge()
{
    if (m_shown.isEmpty())
        return;
    const auto error = m_sources.check(m_form->connection());
    const bool changes = m_drafts.contains(m_shown);
    const auto sentence = error ? QString::fromStdString(error->message) : QString();
    m_form->setProblem(m_touched && error ? QString::fromStdString(error->param) : QString(), sentence);
    m_save->setEnabled(!error && changes);
    m_reason->setWords(error ? sentence : changes ? QString() : tr("All saved"));
    m_save->setAccessibleDescription(m_reason->words());
    m_run->setEnabled(!error && !m_test->running());
    m_revert->setVisible(changes && !neverSaved(m_shown));
}

void SourcesDialog::revert()
{
    m_drafts.erase(m_shown);
    fillList(std::exchange(m_shown, QString()));
}

bool SourcesDialog::save()
{
    const auto result = m_sources.save(m_form->connection());
    if (!result) {
        m_failure->show(OutcomeBox::Outcome::bad, QString::fromStdString(result.error().message),
                        QString::fromStdString(result.error().detail));
        return false;
    }
    m_failure->clear();
    m_drafts.erase(m_shown);
    m_shown.clear();
    fillList(*result);
    return true;
}

void SourcesDialog::askRemove()
{
    if (currentId().isEmpty())
        return;
    const auto name = QString::fromStdString(m_form->connection().name);
    m_notice->ask(name.isEmpty() ? tr("Remove this source?") : tr("Remove “%1”?").arg(name),
                  {{tr("Remove"), [this] { remove(); }}, {tr("Keep"), nullptr}});
}

void SourcesDialog::remove()
{
    const auto id = m_shown;
    const auto connection = saved(id);
    m_drafts.erase(id);
    if (connection) {
        const auto& all = m_sources.connections();
        const auto place = static_cast<std::size_t>(std::find(all.begin(), all.end(), *connection) - all.begin());
        const bool shown = m_sources.current().id == id;
        if (const auto removed = m_sources.remove(id); !removed) {
            m_failure->show(OutcomeBox::Outcome::bad, QString::fromStdString(removed.error().message),
                            QString::fromStdString(removed.error().detail));
            return;
        }
        m_notice->tell(tr("Removed “%1”.").arg(QString::fromStdString(connection->name)),
                       {{tr("Undo"), [this, connection, place, shown, id] {
                             if (const auto back = m_sources.save(*connection, place); !back)
                                 m_failure->show(OutcomeBox::Outcome::bad, QString::fromStdString(back.error().message),
                                                 QString::fromStdString(back.error().detail));
                             if (shown)
                                 m_sources.setCurrent(id);
                             fillList(id);
                         }}});
    }
    m_shown.clear();
    fillList({});
    m_list->setFocus();
}

/// No button is the one that Return presses wherever it is pressed: it would save, or add, what somebody only typed a name for. The
/// one that has the focus is.
void SourcesDialog::keyPressEvent(QKeyEvent* event)
{
    auto* button = qobject_cast<QPushButton*>(focusWidget());
    if (button && (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter))
        return button->click();
    QDialog::keyPressEvent(event);
}

void SourcesDialog::reject()
{
    // What was only begun and never typed into is no loss.
    std::erase_if(m_drafts, [](const auto& draft) { return draft.second == Connection(); });
    if (m_drafts.empty()) {
        QDialog::reject();
        return;
    }
    m_notice->ask(tr("There are changes that are not saved."),
                  {{tr("Go on editing"), nullptr}, {tr("Discard and close"), [this] { QDialog::reject(); }}});
}

} // namespace tokenscope::ui
