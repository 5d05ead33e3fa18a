// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "e2e/otlp_collector.h"

#include <QByteArray>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace tokenscope::test {

/// A span as the collector decoded it; functions that read it.
using SpanJson = nlohmann::json;

inline std::string text_of(const SpanJson& span, const char* key)
{
    const auto found = span.find(key);
    return found != span.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// As text: doubles, which no two runs share, as "#".
inline std::string value_text(const SpanJson& value)
{
    if (value.contains("arrayValue")) {
        std::string all = "[";
        for (const auto& one : value["arrayValue"]["values"])
            all += value_text(one);
        return all + "]";
    }
    if (value.contains("doubleValue"))
        return "#";
    for (const auto& inner : value)
        return inner.is_string() ? inner.get<std::string>() : inner.dump();
    return {};
}

inline SpanJson attribute(const SpanJson& span, std::string_view key)
{
    for (const auto& attribute : span["attributes"])
        if (attribute["key"] == key)
            return attribute["value"];
    return {};
}

inline std::uint64_t start_of(const SpanJson& span)
{
    return std::stoull(text_of(span, "startTimeUnixNano"));
}
inline std::uint64_t end_of(const SpanJson& span)
{
    return std::stoull(text_of(span, "endTimeUnixNano"));
}

/// Everything that a collector has got so far, the batches that it did not take included.
class ExportedSpans {
public:
    explicit ExportedSpans(Collector& collector) : m_collector(collector) {}

    /// Reads batches until the root of every one of these requests is there; those of one request come together.
    bool wait_for(const std::vector<std::string>& request_ids)
    {
        const auto missing = [this](const std::string& id) { return !root(id).is_object(); };
        while (std::any_of(request_ids.begin(), request_ids.end(), missing))
            if (!read())
                return false;
        return true;
    }
    /// What has come already, and no more.
    void catch_up()
    {
        while (!m_collector.silent() && read()) {}
    }

    /// The span of the request itself; null where there is none.
    SpanJson root(const std::string& request_id) const
    {
        for (const auto& span : m_spans)
            if (value_text(attribute(span, "http.request_id")) == request_id)
                return span;
        return {};
    }
    /// It and all below it, by their start; what is below nothing is left out.
    std::vector<SpanJson> request(const std::string& request_id) const
    {
        std::vector<SpanJson> found;
        if (auto top = root(request_id); top.is_object())
            found.push_back(std::move(top));
        for (std::size_t i = 0; i < found.size(); ++i)
            for (const auto& span : m_spans)
                if (text_of(span, "parentSpanId") == text_of(found[i], "spanId"))
                    found.push_back(span);
        std::stable_sort(found.begin(), found.end(),
                         [](const auto& a, const auto& b) { return start_of(a) < start_of(b); });
        return found;
    }

    const std::vector<SpanJson>& all() const { return m_spans; }
    const std::vector<SpanJson>& batches() const { return m_batches; }

private:
    bool read()
    {
        auto batch = m_collector.next();
        if (!batch.is_object())
            return false;
        for (const auto& resource : batch["request"]["resourceSpans"])
            for (const auto& scope : resource["scopeSpans"])
                m_spans.insert(m_spans.end(), scope["spans"].begin(), scope["spans"].end());
        m_batches.push_back(std::move(batch));
        return true;
    }

    Collector& m_collector;
    std::vector<SpanJson> m_spans;
    std::vector<SpanJson> m_batches;
};

/// One request's spans, a line each, indented by their depth: name, kind (1 internal, 2 server, 3 client), status (2 error),
/// attributes by name, events. What differs from run to run is "#".
inline std::string described(const std::vector<SpanJson>& spans)
{
    const auto list = [](const SpanJson& attributes) {
        std::map<std::string, std::string> sorted;
        for (const auto& one : attributes)
            sorted[one["key"].get<std::string>()] = value_text(one["value"]);
        if (auto id = sorted.find("conversation.id"); id != sorted.end() && id->second.starts_with("resp_"))
            id->second = "#";
        // As many as the network made of them.
        if (auto chunks = sorted.find("provider.chunk_count"); chunks != sorted.end() && chunks->second != "0")
            chunks->second = "#";
        std::string out;
        for (const auto& [key, value] : sorted)
            out += " " + key + "=" + value;
        return out;
    };
    std::map<std::string, std::size_t> depths;
    std::string out;
    for (const auto& span : spans) {
        const auto above = depths.find(text_of(span, "parentSpanId"));
        const auto depth = above == depths.end() ? 0 : above->second + 1;
        depths[text_of(span, "spanId")] = depth;
        out += std::string(2 * depth, ' ') + text_of(span, "name") + " kind=" + span["kind"].dump();
        const auto status = span.value("status", SpanJson::object());
        if (const auto code = status.value("code", 0); code != 0)
            out += " status=" + std::to_string(code) + "(" + text_of(status, "message") + ")";
        out += list(span["attributes"]);
        for (const auto& event : span["events"])
            out += " !" + text_of(event, "name") + list(event["attributes"]);
        out += '\n';
    }
    return out;
}

/// What is wrong with one request's spans whatever the request was, or nothing.
inline std::string fault_of(const std::vector<SpanJson>& spans)
{
    if (spans.empty())
        return "there are none";
    std::map<std::string, const SpanJson*> by_id;
    for (const auto& span : spans) {
        const auto id = text_of(span, "spanId");
        if (id.size() != 16 || text_of(span, "traceId").size() != 32 || !by_id.emplace(id, &span).second)
            return "ids: " + span.dump();
        if (text_of(span, "traceId") != text_of(spans.front(), "traceId") || (span["flags"].get<unsigned>() & 1) == 0)
            return "another trace, or not sampled: " + span.dump();
        if (start_of(span) > end_of(span) || start_of(span) < 1'700'000'000'000'000'000ULL)
            return "times: " + span.dump();
        for (const auto& event : span["events"])
            if (const auto at = std::stoull(text_of(event, "timeUnixNano")); at < start_of(span) || at > end_of(span))
                return "an event at another time: " + span.dump();
        const double length = static_cast<double>(end_of(span) - start_of(span)) / 1e9;
        for (const auto& one : span["attributes"])
            if (one["value"].contains("doubleValue"))
                if (const auto& value = one["value"]["doubleValue"];
                    !value.is_number() || value.get<double>() < 0 || value.get<double>() > length)
                    return "a duration beyond the span's own: " + span.dump();
        if (&span == &spans.front())
            continue;
        const auto parent = by_id.find(text_of(span, "parentSpanId"));
        if (parent == by_id.end())
            return "a second root: " + span.dump();
        if (start_of(span) < start_of(*parent->second) || end_of(span) > end_of(*parent->second))
            return "outside of its parent: " + span.dump();
    }
    return {};
}

} // namespace tokenscope::test
