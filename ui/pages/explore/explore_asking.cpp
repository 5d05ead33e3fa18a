// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/explore/explore_page.h"

#include "bridge/console_context.h"
#include "bridge/time_range.h"
#include "pages/common/outcome_box.h"
#include "pages/common/past_words.h"
#include "pages/common/error_place.h"
#include "pages/explore/explore_steps.h"
#include "pages/explore/question_title.h"
#include "pages/common/promql_editor.h"
#include "pages/common/query_builder.h"
#include "pages/common/query_history.h"
#include "pages/explore/result_view.h"
#include "theme/theme.h"

#include <QComboBox>
#include <QKeyEvent>
#include <QPushButton>
#include <QStackedWidget>
#include <QStyle>

#include <algorithm>
#include <utility>

/// How the page asks and what it does with the answers.
namespace tokenscope::ui {

namespace {

constexpr std::chrono::milliseconds fastest{2'000};  ///< at which an answer is renewed
constexpr qsizetype saidFirst = 160, saidLast = 320; ///< of a server's words

/// A server names series in the middle, and says last what is wrong with them.
QString bothEnds(const QString& said)
{
    return said.size() <= saidFirst + saidLast
               ? said
               : QString(said.left(saidFirst) + QStringLiteral(" … ") + said.right(saidLast));
}

/// Where the text has several lines, the one that is marked may be out of sight.
QString sentenceAt(const ErrorPlace& place, const QString& text)
{
    if (!text.contains(QLatin1Char('\n')))
        return place.sentence;
    const auto before = QStringView(text).left(place.from);
    return ExplorePage::tr("Line %1, column %2: %3")
        .arg(before.count(QLatin1Char('\n')) + 1)
        .arg(before.size() - before.lastIndexOf(QLatin1Char('\n')))
        .arg(place.sentence);
}

} // namespace

Result<Question> ExplorePage::question() const
{
    if (m_mode == Mode::builder) {
        auto query = queryOf(m_builder->draft());
        if (!query)
            return failure(query.error());
        return Question(std::move(*query));
    }
    const auto text = m_editor->toPlainText().trimmed();
    if (text.isEmpty())
        return failure(ErrorCode::invalid_request, tr("Write a query first, e.g. up.").toStdString());
    return Question(m_editor->toPlainText().toStdString());
}

sources::Range ExplorePage::range(const Question& question, MetricFeed::Pace pace) const
{
    return rangeFor(m_feed.range(), m_step->currentText(), m_result->chartWidth(), m_feed.leastStep({question}, pace));
}

void ExplorePage::run()
{
    m_editor->setErrorPlace(std::nullopt);
    m_outcome->clear();
    auto asked = question();
    const auto step = checkStep(m_feed.range(), m_step->currentText());
    if (!asked || step) {
        m_query->cancel();
        m_awaited = false;
        const auto error = asked ? *step : asked.error();
        showFailure(error);
        if (!asked && m_mode == Mode::builder)
            m_builder->focusField(error.param);
        return;
    }
    m_asked = std::move(*asked);
    m_askedText = m_mode == Mode::promql ? m_editor->toPlainText() : QString();
    const auto* query = std::get_if<query::Query>(&*m_asked);
    if (!canPromql())
        m_history->add(savedDraft(m_builder->draft()));
    else
        m_history->add(query ? promqlOf(*query, std::chrono::milliseconds(range(*query).step)) : m_askedText);
    m_past.reset();
    m_awaited = true;
    saveDraft();
    m_result->setLoading();
    ask();
}

void ExplorePage::ask()
{
    const auto asked = range(*m_asked, MetricFeed::Pace::find_out);
    // The table is of the end of what is shown, which the last step may lie before.
    m_query->start(m_feed.source(), *m_asked, asked, m_feed.range().end());
    m_follow.start(std::max({fastest, m_feed.source().pace, std::chrono::milliseconds(asked.step)}));
    showRunning();
}

void ExplorePage::refresh()
{
    showPromql();
    m_past.reset();
    if (!m_asked)
        return;
    // What is on its way is of another time; the person who asked for it still waits.
    if (!isVisible())
        m_query->cancel(); // once it is shown it asks
    else if (!checkStep(m_feed.range(), m_step->currentText()))
        ask();
}

void ExplorePage::runQuietly()
{
    if (m_asked && !m_query->running() && isVisible() && !window()->isMinimized() && m_feed.range().live())
        ask();
}

void ExplorePage::stop()
{
    if (!awaited()) // nobody sees that it is only renewed
        return;
    m_query->cancel();
    m_follow.stop();
    m_awaited = false;
    m_asked.reset();
    m_result->showError(tr("Cancelled."));
    showRunning();
}

void ExplorePage::finish()
{
    const auto& answer = m_query->answer();
    const bool awaited = std::exchange(m_awaited, false);
    showRunning();
    // A string and a series of samples are something at an instant, but nothing over steps.
    const bool onlyValues = !answer.lines && answer.lines.error().code == ErrorCode::invalid_request && answer.values;
    if (!answer.lines && !onlyValues) {
        showFailure(answer.lines.error());
        if (awaited) // once the sentence has taken its room
            QMetaObject::invokeMethod(m_editor, &PromqlEditor::revealErrorPlace, Qt::QueuedConnection);
        return;
    }
    m_outcome->clear();
    const auto* query = std::get_if<query::Query>(&*m_asked);
    m_result->setQuestion(questionTitle(*m_asked));
    m_result->showAnswer(answer, query && query->function == query::Function::heatmap,
                         query ? unitOf(*query) : Unit::none);
    if (!onlyValues)
        lookBack();
}

/// Once for a question and a time range, for as long as nothing matches.
void ExplorePage::lookBack()
{
    const auto& answer = m_query->answer();
    if (*answer.lines && !sources::is_empty(**answer.lines)) {
        m_past.reset();
        return;
    }
    // What answers NaN has something: only when it had a number last is worth a word.
    const bool matched = *answer.lines && !(*answer.lines)->columns.empty();
    const auto show = [this, matched] {
        const auto& past = m_past->past();
        const bool told = !matched || (past && past->known == Past::Known::seen);
        m_result->setPast(told ? pastWords(past, m_feed.range().now()) : QString());
    };
    if (m_past)
        show();
    else
        m_past = std::make_unique<PastLook>(m_feed.source(), *m_asked, answer.range.from, show);
}

void ExplorePage::showFailure(const Error& error)
{
    const auto detail = QString::fromStdString(error.detail);
    const auto message = QString::fromStdString(error.message);
    const bool mine = error.code == ErrorCode::invalid_request;
    if (mine && m_asked)
        m_follow.stop(); // it would only be refused again
    // The place is one in the text that was asked, not in what was typed since.
    const auto place = m_askedText.isEmpty() || m_askedText != m_editor->toPlainText()
                           ? std::nullopt
                           : errorPlaceIn(detail.isEmpty() ? message : detail, m_askedText);
    if (place) {
        m_editor->setErrorPlace(place);
        m_outcome->show(OutcomeBox::Outcome::bad, sentenceAt(*place, m_askedText),
                        message + QLatin1Char('\n') + detail);
    } else if (mine && !detail.isEmpty()) {
        // The message has but the beginning of what the server says.
        m_outcome->show(OutcomeBox::Outcome::bad, bothEnds(detail), message + QLatin1Char('\n') + detail);
    } else {
        m_outcome->show(OutcomeBox::Outcome::bad, message, detail);
    }
    m_result->showError(mine ? tr("The query cannot be answered: see above.") : message);
}

bool ExplorePage::awaited() const
{
    return m_awaited && m_query->running();
}

void ExplorePage::showRunning()
{
    const bool running = awaited();
    m_run->setText(running ? tr("Cancel") : tr("Run"));
    m_run->setToolTip(running ? tr("Stop waiting for the answer (Esc)") : tr("Ask the source (Ctrl+Enter)"));
    m_run->setProperty("primary", !running);
    m_run->style()->unpolish(m_run); // the property chooses the dress
    m_run->style()->polish(m_run);
    m_run->setMinimumWidth(84);
}

void ExplorePage::keyPressEvent(QKeyEvent* event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter)
        run();
    else if (event->key() == Qt::Key_Escape && awaited())
        stop();
    else
        Page::keyPressEvent(event);
}

void ExplorePage::hideEvent(QHideEvent* event)
{
    saveDraft();
    Page::hideEvent(event);
}

void ExplorePage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    if (m_asked && !m_query->running())
        ask();
}

void ExplorePage::dress()
{
    showPromql();
    showRunning();
}

void ExplorePage::prepareForScreenshot()
{
    if (canPromql()) {
        showExpression(QStringLiteral("up"));
        return;
    }
    m_builder->setDraft({.metric = QStringLiteral("aigateway_total_latency_seconds"),
                         .function = BuilderFunction::quantile,
                         .by = QStringLiteral("model")});
    showPromql();
    run();
}

bool ExplorePage::readyForScreenshot() const
{
    return !m_query->running();
}

} // namespace tokenscope::ui
