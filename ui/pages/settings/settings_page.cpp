// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/settings/settings_page.h"

#include "pages/common/notice_bar.h"
#include "pages/common/outcome_box.h"
#include "pages/settings/change_bar.h"
#include "pages/settings/setting_services.h"
#include "pages/settings/settings_form.h"
#include "pages/settings/yaml_view.h"
#include "theme/theme.h"
#include "widgets/elided_label.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSettings>
#include <QShortcut>
#include <QStackedWidget>
#include <QTabBar>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace tokenscope::ui {

namespace {

constexpr std::chrono::milliseconds typingPause{400};
constexpr std::chrono::milliseconds draftPause{1000};
constexpr int searchWidth = 240;
enum Tab { formTab, yamlTab };

/// As wide as the form's sections and content are, at the left. The form itself goes on to the page's edge, where its scroll bar is.
QLayout* asWideAsForm(QWidget* widget)
{
    widget->setMaximumWidth(SettingsForm::mostWidth);
    auto* row = new QHBoxLayout;
    row->addWidget(widget, 1);
    row->addStretch(0);
    return row;
}

} // namespace

SettingsPage::SettingsPage(const ConsoleContext& context, QWidget* parent)
    : Page(parent), m_context(context), m_drafts(context.settings)
{
    setObjectName(QStringLiteral("page.settings"));
    auto* column = new QVBoxLayout(this);
    const auto& tokens = context.theme.tokens();
    column->setContentsMargins(tokens.space4, tokens.space3, tokens.space4, tokens.space3);
    m_checkPause.setSingleShot(true);
    m_checkPause.setInterval(typingPause);
    m_draftPause.setSingleShot(true);
    m_draftPause.setInterval(draftPause);
    connect(&m_checkPause, &QTimer::timeout, this, &SettingsPage::check);
    connect(&m_draftPause, &QTimer::timeout, this, [this] { keepDraft(); });
    connect(&m_session, &EditSession::changed, this, &SettingsPage::sessionChanged);
    connect(&context.theme, &Theme::changed, this, &SettingsPage::dress);
}

SettingsPage::~SettingsPage()
{
    // What is shown while it is destroyed loses the focus, when this is no page any more.
    disconnect(qApp, nullptr, this, nullptr);
    if (m_form)
        m_context.configuration->watch(nullptr);
    // What was typed within the last second counts, too.
    if (m_draftPause.isActive())
        keepDraft();
}

void SettingsPage::showEvent(QShowEvent* event)
{
    // Some hundred controls, and a file to read: not before somebody wants to see them.
    if (!m_opened)
        open();
    else
        refresh();
    Page::showEvent(event);
}

void SettingsPage::open()
{
    m_opened = true;
    if (!m_context.configuration) {
        m_nothing = new QLabel(tr("This process has no configuration file."));
        m_nothing->setObjectName(QStringLiteral("settings.none"));
        m_nothing->setAlignment(Qt::AlignCenter);
        m_nothing->setWordWrap(true);
        layout()->addWidget(m_nothing);
        return dress();
    }
    build();
    m_context.configuration->watch([this] { refresh(); });
    if (load())
        offerDraft();
}

void SettingsPage::build()
{
    const SettingServices services{m_context.theme, *m_context.configuration, m_session};
    m_notice = new NoticeBar(m_context.theme, QStringLiteral("settings.notice"));
    m_outcome = new OutcomeBox(m_context.theme, QStringLiteral("settings.error"));
    m_stack = new QStackedWidget;
    m_form = new SettingsForm(m_context, services);
    m_yaml = new YamlView(m_context.theme, m_session);
    m_bar = new ChangeBar(m_context.theme);
    m_form->setUsage(m_usage);
    m_stack->addWidget(m_form);
    m_stack->addWidget(m_yaml);
    m_yaml->setMaximumWidth(SettingsForm::mostWidth);
    m_side = new QSpacerItem(0, 0);
    auto* column = new QVBoxLayout;
    column->setSpacing(m_context.theme.tokens().space2);
    auto* row = new QHBoxLayout;
    row->setSpacing(0);
    row->addItem(m_side);
    row->addLayout(column, 1);
    qobject_cast<QVBoxLayout*>(layout())->addLayout(row);
    for (auto* widget : std::initializer_list<QWidget*>{makeHeader(), m_notice, m_outcome})
        column->addLayout(asWideAsForm(widget));
    column->addWidget(m_stack, 1);
    column->addLayout(asWideAsForm(m_bar));
    connect(m_bar, &ChangeBar::saveRequested, this, &SettingsPage::save);
    connect(m_bar, &ChangeBar::discardRequested, this, &SettingsPage::discard);
    connect(m_bar, &ChangeBar::changesRequested, this, &SettingsPage::showChanges);
    connect(m_bar, &ChangeBar::problemRequested, this, &SettingsPage::goToProblem);
    connect(m_form, &SettingsForm::providerChosen, this, [this] {
        if (!m_loading)
            showProblems();
    });
    connect(m_form, &SettingsForm::sectionPicked, this, [this] { m_search->clear(); });
    connect(qApp, &QApplication::focusChanged, this, [this](QWidget*, QWidget* now) { followFocus(now); });
    addShortcuts();
    if (!m_wantedSection.isEmpty())
        m_form->showSection(m_wantedSection);
    dress();
    centre();
}

void SettingsPage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    centre();
}

void SettingsPage::centre()
{
    const int side = std::max(0, (width() - 2 * m_context.theme.tokens().space4 - SettingsForm::mostWidth) / 2);
    if (!m_side || m_side->sizeHint().width() == side)
        return;
    m_side->changeSize(side, 0, QSizePolicy::Maximum); // gives way: the window can be made narrower at once
    layout()->invalidate();
    layout()->activate(); // not a frame later
}

QWidget* SettingsPage::makeHeader()
{
    auto* header = new QWidget;
    m_tabs = new QTabBar;
    m_tabs->setObjectName(QStringLiteral("settings.tabs"));
    m_tabs->setAccessibleName(tr("Form or text"));
    m_tabs->addTab(tr("Settings"));
    m_tabs->addTab(QStringLiteral("config.yaml"));
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_file = new ElidedLabel;
    m_file->setObjectName(QStringLiteral("settings.file"));
    m_file->setProperty("role", QStringLiteral("secondary"));
    m_file->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_search = new QLineEdit;
    m_search->setObjectName(QStringLiteral("settings.search"));
    m_search->setAccessibleName(tr("Search the settings"));
    m_search->setPlaceholderText(tr("Search (Ctrl+F)"));
    m_search->setClearButtonEnabled(true);
    if (auto* clear = m_search->findChild<QToolButton*>())
        clear->setAccessibleName(tr("Clear"));
    m_search->setFixedWidth(searchWidth);
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(m_context.theme.tokens().space3);
    row->addWidget(m_tabs);
    row->addWidget(m_file, 1);
    row->addWidget(m_search);
    connect(m_tabs, &QTabBar::currentChanged, this, &SettingsPage::showTab);
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_tabs->setCurrentIndex(formTab);
        m_form->setFilter(text);
    });
    return header;
}

void SettingsPage::addShortcuts()
{
    const auto add = [this](const QKeySequence& keys, auto action) {
        auto* shortcut = new QShortcut(keys, this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, action);
    };
    add(QKeySequence::Save, [this] {
        if (m_bar->canSave())
            save();
    });
    add(QKeySequence::Find, [this] {
        m_search->setFocus();
        m_search->selectAll();
    });
    auto* escape = new QShortcut(QKeySequence(Qt::Key_Escape), m_search);
    escape->setContext(Qt::WidgetShortcut);
    connect(escape, &QShortcut::activated, m_search, &QLineEdit::clear);
}

bool SettingsPage::load()
{
    const auto contents = m_context.configuration->read();
    if (!contents) {
        m_outcome->show(OutcomeBox::Outcome::bad, QString::fromStdString(contents.error().message),
                        QString::fromStdString(contents.error().detail));
        m_stack->setEnabled(false);
        return false;
    }
    m_stack->setEnabled(!contents->file.empty());
    m_noPlace = contents->file.empty()
                    ? tr("There is no place for a configuration file: neither HOME nor XDG_CONFIG_HOME is set.")
                    : QString();
    m_outcome->clear();
    m_file->setText(contents->exists || contents->file.empty()
                        ? QString::fromStdString(contents->file)
                        : tr("%1 (made when it is saved)").arg(QString::fromStdString(contents->file)));
    m_form->setOverridden(contents->overridden);
    m_loading = true;
    m_session.load(contents->text);
    m_loading = false;
    if (m_session.readable()) {
        m_problems.clear();
        showProblems();
    }
    return true;
}

void SettingsPage::refresh()
{
    // What is being saved is read when that is done.
    if (!m_form || m_saving.waiting())
        return;
    const auto contents = m_context.configuration->read();
    const bool same = contents && contents->text == m_session.original();
    if (same && m_stack->isEnabled())
        return;
    if (contents && m_session.dirty())
        return askWhose(false);
    if (!m_session.dirty() && load() && !offerDraft() && !same)
        m_notice->mention(tr("config.yaml was changed by another program: this is what it says now."));
}

void SettingsPage::followFocus(QWidget* now)
{
    if (now && m_stack->isAncestorOf(now))
        m_edited = now;
}

void SettingsPage::returnFocus()
{
    if (m_edited && m_edited->isVisible() && m_edited->isEnabled())
        m_edited->setFocus();
    else
        m_tabs->setFocus();
}

void SettingsPage::setUsage(Usage usage)
{
    m_usage = std::move(usage);
    if (m_form)
        m_form->setUsage(m_usage);
}

void SettingsPage::showSection(const QString& id)
{
    m_wantedSection = id;
    if (!m_form)
        return;
    m_search->clear();
    m_tabs->setCurrentIndex(formTab);
    m_form->showSection(id);
}

void SettingsPage::sessionChanged()
{
    Q_EMIT unsavedChanged(unsaved());
    if (!m_form)
        return;
    m_form->refresh();
    m_yaml->refresh();
    if (!m_loading) {
        m_draftPause.start();
        m_notice->letGo(); // to undo what was before would undo this, too
    }
    m_checking.cancel();
    if (!m_session.readable()) {
        m_checkPause.stop();
        const QString line = QStringLiteral("config.yaml:") + QString::fromStdString(m_session.problem());
        m_problems = readProblems(line.toStdString());
        return showProblems();
    }
    // What was said before holds until something else is: it would flicker with each key stroke otherwise.
    m_checkPause.start();
    showBar();
}

void SettingsPage::goToProblem()
{
    m_search->clear();
    const auto first =
        std::find_if(m_problems.begin(), m_problems.end(), [](const ProblemLine& problem) { return !problem.warning; });
    m_tabs->setCurrentIndex(formTab);
    if (m_session.readable() && m_form->problemCount() > 0)
        return m_form->showFirstProblem();
    if (m_session.readable() && first != m_problems.end() && m_form->showProblem(*first))
        return;
    m_tabs->setCurrentIndex(yamlTab);
    m_yaml->focusProblem();
}

void SettingsPage::check()
{
    auto answer = m_checking.begin<std::vector<std::string>>([this](const auto& said) { receiveCheck(said); });
    m_context.configuration->check(m_session.text(), m_checking.token(), std::move(answer));
}

void SettingsPage::receiveCheck(const Result<std::vector<std::string>>& warnings)
{
    m_problems = warnings ? readWarnings(*warnings) : readProblems(warnings.error().message);
    showProblems();
}

void SettingsPage::showProblems()
{
    auto others = m_form->setProblems(m_problems);
    m_yaml->setProblems(m_problems);
    std::erase_if(others, [](const ProblemLine& problem) { return problem.warning; });
    if (m_stack->currentIndex() == yamlTab)
        others.clear(); // they stand below the text
    QStringList lines;
    if (!m_noPlace.isEmpty())
        lines << m_noPlace;
    for (const auto& problem : others)
        lines << (problem.line > 0 ? tr("Line %1: %2").arg(QString::number(problem.line), problem.text) : problem.text);
    if (lines.isEmpty())
        m_outcome->clear();
    else
        m_outcome->show(OutcomeBox::Outcome::bad,
                        m_session.readable() ? lines.first() : tr("config.yaml is no YAML: %1").arg(lines.first()),
                        lines.size() > 1 ? lines.join(QLatin1Char('\n')) : QString());
    showBar();
}

void SettingsPage::showBar()
{
    const auto errors = static_cast<int>(std::count_if(m_problems.begin(), m_problems.end(),
                                                       [](const ProblemLine& problem) { return !problem.warning; }));
    const int problems = std::max(errors, m_form->problemCount());
    // Just mended, it can be saved at once: that checks it, too.
    const bool checked = !m_checkPause.isActive() && !m_checking.waiting();
    const bool focused = m_bar->isAncestorOf(QApplication::focusWidget());
    m_bar->show({.changes = static_cast<int>(m_session.changes().size()),
                 .problems = problems,
                 .readable = m_session.readable(),
                 .saving = m_saving.waiting(),
                 .blocked = checked ? problems > 0 : m_form->hasMistake()});
    if (focused && !m_bar->isAncestorOf(QApplication::focusWidget()))
        returnFocus();
}

void SettingsPage::showTab(int tab)
{
    m_stack->setCurrentIndex(tab);
    if (tab == yamlTab)
        m_yaml->refresh();
    if (std::any_of(m_problems.begin(), m_problems.end(), [](const ProblemLine& at) { return !at.warning; }))
        showProblems();
}

void SettingsPage::dress()
{
    const auto& tokens = m_context.theme.tokens();
    if (m_nothing) {
        m_nothing->setFont(tokens.body);
        m_nothing->setStyleSheet(QStringLiteral("color: %1").arg(tokens.secondary.name()));
    }
    if (m_file)
        m_file->setFont(tokens.small);
}

} // namespace tokenscope::ui
