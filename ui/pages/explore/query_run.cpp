// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/explore/query_run.h"

namespace tokenscope::ui {

QueryRun::QueryRun(QObject* parent) : QObject(parent)
{
    m_patience.setSingleShot(true);
    connect(&m_patience, &QTimer::timeout, this, [this] {
        cancel();
        const auto seconds = m_patience.interval() / 1000;
        const auto late = failure(
            ErrorCode::upstream_timeout,
            tr("No answer within %1 s: ask for less, or look whether the source is well.").arg(seconds).toStdString());
        m_answer.lines = late;
        m_answer.values = late;
        Q_EMIT finished();
    });
}

void QueryRun::start(const SourceList::Entry& entry, const Question& question, const sources::Range& range,
                     std::int64_t at)
{
    cancel();
    m_answer = {.range = range};
    m_missing = 2;
    m_since.start();
    m_patience.start(entry.patience);
    const auto kept = entry; // asking may change the list of sources
    ask(kept, question, range, m_lines, m_answer.lines);
    ask(kept, question, {.from = at, .to = at, .step = range.step}, m_values, m_answer.values);
}

void QueryRun::ask(const SourceList::Entry& entry, const Question& question, const sources::Range& range,
                   Inquiry& inquiry, Result<query::FramePtr>& into)
{
    auto done = inquiry.begin<query::FramePtr>([this, &into](const Result<query::FramePtr>& frame) {
        into = frame;
        settle();
    });
    if (const auto* expression = std::get_if<std::string>(&question))
        entry.source->promql(*expression, range, inquiry.token(), std::move(done));
    else
        entry.source->range(std::get<query::Query>(question), range, inquiry.token(), std::move(done));
}

void QueryRun::settle()
{
    if (--m_missing > 0)
        return;
    m_patience.stop();
    m_answer.tookMs = m_since.elapsed();
    Q_EMIT finished();
}

void QueryRun::cancel()
{
    m_missing = 0;
    m_patience.stop();
    m_lines.cancel();
    m_values.cancel();
}

} // namespace tokenscope::ui
