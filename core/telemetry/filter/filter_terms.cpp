// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/filter/filter_terms.h"

#include "config/nearest.h"
#include "telemetry/filter/filter_fields.h"
#include "telemetry/filter/filter_values.h"
#include "telemetry/filter/term_value.h"
#include "telemetry/filter/text_pattern.h"
#include "telemetry/request_figures.h"

#include <fmt/format.h>

#include <algorithm>

namespace tokenscope::telemetry {

namespace {

using namespace term;
using Kind = FilterField::Kind;

std::string quoted(std::string_view text)
{
    return fmt::format("\u201c{}\u201d", text);
}

FilterResult<Bounds> read_bounds(const Value& value, std::string& currency)
{
    std::string why;
    const auto not_one = [&](std::string_view text) {
        return value.wrong(
            fmt::format("{} is not what {} is compared with: {}.", quoted(text), quoted(value.field.name), why));
    };
    if (!is_range(value)) {
        const auto number = read_filter_number(value.text, value.field.kind, why);
        if (!number)
            return not_one(value.text);
        currency = number->currency;
        // Who asks for 0 does not mean what is merely small.
        const auto half = number->value == 0 ? 0 : number->half;
        return bounds_of(value.compare, number->value, number->value - half, number->value + half);
    }
    if (value.compare != Compare::like)
        return value.wrong("A range stands alone: leave out the sign before it.");
    const auto [low, high] = ends_of(value.text);
    Bounds bounds;
    for (const auto text : {low, high}) {
        if (text.empty())
            continue;
        const auto number = read_filter_number(text, value.field.kind, why);
        if (!number)
            return not_one(text);
        (text.data() == low.data() ? bounds.from : bounds.to) = number->value;
        currency = number->currency;
    }
    if (low.empty() && high.empty())
        return value.wrong(fmt::format("The range has no ends: write them as in {}.", value.field.example));
    if (bounds.from > bounds.to)
        return value.wrong(fmt::format("The range is the wrong way round: write {}..{}.", high, low));
    return bounds;
}

FilterResult<RequestMatch> number_match(const Value& value)
{
    std::string currency;
    const auto bounds = read_bounds(value, currency);
    if (!bounds)
        return tl::make_unexpected(bounds.error());
    return [number = value.field.number, bounds = *bounds, currency](const RequestRecord& record, WallTime) {
        if (!currency.empty() && (!record.cost || record.cost->currency != currency))
            return false;
        const auto found = number(record);
        return found && bounds.hold(*found);
    };
}

FilterResult<RequestMatch> status_match(const Value& value)
{
    std::string lower;
    std::transform(value.text.begin(), value.text.end(), std::back_inserter(lower), lower_ascii);
    const bool good = lower == "success" || lower == "ok";
    const bool simple = value.compare == Compare::like || value.compare == Compare::equal;
    if (good || lower == "error" || lower == "failed") {
        if (!simple && value.compare != Compare::unequal)
            return value.wrong(fmt::format("{} is neither more nor less than anything: compare HTTP statuses, as in "
                                           "status:>=500.",
                                           quoted(value.text)));
        const bool wanted = good == simple;
        return [wanted](const RequestRecord& record, WallTime) {
            return (record.status == RequestStatus::success) == wanted;
        };
    }
    if (is_range(value))
        return number_match(value);
    // "5xx", "42x" and "429".
    const auto known = lower.find_first_not_of("0123456789");
    const auto digits = std::min(known, lower.size());
    if (lower.size() != 3 || digits == 0 || lower.find_first_not_of('x', digits) != std::string::npos)
        return value.wrong(fmt::format("{} is no status: write success, error, an HTTP status such as 429, or 5xx.",
                                       quoted(value.text)));
    int from = 0;
    int width = 1;
    for (std::size_t i = 0; i < lower.size(); ++i) {
        from = from * 10 + (i < digits ? lower[i] - '0' : 0);
        width *= i < digits ? 1 : 10;
    }
    // More than 4xx is more than all of them.
    const bool past = value.compare == Compare::more || value.compare == Compare::at_most;
    const double exact = past ? from + width - 1 : from;
    const auto bounds = bounds_of(value.compare, exact, from, from + width);
    return [number = value.field.number, bounds](const RequestRecord& record, WallTime) {
        const auto found = number(record);
        return found && bounds.hold(*found);
    };
}

double age_of(const RequestRecord& record, WallTime now)
{
    return static_cast<double>(std::chrono::duration_cast<Nanos>(now - record.started).count());
}

FilterResult<RequestMatch> age_match(const Value& value)
{
    std::string currency;
    const auto bounds = read_bounds(value, currency);
    if (!bounds)
        return tl::make_unexpected(bounds.error());
    return [bounds = *bounds](const RequestRecord& record, WallTime now) { return bounds.hold(age_of(record, now)); };
}

FilterResult<RequestMatch> moment_match(const Value& value)
{
    const auto not_one = [&](std::string_view text) {
        return value.wrong(fmt::format("{} is no moment: write 14:30, 14:30:05 or 2026-01-31T14:30.", quoted(text)));
    };
    const auto [low, high] = ends_of(value.text);
    std::optional<FilterMoment> first, last;
    if (!low.empty() && !(first = read_filter_moment(low)))
        return not_one(low);
    if (!high.empty() && !(last = read_filter_moment(high)))
        return not_one(high);
    if (!first && !last)
        return not_one(value.text);
    if (is_range(value) && value.compare != Compare::like)
        return value.wrong("A range stands alone: leave out the sign before it.");
    return [first, last, compare = value.compare](const RequestRecord& record, WallTime now) {
        const auto ms = static_cast<double>(record.started.time_since_epoch().count());
        const auto from = first ? static_cast<double>(first->on_day_of(now).from) : Bounds::lowest;
        const auto to = last ? static_cast<double>(last->on_day_of(now).to) : Bounds::highest;
        const auto exact = compare == Compare::at_most ? to - 1 : from;
        return bounds_of(compare, exact, from, to).hold(ms);
    };
}

FilterResult<RequestMatch> since_match(Value value)
{
    if (value.compare != Compare::like && value.compare != Compare::equal)
        return value.wrong("\u201csince\u201d takes no sign: write since:14:30 or since:5m.");
    if (is_range(value))
        return value.wrong("\u201csince\u201d takes one moment: for two, write time:14:30..14:45.");
    if (read_filter_moment(value.text)) {
        value.compare = Compare::at_least;
        return moment_match(value);
    }
    value.compare = Compare::at_most;
    if (std::string why; read_filter_number(value.text, Kind::since, why))
        return age_match(value);
    return value.wrong(
        fmt::format("{} is neither a moment nor a time: write since:14:30 or since:5m.", quoted(value.text)));
}

/// As other languages write a regular expression; routes look like that as well.
bool looks_like_regex(const Value& value)
{
    return value.compare == Compare::like && value.parts.size() == 1 && !value.parts.front().quoted
           && value.field.name != "route" && value.text.size() > 2 && value.text.front() == '/'
           && value.text.back() == '/';
}

FilterResult<RequestMatch> text_match(const Value& value)
{
    if (looks_like_regex(value))
        return value.wrong(fmt::format("There are no regular expressions here: write * for anything, as in {0}:*{1}*, "
                                       "or put the slashes in quotes.",
                                       value.field.name,
                                       std::string_view(value.text).substr(1, value.text.size() - 2)));
    if (value.compare != Compare::like && value.compare != Compare::equal && value.compare != Compare::unequal)
        return value.wrong(
            fmt::format("{} is a text: it can be equal or not, but not more or less.", quoted(value.field.name)));
    const TextPattern loose(value.parts, TextPattern::Extent::part);
    const bool whole = value.compare != Compare::like || loose.has_wildcard();
    const auto pattern = whole ? TextPattern(value.parts, TextPattern::Extent::whole) : loose;
    const auto words = filter_words(value.field);
    if (!words.empty() && std::none_of(words.begin(), words.end(), [&](auto word) { return pattern.matches(word); }))
        return value.wrong(fmt::format("There is no {} {}: write one of {}.", value.field.name, quoted(value.text),
                                       fmt::join(words, ", ")));
    return [pattern, text = value.field.text, wanted = value.compare != Compare::unequal](const RequestRecord& record,
                                                                                          WallTime) {
        const auto found = text(record);
        return !found.empty() && pattern.matches(found) == wanted;
    };
}

FilterResult<RequestMatch> flag_match(const Value& value)
{
    std::string lower;
    std::transform(value.text.begin(), value.text.end(), std::back_inserter(lower), lower_ascii);
    const bool yes = lower == "yes" || lower == "true";
    const bool ordered =
        value.compare != Compare::like && value.compare != Compare::equal && value.compare != Compare::unequal;
    if (ordered || (!yes && lower != "no" && lower != "false"))
        return value.wrong(fmt::format("{0} is yes or no: write {0}:yes or {0}:no.", value.field.name));
    const bool wanted = yes == (value.compare != Compare::unequal);
    return [wanted](const RequestRecord& record, WallTime) { return record.streamed == wanted; };
}

std::string unknown_field(std::string_view name)
{
    std::vector<std::string_view> names;
    for (const auto& field : filter_fields())
        names.push_back(field.name);
    const auto near = config::nearest(name, names);
    return near.empty()
               ? fmt::format("There is no field {}: for these words anywhere, put them in quotes.", quoted(name))
               : fmt::format("There is no field {}: did you mean {}?", quoted(name), quoted(near));
}

FilterResult<RequestMatch> presence_match(const Value& value)
{
    const auto* const field = find_filter_field(value.text);
    if (!field)
        return value.wrong(unknown_field(value.text));
    if (value.compare != Compare::like && value.compare != Compare::equal)
        return value.wrong("\u201chas\u201d takes the name of a field: write has:cost, or -has:cost.");
    if (field->text)
        return [text = field->text](const RequestRecord& record, WallTime) { return !text(record).empty(); };
    if (field->number)
        return [number = field->number](const RequestRecord& record, WallTime) { return number(record).has_value(); };
    if (field->kind == Kind::flag)
        return [](const RequestRecord& record, WallTime) { return record.streamed; };
    return value.wrong(fmt::format("Every request has {}.", quoted(field->name)));
}

FilterResult<RequestMatch> free_match(const FilterToken& word)
{
    const auto text = word.text();
    if (!word.quoted() && text.find_first_of("<>=") == 0)
        return filter_failure(word.from, word.to,
                              fmt::format("{} needs a field before it, as in ttft:>500ms.", quoted(text)));
    if (const auto sign = text.find_first_of("<>=");
        !word.quoted() && sign != std::string::npos && find_filter_field(std::string_view(text).substr(0, sign)))
        return filter_failure(word.from, word.to,
                              fmt::format("Write {}:{}, with a colon.", text.substr(0, sign), text.substr(sign)));
    if (text.empty())
        return filter_failure(word.from, word.to, "There is nothing between the quotes.");
    if (!word.quoted() && text.find_first_not_of(":,;") == std::string::npos)
        return filter_failure(
            word.from, word.to,
            fmt::format("{} has no letter to look for: to find it as it is, put it in quotes.", quoted(text)));
    return [pattern = TextPattern(word.value, TextPattern::Extent::part)](const RequestRecord& record, WallTime) {
        const std::string_view texts[] = {model_of(record),  provider_of(record),   record.requested_model,
                                          record.route,      record.client,         record.error,
                                          record.request_id, record.trace_id.view()};
        return std::any_of(std::begin(texts), std::end(texts),
                           [&pattern](std::string_view one) { return pattern.matches(one); });
    };
}

FilterResult<RequestMatch> match_of(Value value)
{
    switch (value.field.kind) {
    case Kind::text:
    case Kind::choice: return text_match(value);
    case Kind::status: return status_match(value);
    case Kind::flag: return flag_match(value);
    case Kind::moment: return moment_match(value);
    case Kind::age: return age_match(value);
    case Kind::since: return since_match(std::move(value));
    case Kind::presence: return presence_match(value);
    case Kind::duration:
    case Kind::count:
    case Kind::speed:
    case Kind::money: break;
    }
    return number_match(value);
}

FilterResult<RequestMatch> list_match(const Value& list)
{
    auto values = values_of(list);
    if (values.size() == 1)
        return match_of(list);
    if (list.compare != Compare::like && list.compare != Compare::equal && list.compare != Compare::unequal)
        return list.wrong("Several values stand alone: leave out the sign before them.");
    std::vector<RequestMatch> matches;
    for (auto& value : values) {
        if (value.text.empty())
            return list.wrong("A value is missing at a comma: write one, or leave the comma out.");
        auto match = match_of(std::move(value));
        if (!match)
            return match;
        matches.push_back(std::move(*match));
    }
    // Unequal is none of them.
    if (list.compare == Compare::unequal)
        return [matches = std::move(matches)](const RequestRecord& record, WallTime now) {
            return std::all_of(matches.begin(), matches.end(), [&](const auto& match) { return match(record, now); });
        };
    return [matches = std::move(matches)](const RequestRecord& record, WallTime now) {
        return std::any_of(matches.begin(), matches.end(), [&](const auto& match) { return match(record, now); });
    };
}

} // namespace

FilterResult<RequestMatch> read_filter_term(const FilterToken& word, bool& changes_with_time)
{
    if (!word.has_field())
        return free_match(word);
    const auto* const field = find_filter_field(word.field);
    if (!field)
        return filter_failure(word.from, word.value_from - 1, unknown_field(word.field));
    auto parts = word.value;
    auto from = word.value_from;
    const auto compare = take_operator(parts, from);
    Value value{
        .field = *field, .compare = compare, .parts = std::move(parts), .text = {}, .from = from, .to = word.to};
    for (const auto& part : value.parts)
        value.text += part.text;
    if (value.text.empty())
        return filter_failure(word.from, word.to,
                              fmt::format("{} needs a value, as in {}.", quoted(word.field + ":"), field->example));
    if (field->kind == Kind::moment || field->kind == Kind::age || field->kind == Kind::since)
        changes_with_time = true;
    return takes_list(*field) ? list_match(value) : match_of(std::move(value));
}

} // namespace tokenscope::telemetry
