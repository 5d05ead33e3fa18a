// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/alert_engine.h"

#include "alerts/rule_file.h"
#include "query/query_json.h"

#include <QUuid>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace tokenscope::ui {

namespace {

constexpr std::chrono::milliseconds lookEvery{500};
constexpr std::chrono::milliseconds leastPace{2'000};

/// Whether what was found out so far is still about the same thing.
bool sameQuestion(const alerts::Rule& one, const alerts::Rule& other)
{
    const auto text = [](const alerts::Rule& rule) {
        const auto* expression = std::get_if<std::string>(&rule.question);
        return expression ? "promql " + *expression : query::to_json(std::get<query::Query>(rule.question)).dump();
    };
    return one.source == other.source && one.condition == other.condition && text(one) == text(other);
}

} // namespace

struct AlertEngine::Watch {
    Watched watched;
    Inquiry inquiry;
    std::optional<std::int64_t> askedMs;
};

AlertEngine::AlertEngine(SourceList& sources, const Clock& clock, std::filesystem::path file, QObject* parent)
    : QObject(parent), m_sources(sources), m_clock(clock), m_file(std::move(file))
{
    m_timer.setInterval(lookEvery);
    connect(&m_timer, &QTimer::timeout, this, &AlertEngine::tick);
    connect(&sources, &SourceList::entriesChanged, this, [this] {
        for (auto& watch : m_watches)
            watch->inquiry.cancel(); // its source may be another one by now
    });
    auto loaded = alerts::load_rules(m_file);
    if (!loaded) {
        m_problem = QString::fromStdString(loaded.error().message);
        return;
    }
    for (auto& rule : *loaded) {
        m_watches.push_back(std::make_unique<Watch>());
        m_watches.back()->watched.rule = std::move(rule);
    }
}

AlertEngine::~AlertEngine() = default;

void AlertEngine::start()
{
    m_timer.start();
    tick();
}

const AlertEngine::Watched& AlertEngine::at(std::size_t index) const
{
    return m_watches.at(index)->watched;
}

int AlertEngine::firing() const
{
    std::ptrdiff_t count = 0;
    for (const auto& watch : m_watches) {
        const auto& series = watch->watched.state.series();
        count += std::count_if(series.begin(), series.end(),
                               [](const auto& one) { return one.state == alerts::State::firing; });
    }
    return static_cast<int>(count);
}

const SourceList::Entry* AlertEngine::entryOf(const alerts::Rule& rule) const
{
    const auto id = QString::fromStdString(rule.source);
    const auto& entries = m_sources.entries();
    const auto found =
        std::find_if(entries.begin(), entries.end(), [&id](const SourceList::Entry& entry) { return entry.id == id; });
    return found == entries.end() ? nullptr : &*found;
}

void AlertEngine::tick()
{
    const auto now = nowMs();
    for (auto& watch : m_watches) {
        if (!watch->watched.rule.enabled)
            continue;
        const auto* entry = entryOf(watch->watched.rule);
        const auto waited = watch->askedMs ? now - *watch->askedMs : std::int64_t{0};
        // A clock that was set back must not keep it waiting.
        const auto over = [&](std::chrono::milliseconds time) { return waited < 0 || waited >= time.count(); };
        if (watch->inquiry.waiting()) {
            if (!entry || !over(entry->patience))
                continue;
            watch->inquiry.cancel();
            answered(*watch,
                     failure(ErrorCode::upstream_timeout, tr("The source did not answer in time.").toStdString()));
        } else if (!watch->askedMs || over(entry ? std::max(entry->pace, leastPace) : leastPace)) {
            watch->askedMs = now;
            ask(*watch);
        }
    }
}

void AlertEngine::ask(Watch& watch)
{
    const auto& rule = watch.watched.rule;
    const auto* entry = entryOf(rule);
    if (!entry) {
        answered(watch, failure(ErrorCode::invalid_request,
                                tr("Its source is not there any more: choose another one.").toStdString()));
        return;
    }
    const auto now = nowMs();
    auto question = rule.question;
    auto* query = std::get_if<query::Query>(&question);
    if (query) {
        m_scrapes.widen(*query, *entry, 0, now);
        if (m_scrapes.findsOut(*query, *entry)) {
            watch.askedMs.reset(); // at the next look: in too short a window everything is absent
            return;
        }
    }
    const sources::Range instant{now, now, 1000};
    const auto source = entry->source;
    auto done = watch.inquiry.begin<query::FramePtr>(
        [this, asked = &watch](const Result<query::FramePtr>& answer) { answered(*asked, answer); });
    if (query)
        source->range(std::move(*query), instant, watch.inquiry.token(), std::move(done));
    else
        source->promql(std::get<std::string>(question), instant, watch.inquiry.token(), std::move(done));
}

void AlertEngine::answered(Watch& watch, const Result<query::FramePtr>& answer)
{
    auto& watched = watch.watched;
    std::vector<alerts::Event> events;
    if (answer)
        events = watched.state.answered(watched.rule, **answer, nowMs());
    else
        watched.state.failed(answer.error());
    for (auto& event : events) {
        const Happening happening{std::move(event), watched.rule};
        m_happenings.push_front(happening);
        if (m_happenings.size() > mostHappenings)
            m_happenings.pop_back();
        Q_EMIT happened(happening);
    }
    Q_EMIT changed();
}

std::vector<alerts::Rule> AlertEngine::rules() const
{
    std::vector<alerts::Rule> rules;
    for (const auto& watch : m_watches)
        rules.push_back(watch->watched.rule);
    return rules;
}

Result<void> AlertEngine::store(const std::vector<alerts::Rule>& rules) const
{
    if (!m_problem.isEmpty())
        return failure(ErrorCode::config, m_problem.toStdString());
    return alerts::save_rules(m_file, rules);
}

Result<std::string> AlertEngine::save(alerts::Rule rule, std::size_t place)
{
    if (auto error = alerts::validate(rule))
        return failure(std::move(*error));
    if (rule.id.empty())
        rule.id = QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString();
    auto all = rules();
    const auto known =
        std::find_if(all.begin(), all.end(), [&rule](const alerts::Rule& other) { return other.id == rule.id; });
    const auto index = static_cast<std::size_t>(known - all.begin());
    if (known != all.end()) {
        *known = rule;
    } else {
        place = std::min(place, all.size());
        all.insert(all.begin() + static_cast<std::ptrdiff_t>(place), rule);
    }
    if (auto stored = store(all); !stored)
        return failure(std::move(stored.error()));
    if (index == m_watches.size()) {
        m_watches.insert(m_watches.begin() + static_cast<std::ptrdiff_t>(place), std::make_unique<Watch>());
        m_watches[place]->watched.rule = rule;
    } else {
        auto& watch = *m_watches[index];
        if (!sameQuestion(watch.watched.rule, rule) || !rule.enabled) {
            watch.inquiry.cancel();
            watch.watched.state = {};
        }
        watch.askedMs.reset();
        watch.watched.rule = rule;
    }
    Q_EMIT changed();
    return rule.id;
}

Result<void> AlertEngine::remove(const std::string& id)
{
    auto all = rules();
    const auto found = std::find_if(all.begin(), all.end(), [&id](const alerts::Rule& rule) { return rule.id == id; });
    if (found == all.end())
        return {};
    const auto index = found - all.begin();
    all.erase(found);
    if (auto stored = store(all); !stored)
        return stored;
    m_watches.erase(m_watches.begin() + index);
    Q_EMIT changed();
    return {};
}

} // namespace tokenscope::ui
