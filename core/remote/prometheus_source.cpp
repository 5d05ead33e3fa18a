// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "remote/prometheus_source.h"

#include "query/columns.h"
#include "query/duration_text.h"
#include "query/evaluator.h"
#include "query/promql.h"
#include "query/validate.h"
#include "remote/api_test.h"
#include "remote/prometheus_monitoring.h"
#include "remote/series_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <set>
#include <string_view>
#include <utility>

namespace tokenscope::remote {

namespace {

using namespace sources;
using nlohmann::json;
using std::chrono::steady_clock;

constexpr auto metrics_stay = std::chrono::minutes(1);

std::optional<Error> check_range(const Range& range)
{
    const auto invalid = [](std::string param, std::string message) {
        return Error{.code = ErrorCode::invalid_request, .message = std::move(message), .param = std::move(param)};
    };
    if (range.step <= 0)
        return invalid("step", "The step must be longer than 0.");
    if (range.from > range.to)
        return invalid("from", "The range must not end before it begins.");
    if ((range.to - range.from) / range.step > query::max_steps)
        return invalid("step", fmt::format("The range has more than {} steps: use a longer step or a shorter range.",
                                           query::max_steps));
    return std::nullopt;
}

/// Labels and names as query::evaluate() gives them.
void dress(const query::Query& query, query::Frame& frame, std::optional<double> quantile)
{
    std::erase_if(frame.columns, [](const query::Column& column) {
        return std::ranges::all_of(column.values, [](double value) { return std::isnan(value); });
    });
    const auto labels = query::grouping(query);
    for (auto& column : frame.columns) {
        query::Labels kept;
        for (const auto& label : labels)
            kept.emplace(label, column.labels[label]);
        if (quantile)
            kept.emplace("quantile", fmt::format("{}", *quantile));
        column.labels = std::move(kept);
        column.name = query::column_name(query, column.labels);
    }
}

std::string selector(const std::string& metric)
{
    std::string escaped;
    for (const char c : metric) {
        if (c == '"' || c == '\\')
            escaped += '\\';
        escaped += c == '\n' ? ' ' : c;
    }
    return fmt::format("{{__name__=\"{}\"}}", escaped);
}

/// Of letters, digits and these.
bool is_name(std::string_view text, std::string_view these)
{
    const auto part = [these](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
               || these.find(c) != std::string_view::npos;
    };
    return !text.empty() && std::ranges::all_of(text, part);
}

sources::MetricSource::Texts values_of(const query::Frame& frame, const std::string& label)
{
    std::set<std::string> values;
    for (const auto& column : frame.columns) {
        if (const auto found = column.labels.find(label); found != column.labels.end())
            values.insert(found->second);
    }
    return {values.begin(), values.end()};
}

PrometheusApi::Form matching(const std::string& metric)
{
    return metric.empty() ? PrometheusApi::Form() : PrometheusApi::Form{{"match[]", selector(metric)}};
}

} // namespace

/// Several requests that become one frame.
struct PrometheusSource::QuantileJoin {
    std::mutex mutex;
    query::Query query;
    query::Frame frame;
    std::size_t missing = 0;
    Done done; ///< empty once it was called

    void add(Result<query::Frame> part, double quantile)
    {
        std::unique_lock lock(mutex);
        if (!done)
            return;
        if (!part) {
            const auto answer = std::exchange(done, nullptr);
            lock.unlock();
            answer(failure(std::move(part.error())));
            return;
        }
        dress(query, *part, quantile);
        frame.times = std::move(part->times);
        std::ranges::move(part->columns, std::back_inserter(frame.columns));
        for (auto& warning : part->warnings) {
            if (std::ranges::find(frame.warnings, warning) == frame.warnings.end())
                frame.warnings.push_back(std::move(warning));
        }
        if (--missing > 0)
            return;
        query::sort_columns(query, frame.columns);
        const auto answer = std::exchange(done, nullptr);
        lock.unlock();
        answer(std::make_shared<const query::Frame>(std::move(frame)));
    }
};

PrometheusSource::PrometheusSource(std::shared_ptr<SourceThread> thread, Connection connection, config::Lookup lookup,
                                   HttpLimits limits)
    : m_name(connection.name), m_api(std::move(thread), std::move(connection), std::move(lookup), limits)
{
}

SourceStatus PrometheusSource::status() const
{
    const std::scoped_lock lock(m_mutex);
    return m_status;
}

void PrometheusSource::record(const std::optional<Error>& error)
{
    const std::scoped_lock lock(m_mutex);
    // What it does not offer, and what waits for too much else, says nothing of its health.
    if (error && (error->code == ErrorCode::queue_full || error->code == ErrorCode::unsupported_api))
        return;
    // Nor does a question that it cannot make sense of, but that is an answer.
    if (error && error->code != ErrorCode::invalid_request) {
        m_status.health = Health::bad;
        m_status.message = error->message;
        return;
    }
    m_status.health = Health::good;
    m_status.message = "It answers.";
    m_status.last_success_ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
            .count();
}

template <typename T>
Answer<T> PrometheusSource::watched(Answer<T> done)
{
    return [this, done = std::move(done)](Result<T> result) {
        record(result ? std::nullopt : std::optional(result.error()));
        done(std::move(result));
    };
}

template <typename T>
Answer<json> PrometheusSource::reading(Reader<T> read, Answer<T> done)
{
    return [this, read, done = watched<T>(std::move(done))](Result<json> data) {
        if (!data) {
            done(failure(std::move(data.error())));
            return;
        }
        auto value = read(*data);
        if (value)
            done(std::move(*value));
        else
            done(failure(m_api.odd_answer()));
    };
}

void PrometheusSource::range(query::Query query, Range range, CancelToken cancel, Done done)
{
    auto problem = query::validate(query);
    if (!problem)
        problem = check_range(range);
    if (problem) {
        if (!cancel.cancelled())
            done(failure(std::move(*problem)));
        return;
    }
    const std::chrono::milliseconds step(range.step);
    if (query.function != query::Function::quantile) {
        const auto text = query::to_promql(query, 0.5, step);
        m_api.query(
            text, range, std::move(cancel),
            watched<query::Frame>([query = std::move(query), done = std::move(done)](Result<query::Frame> frame) {
                if (!frame) {
                    done(failure(std::move(frame.error())));
                    return;
                }
                dress(query, *frame, std::nullopt);
                query::sort_columns(query, frame->columns);
                done(std::make_shared<const query::Frame>(std::move(*frame)));
            }));
        return;
    }
    const std::set<double> quantiles(query.quantiles.begin(), query.quantiles.end());
    const auto join = std::make_shared<QuantileJoin>();
    join->missing = quantiles.size();
    join->done = std::move(done);
    join->query = query;
    for (const auto quantile : quantiles)
        m_api.query(query::to_promql(query, quantile, step), range, cancel,
                    watched<query::Frame>(
                        [join, quantile](Result<query::Frame> frame) { join->add(std::move(frame), quantile); }));
}

void PrometheusSource::promql(std::string expression, Range range, CancelToken cancel, Done done)
{
    if (auto problem = check_range(range)) {
        if (!cancel.cancelled())
            done(failure(std::move(*problem)));
        return;
    }
    m_api.query(expression, range, std::move(cancel),
                watched<query::Frame>([done = std::move(done)](Result<query::Frame> frame) {
                    if (!frame) {
                        done(failure(std::move(frame.error())));
                        return;
                    }
                    name_series(frame->columns);
                    std::ranges::stable_sort(frame->columns, {}, &query::Column::labels);
                    done(std::make_shared<const query::Frame>(std::move(*frame)));
                }));
}

void PrometheusSource::test(CancelToken cancel, Answer<std::string> done)
{
    test_api(m_api, std::move(cancel), watched<std::string>(std::move(done)));
}

std::optional<PrometheusSource::MetricInfos> PrometheusSource::remembered() const
{
    const std::scoped_lock lock(m_mutex);
    if (!m_metrics_at || steady_clock::now() - *m_metrics_at > metrics_stay)
        return std::nullopt;
    return m_metrics;
}

void PrometheusSource::metrics(CancelToken cancel, Answer<MetricInfos> done)
{
    if (auto known = remembered()) {
        if (!cancel.cancelled())
            done(std::move(*known));
        return;
    }
    m_api.get("/api/v1/label/__name__/values", {}, cancel,
              reading<Texts>(read_texts, [this, cancel, done = std::move(done)](Result<Texts> names) {
                  if (names)
                      describe_metrics(std::move(*names), cancel, done);
                  else
                      done(failure(std::move(names.error())));
              }));
}

void PrometheusSource::describe_metrics(Texts names, const CancelToken& cancel, const Answer<MetricInfos>& done)
{
    // Not watched: several servers that speak the API have no such page, which is no fault.
    m_api.get("/api/v1/metadata", {}, cancel, [this, names = std::move(names), done](const Result<json>& metadata) {
        auto infos = describe(names, metadata ? *metadata : json::object());
        {
            const std::scoped_lock lock(m_mutex);
            m_metrics = infos;
            m_metrics_at = steady_clock::now();
        }
        done(std::move(infos));
    });
}

void PrometheusSource::label_names(std::string metric, CancelToken cancel, Answer<Texts> done)
{
    m_api.get("/api/v1/labels", matching(metric), std::move(cancel),
              reading<Texts>(read_texts, [done = std::move(done)](Result<Texts> names) {
                  if (names)
                      std::erase(*names, "__name__");
                  done(std::move(names));
              }));
}

void PrometheusSource::label_values(std::string label, std::string metric, CancelToken cancel, Answer<Texts> done)
{
    ask_label_values(label, matching(metric), std::move(cancel), std::move(done));
}

void PrometheusSource::label_values_in(sources::Range range, std::string label, std::string metric, CancelToken cancel,
                                       Answer<Texts> done)
{
    auto form = matching(metric);
    form.emplace_back("start", api_time(range.from));
    form.emplace_back("end", api_time(range.to));
    // Prometheus answers that from whole blocks of two hours and longer. Where it costs little the samples tell exactly.
    constexpr std::chrono::milliseconds little = std::chrono::hours(6);
    const std::chrono::milliseconds length(range.to - range.from);
    if (is_name(metric, ":_") && is_name(label, "_") && length > length.zero() && length <= little) {
        auto expression =
            fmt::format("group by ({}) (last_over_time({}[{}]))", label, metric, query::duration_text(length));
        const auto values = [this, label, form = std::move(form), cancel, done](const Result<query::FramePtr>& frame) {
            // Of those that speak the API not all know these functions.
            if (!frame && frame.error().code == ErrorCode::invalid_request)
                ask_label_values(label, form, cancel, done);
            else
                done(frame.map([&label](const query::FramePtr& answer) { return values_of(*answer, label); }));
        };
        promql(std::move(expression), {.from = range.to, .to = range.to}, cancel, values);
        return;
    }
    ask_label_values(label, std::move(form), std::move(cancel), std::move(done));
}

void PrometheusSource::ask_label_values(const std::string& label, PrometheusApi::Form form, CancelToken cancel,
                                        Answer<Texts> done)
{
    if (!is_name(label, "_")) {
        if (!cancel.cancelled())
            done(
                failure(Error{.code = ErrorCode::invalid_request,
                              .message = fmt::format("'{}' is not a label's name: use letters, digits and '_'.", label),
                              .param = "label"}));
        return;
    }
    m_api.get("/api/v1/label/" + label + "/values", std::move(form), std::move(cancel),
              reading<Texts>(read_texts, std::move(done)));
}

void PrometheusSource::targets(CancelToken cancel, Answer<std::vector<Target>> done)
{
    m_api.get("/api/v1/targets", {{"state", "active"}}, std::move(cancel),
              reading<std::vector<Target>>(read_targets, std::move(done)));
}

void PrometheusSource::rules(CancelToken cancel, Answer<std::vector<RuleGroup>> done)
{
    m_api.get("/api/v1/rules", {}, std::move(cancel), reading<std::vector<RuleGroup>>(read_rules, std::move(done)));
}

void PrometheusSource::series(std::string selector, CancelToken cancel, Answer<std::vector<query::Labels>> done)
{
    m_api.post("/api/v1/series", {{"match[]", std::move(selector)}}, std::move(cancel),
               reading<std::vector<query::Labels>>(read_series, std::move(done)));
}

} // namespace tokenscope::remote
