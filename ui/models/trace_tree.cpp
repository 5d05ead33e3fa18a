// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/trace_tree.h"

#include "telemetry/tracing/trace_ids.h"

#include <algorithm>
#include <chrono>
#include <map>

namespace tokenscope::ui {

TraceTree::TraceTree(telemetry::TraceSpans spans) : m_spans(std::move(spans))
{
    if (!m_spans || m_spans->empty())
        return;
    m_begin = m_spans->front().start;
    m_end = m_begin;
    m_rows.resize(m_spans->size());
    for (std::size_t i = 0; i < m_spans->size(); ++i) {
        const auto& span = (*m_spans)[i];
        m_rows[i].span = i;
        m_rows[i].endsBeforeStart = span.end < span.start;
        m_begin = std::min(m_begin, span.start);
        m_end = std::max({m_end, span.start, span.end});
    }
    linkSpans();
    breakLoops();
    finish();
}

const telemetry::SpanData* TraceTree::span(std::size_t row) const
{
    const auto at = m_rows.at(row).span;
    return at ? &(*m_spans)[*at] : nullptr;
}

std::size_t TraceTree::requestCount() const
{
    if (!m_spans)
        return 0;
    return static_cast<std::size_t>(std::count_if(
        m_spans->begin(), m_spans->end(), [](const auto& span) { return span.kind == telemetry::SpanKind::server; }));
}

void TraceTree::linkSpans()
{
    std::map<telemetry::SpanId, std::size_t> byId;
    for (std::size_t i = 0; i < m_spans->size(); ++i)
        byId.emplace((*m_spans)[i].span_id, i); // of two with one id, the first has the children
    std::vector<std::size_t> orphans;
    for (std::size_t i = 0; i < m_spans->size(); ++i) {
        const auto& span = (*m_spans)[i];
        if (!telemetry::is_set(span.parent_id)) {
            m_top.push_back(i);
            continue;
        }
        const auto parent = byId.find(span.parent_id);
        if (parent != byId.end()) {
            m_rows[i].parent = parent->second;
            m_rows[parent->second].children.push_back(i);
        } else if (span.parent_is_remote) {
            m_top.push_back(i);
        } else {
            orphans.push_back(i);
        }
    }
    adoptOrphans(orphans);
}

std::size_t TraceTree::addStandIn()
{
    m_rows.emplace_back();
    m_top.push_back(m_rows.size() - 1);
    return m_rows.size() - 1;
}

void TraceTree::adoptOrphans(const std::vector<std::size_t>& orphans)
{
    std::map<telemetry::SpanId, std::size_t> standIns;
    for (const auto orphan : orphans) {
        const auto id = (*m_spans)[orphan].parent_id;
        auto at = standIns.find(id);
        if (at == standIns.end()) {
            at = standIns.emplace(id, addStandIn()).first;
            m_rows[at->second].missing = telemetry::to_hex(id);
        }
        m_rows[orphan].parent = at->second;
        m_rows[at->second].children.push_back(orphan);
    }
}

void TraceTree::breakLoops()
{
    std::vector<bool> reached(m_rows.size(), false);
    const auto reachFrom = [&](std::size_t top) {
        std::vector<std::size_t> open{top};
        while (!open.empty()) {
            const auto row = open.back();
            open.pop_back();
            if (reached[row])
                continue;
            reached[row] = true;
            open.insert(open.end(), m_rows[row].children.begin(), m_rows[row].children.end());
        }
    };
    for (const auto top : m_top)
        reachFrom(top);
    std::optional<std::size_t> standIn;
    for (std::size_t i = 0; i < m_spans->size(); ++i) {
        if (reached[i])
            continue;
        if (!standIn) {
            standIn = addStandIn();
            m_rows[*standIn].loop = true;
            reached.push_back(true);
        }
        auto& siblings = m_rows[*m_rows[i].parent].children;
        siblings.erase(std::find(siblings.begin(), siblings.end(), i));
        m_rows[i].parent = standIn;
        m_rows[*standIn].children.push_back(i);
        reachFrom(i);
    }
}

void TraceTree::finish()
{
    const auto startOf = [this](std::size_t row) {
        while (!m_rows[row].span && !m_rows[row].children.empty())
            row = m_rows[row].children.front();
        return m_rows[row].span ? (*m_spans)[*m_rows[row].span].start : m_begin;
    };
    const auto byStart = [&](std::size_t a, std::size_t b) { return startOf(a) < startOf(b); };
    for (auto& row : m_rows)
        std::stable_sort(row.children.begin(), row.children.end(), byStart);
    std::stable_sort(m_top.begin(), m_top.end(), byStart);
    // From the top down, so that what is too deep is hung up where the depth is known.
    std::vector<std::pair<std::size_t, std::size_t>> open;
    for (const auto top : m_top)
        open.emplace_back(top, 1);
    while (!open.empty()) {
        const auto [row, depth] = open.back();
        open.pop_back();
        const auto children = m_rows[row].children;
        for (const auto child : children) {
            m_rows[child].beforeParent = m_rows[row].span && startOf(child) < startOf(row);
            if (depth >= deepest) {
                const auto above = *m_rows[row].parent;
                m_rows[child].parent = above;
                m_rows[above].children.push_back(child);
                open.emplace_back(child, depth);
            } else {
                open.emplace_back(child, depth + 1);
            }
        }
        if (depth >= deepest)
            m_rows[row].children.clear();
    }
    for (auto& row : m_rows) {
        for (std::size_t i = 0; i < row.children.size(); ++i)
            m_rows[row.children[i]].place = i;
    }
    for (std::size_t i = 0; i < m_top.size(); ++i)
        m_rows[m_top[i]].place = i;
}

std::optional<double> secondsOf(const telemetry::SpanData& span)
{
    if (span.end < span.start)
        return std::nullopt;
    return std::chrono::duration<double>(span.end - span.start).count();
}

} // namespace tokenscope::ui
