// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/filter/filter_fields.h"

#include "telemetry/filter/text_pattern.h"
#include "telemetry/request_figures.h"

#include <algorithm>

namespace tokenscope::telemetry {

namespace {

using Kind = FilterField::Kind;
using Record = RequestRecord;
using Number = std::optional<double>;

Number nanos(const std::optional<Nanos>& time)
{
    return time ? Number(static_cast<double>(time->count())) : std::nullopt;
}

Number count(const std::optional<std::uint64_t>& value)
{
    return value ? Number(static_cast<double>(*value)) : std::nullopt;
}

constexpr std::array fields = {
    FilterField{"model", {}, Kind::text, "model:phi4", "The model that answered, or that was asked for", model_of},
    FilterField{"status",
                {"code"},
                Kind::status,
                "status:error",
                "How it ended: success, error, or the HTTP status (429, 5xx, >=500)",
                nullptr,
                [](const Record& r) { return r.http_status == 0 ? Number() : Number(r.http_status); }},
    FilterField{"ttft",
                {},
                Kind::duration,
                "ttft:>500ms",
                "Time to the first token",
                nullptr,
                [](const Record& r) { return nanos(r.ttft()); }},
    FilterField{"total",
                {"duration", "latency"},
                Kind::duration,
                "total:1s..5s",
                "From the first byte of the request to the last of the reply",
                nullptr,
                [](const Record& r) { return nanos(r.total()); }},
    FilterField{"provider", {"backend"}, Kind::text, "provider:ollama", "The configured provider", provider_of},
    FilterField{"route",
                {"path"},
                Kind::text,
                "route:*/completions",
                "The gateway's route",
                [](const Record& r) -> std::string_view { return r.route; }},
    FilterField{"client",
                {"key"},
                Kind::text,
                "client:laptop",
                "The name of the client's key",
                [](const Record& r) -> std::string_view { return r.client; }},
    FilterField{"error",
                {},
                Kind::text,
                "error:\"timed out\"",
                "What went wrong, in words",
                [](const Record& r) -> std::string_view { return r.error; }},
    FilterField{"cause",
                {},
                Kind::text,
                "cause:upstream_5xx",
                "The kind of error",
                [](const Record& r) { return r.error_type; }},
    FilterField{"reason",
                {"end"},
                Kind::choice,
                "reason:client_gone",
                "Why it ended",
                [](const Record& r) { return to_string(r.end_reason); }},
    FilterField{"speed",
                {"tps"},
                Kind::speed,
                "speed:<20",
                "Output tokens a second",
                nullptr,
                [](const Record& r) { return output_speed(r); }},
    FilterField{"in",
                {"prompt"},
                Kind::count,
                "in:>3k",
                "Prompt tokens",
                nullptr,
                [](const Record& r) { return count(r.usage.prompt); }},
    FilterField{"out",
                {"completion", "output"},
                Kind::count,
                "out:100..500",
                "Output tokens",
                nullptr,
                [](const Record& r) { return count(r.usage.completion); }},
    FilterField{"tokens",
                {},
                Kind::count,
                "tokens:>8k",
                "Prompt and output tokens",
                nullptr,
                [](const Record& r) { return count(token_total(r)); }},
    FilterField{"cached",
                {},
                Kind::count,
                "cached:>0",
                "Prompt tokens from the provider's cache",
                nullptr,
                [](const Record& r) { return count(r.usage.cached); }},
    FilterField{"reasoning",
                {},
                Kind::count,
                "reasoning:>1k",
                "Output tokens spent on reasoning",
                nullptr,
                [](const Record& r) { return count(r.usage.reasoning); }},
    FilterField{"cost",
                {"price"},
                Kind::money,
                "cost:>$0.01",
                "By the price table; $ and € say the currency",
                nullptr,
                [](const Record& r) { return r.cost ? Number(r.cost->amount) : std::nullopt; }},
    FilterField{"queue",
                {},
                Kind::duration,
                "queue:>1s",
                "In line for the provider",
                nullptr,
                [](const Record& r) { return nanos(queue_time(r)); }},
    FilterField{"stream", {"streamed"}, Kind::flag, "stream:yes", "Whether the reply was streamed"},
    FilterField{"chunks",
                {},
                Kind::count,
                "chunks:>100",
                "Pieces of a streamed reply",
                nullptr,
                [](const Record& r) { return r.streamed ? Number(static_cast<double>(r.chunk_count)) : Number(); }},
    FilterField{"retries",
                {},
                Kind::count,
                "retries:>0",
                "Calls of providers after the first: again, or another one",
                nullptr,
                [](const Record& r) { return Number(r.attempts > 0 ? r.attempts - 1 : 0); }},
    FilterField{"attempts",
                {},
                Kind::count,
                "attempts:0",
                "Calls of providers",
                nullptr,
                [](const Record& r) { return Number(r.attempts); }},
    FilterField{"finish",
                {},
                Kind::text,
                "finish:length",
                "Why the model stopped, in its provider's word",
                [](const Record& r) -> std::string_view { return r.finish_reason; }},
    FilterField{"requested",
                {"asked"},
                Kind::text,
                "requested:fast",
                "The model as the client wrote it",
                [](const Record& r) -> std::string_view { return r.requested_model; }},
    FilterField{"operation",
                {"op"},
                Kind::text,
                "operation:chat",
                "What was asked for, such as chat or embeddings",
                [](const Record& r) { return r.operation; }},
    FilterField{"id",
                {"request"},
                Kind::text,
                "id:req_1",
                "The request's id",
                [](const Record& r) -> std::string_view { return r.request_id; }},
    FilterField{"trace",
                {},
                Kind::text,
                "trace:0af76519*",
                "The trace's id",
                [](const Record& r) { return r.trace_id.view(); }},
    FilterField{"time", {}, Kind::moment, "time:14:30..14:45", "When it came: today, or 2026-01-31T14:30"},
    FilterField{"age", {}, Kind::age, "age:<5m", "How long ago it came"},
    FilterField{"since", {}, Kind::since, "since:5m", "Came in this time, or after a moment (since:14:30)"},
    FilterField{"has", {}, Kind::presence, "has:cost", "Those that have a value of a field"},
};

constexpr std::array<std::string_view, 2> status_words = {"success", "error"};
constexpr std::array<std::string_view, 2> flag_words = {"yes", "no"};
constexpr std::array<std::string_view, 7> reason_words = {"done",    "client_gone", "upstream_error", "in_stream_error",
                                                          "timeout", "rejected",    "error"};

constexpr std::array phrases = {
    FilterPhrase{"phi4 timeout", "Both words, anywhere in model, provider, route, client, id or error"},
    FilterPhrase{"status:error model:phi4", "Both terms"},
    FilterPhrase{"model:phi4 OR model:qwen", "Either"},
    FilterPhrase{"-status:200", "Not that; NOT does the same"},
    FilterPhrase{"(a OR b) -c", "Parentheses group"},
    FilterPhrase{"model:qwen*", "* stands for anything; the whole text has to match"},
    FilterPhrase{"status:429,5xx", "One of them; in quotes a comma is a letter like any other"},
    FilterPhrase{"model:=phi4", "The whole text; != is all others that have one"},
    FilterPhrase{"error:\"no route\"", "Quotes keep blanks, colons and * as they are"},
    FilterPhrase{"ttft:>=500ms", "> >= < <= = != compare; ns us ms s m h d are the units of time"},
    FilterPhrase{"out:100..500", "From and to; either end may be left out"},
    FilterPhrase{"-has:cost", "What has no value matches no comparison: ask for it by has"},
};

bool same_name(std::string_view a, std::string_view b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower_ascii(x) == lower_ascii(y); });
}

} // namespace

std::span<const FilterField> filter_fields()
{
    return fields;
}

const FilterField* find_filter_field(std::string_view name)
{
    const auto* const found = std::find_if(fields.begin(), fields.end(), [name](const FilterField& field) {
        return same_name(field.name, name)
               || std::any_of(field.aliases.begin(), field.aliases.end(),
                              [name](std::string_view alias) { return !alias.empty() && same_name(alias, name); });
    });
    return found == fields.end() ? nullptr : found;
}

bool begins_field_name(std::string_view letters)
{
    const auto begins = [letters](std::string_view name) { return same_name(name.substr(0, letters.size()), letters); };
    return !letters.empty() && std::any_of(fields.begin(), fields.end(), [&begins](const FilterField& field) {
        return begins(field.name) || std::any_of(field.aliases.begin(), field.aliases.end(), begins);
    });
}

bool takes_list(const FilterField& field)
{
    return field.kind == Kind::text || field.kind == Kind::choice || field.kind == Kind::status;
}

std::span<const std::string_view> filter_words(const FilterField& field)
{
    switch (field.kind) {
    case Kind::status: return status_words;
    case Kind::flag: return flag_words;
    case Kind::choice: return reason_words;
    default: return {};
    }
}

std::span<const FilterPhrase> filter_phrases()
{
    return phrases;
}

} // namespace tokenscope::telemetry
