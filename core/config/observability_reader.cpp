// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/observability_reader.h"

#include "config/observability_values.h"

#include <fmt/format.h>

namespace tokenscope::config {

using Node = YAML::Node;
using Mark = YAML::Mark;
using Path = std::string;

void ObservabilityReader::read(const Node& node, const Path& path, Observability& out)
{
    m_reader.read_map(node, path, out,
                      {{"metrics", [&](const Node& value, const Mark&,
                                       const Path& child) { read_metrics(value, child, out.metrics); }},
                       {"tracing", [&](const Node& value, const Mark&,
                                       const Path& child) { read_tracing(value, child, out.tracing); }},
                       {"requests", [&](const Node& value, const Mark&,
                                        const Path& child) { read_requests(value, child, out.requests); }},
                       {"charts", [&](const Node& value, const Mark&, const Path& child) {
                            m_reader.read_map(value, child, out.charts, {});
                        }}});
}

std::optional<ObservabilityReader::Taken> ObservabilityReader::taken(const Node& node, const Path& path,
                                                                     const YamlReader::Seen& seen,
                                                                     const std::string& name)
{
    const auto found = seen.find(name);
    if (found == seen.end() || !found->second.valid)
        return std::nullopt;
    return Taken{found->second.value, joined(path, name), node[name].Scalar()};
}

void ObservabilityReader::report(const Taken& value, std::string_view what)
{
    m_reader.report(value.mark, value.path, fmt::format("'{}' {}", shown(value.written), what));
}

void ObservabilityReader::read_metrics(const Node& node, const Path& path, Metrics& out)
{
    m_address = taken(node, path, m_reader.read_map(node, path, out, {}), "address");
}

void ObservabilityReader::read_tracing(const Node& node, const Path& path, Tracing& out)
{
    m_reader.read_map(node, path, out,
                      {{"sampler", [&](const Node& value, const Mark&,
                                       const Path& child) { read_sampler(value, child, out.sampler); }},
                       {"exporter", [&](const Node& value, const Mark&, const Path& child) {
                            read_exporter(value, child, out.exporter);
                        }}});
}

void ObservabilityReader::read_sampler(const Node& node, const Path& path, Sampler& out)
{
    const auto seen = m_reader.read_map(node, path, out, {});
    const auto type = seen.find("type");
    const bool type_known = type == seen.end() || type->second.valid;
    // --print-config writes the rate whatever the type is.
    if (type_known && out.type != SamplerType::probability && out.rate != Sampler().rate)
        m_reader.warn(seen.at("rate").mark, joined(path, "rate"), "has no effect unless type is probability");
}

void ObservabilityReader::read_exporter(const Node& node, const Path& path, Exporter& out)
{
    const auto seen = m_reader.read_map(
        node, path, out,
        {{"headers", [&](const Node& value, const Mark&, const Path& child) { read_headers(value, child, out); }}});
    if (const auto type = seen.find("type"); type != seen.end() && !type->second.valid)
        return; // what else is right depends on it
    const bool sends = out.type == ExporterType::otlp || out.type == ExporterType::otlp_http;
    const auto endpoint = taken(node, path, seen, "endpoint");
    if (!sends) {
        const auto no_effect = fmt::format("has no effect for type {}; otlp or otlp_http sends", name_of(out.type));
        if (endpoint && !out.endpoint.empty())
            m_reader.warn(endpoint->mark, endpoint->path, no_effect);
        if (!out.headers.empty())
            m_reader.warn(seen.at("headers").mark, joined(path, "headers"), no_effect);
        return;
    }
    if (const auto completed = complete_endpoint(out); !completed)
        report(*endpoint, completed.error().message);
    else if (exposes_headers(out))
        m_reader.warn(seen.at("headers").mark, joined(path, "headers"),
                      "would be sent without TLS, for everybody on the way to read; use https://");
}

void ObservabilityReader::read_headers(const Node& node, const Path& path, Exporter& out)
{
    if (!m_reader.is_container(node, path, YAML::NodeType::Map))
        return;
    YamlReader::Seen seen;
    for (const auto& entry : node) {
        // Nothing of a name that is none is repeated: it may be a whole header, with its value.
        if (entry.first.IsScalar() && !parse_header_name(entry.first.Scalar())) {
            m_reader.report(entry.first.Mark(), path, parse_header_name(entry.first.Scalar()).error().message);
            continue;
        }
        const auto key = m_reader.map_key(entry.first, entry.second, path, seen);
        if (!key)
            continue;
        const auto name = *parse_header_name(*key);
        const auto header_path = joined(path, *key);
        const auto value =
            m_reader.read_value({.type = ValueType::header}, entry.second, entry.first.Mark(), header_path);
        if (!value)
            continue;
        if (!out.headers.emplace(name, std::get<std::string>(*value)).second)
            m_reader.report(entry.first.Mark(), header_path, "is there already; case does not count in header names");
    }
}

void ObservabilityReader::read_requests(const Node& node, const Path& path, RequestLog& out)
{
    const auto seen = m_reader.read_map(node, path, out, {});
    m_requests_path = taken(node, path, seen, "path");
    const auto backend = seen.find("backend");
    const bool backend_known = backend == seen.end() || backend->second.valid;
    if (m_requests_path && backend_known && out.backend == RequestLogBackend::memory && !out.path.empty())
        m_reader.warn(seen.at("path").mark, m_requests_path->path, "has no effect for backend memory");
}

void ObservabilityReader::finish(const Config& config)
{
    const auto& metrics = config.observability.metrics;
    if (m_address) {
        if (const auto checked = check_metrics_address(metrics, config.listen); !checked)
            report(*m_address, checked.error().message);
    }
    const auto& requests = config.observability.requests;
    if (m_requests_path && !requests.path.empty() && requests.path == config.conversations.path)
        report(*m_requests_path, "is the file of conversations; each needs its own");
}

} // namespace tokenscope::config
