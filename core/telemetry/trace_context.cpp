// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/trace_context.h"

#include "telemetry/tracing/trace_ids.h"

#include <algorithm>
#include <vector>

namespace tokenscope::telemetry {

namespace {

constexpr std::size_t version_00_length = 55;
constexpr std::size_t trace_id_at = 3;
constexpr std::size_t span_id_at = 36;
constexpr std::size_t most_members = 32;
constexpr std::string_view line_pattern = "traceparent: 00-00000000000000000000000000000000-0000000000000000-00\r\n";
constexpr std::size_t value_at = line_pattern.find("00-");

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool is_lower_alpha(char c)
{
    return c >= 'a' && c <= 'z';
}

bool is_lower_hex(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); });
}

unsigned hex_value(char digit)
{
    return static_cast<unsigned>(is_digit(digit) ? digit - '0' : digit - 'a' + 10);
}

std::string_view trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool is_key_part(std::string_view part, std::size_t longest)
{
    return !part.empty() && part.size() <= longest && (is_lower_alpha(part[0]) || is_digit(part[0]))
           && std::all_of(part.begin(), part.end(), [](char c) {
                  return is_lower_alpha(c) || is_digit(c) || c == '_' || c == '-' || c == '*' || c == '/';
              });
}

bool is_key(std::string_view key)
{
    const auto at = key.find('@');
    if (at == std::string_view::npos)
        return is_key_part(key, 256) && is_lower_alpha(key[0]);
    const auto system = key.substr(at + 1);
    return is_key_part(key.substr(0, at), 241) && is_key_part(system, 14) && is_lower_alpha(system[0]);
}

bool is_value(std::string_view value)
{
    return !value.empty() && value.size() <= 256 && value.back() != ' '
           && std::all_of(value.begin(), value.end(),
                          [](char c) { return c >= 0x20 && c <= 0x7E && c != ',' && c != '='; });
}

bool is_tracestate(std::string_view text)
{
    std::vector<std::string_view> keys;
    while (!text.empty()) {
        const auto comma = text.find(',');
        const auto member = trimmed(text.substr(0, comma));
        text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
        if (member.empty())
            continue; // empty members are allowed and mean nothing
        const auto equals = member.find('=');
        if (equals == std::string_view::npos || !is_key(member.substr(0, equals))
            || !is_value(member.substr(equals + 1)))
            return false;
        const auto key = member.substr(0, equals);
        if (std::find(keys.begin(), keys.end(), key) != keys.end() || keys.size() == most_members)
            return false;
        keys.push_back(key);
    }
    return true;
}

} // namespace

std::optional<TraceContext> parse_trace_context(std::string_view traceparent, std::string_view tracestate)
{
    // version "-" trace-id "-" parent-id "-" trace-flags
    const auto text = trimmed(traceparent);
    if (text.size() < version_00_length || text[2] != '-' || text[35] != '-' || text[52] != '-')
        return std::nullopt;
    const auto version = text.substr(0, 2);
    const auto trace_id = parse_trace_id(text.substr(trace_id_at, 32));
    const auto span_id = parse_span_id(text.substr(span_id_at, 16));
    const auto flags = text.substr(53, 2);
    if (!is_lower_hex(version) || version == "ff" || !trace_id || !span_id || !is_lower_hex(flags))
        return std::nullopt;
    if (text.size() > version_00_length && (version == "00" || text[version_00_length] != '-'))
        return std::nullopt;

    // Bits other than `sampled` are reserved and must be sent on as 0.
    const auto bits = static_cast<std::uint8_t>(hex_value(flags[1]) & TraceContext::sampled_flag);
    const auto state = trimmed(tracestate);
    return TraceContext{.trace_id = *trace_id,
                        .span_id = *span_id,
                        .flags = bits,
                        .tracestate = is_tracestate(state) ? std::string(state) : std::string()};
}

TraceContext new_trace()
{
    TraceContext context;
    renew(context.trace_id, context.span_id);
    return context;
}

TraceContext child_of(const TraceContext& parent)
{
    auto child = parent;
    child.span_id = new_span_id();
    return child;
}

TraceParent::TraceParent(const TraceContext& context) : m_set(true)
{
    static_assert(line_pattern.size() == std::tuple_size_v<decltype(m_line)>);
    line_pattern.copy(m_line.data(), m_line.size());
    write_hex(m_line.data() + value_at + trace_id_at, context.trace_id);
    write_hex(m_line.data() + value_at + span_id_at, context.span_id);
    if (context.sampled())
        m_line[value_at + version_00_length - 1] = '1';
}

void TraceParent::set_span(const SpanId& span)
{
    if (m_set)
        write_hex(m_line.data() + value_at + span_id_at, span);
}

std::string_view TraceParent::value() const
{
    return m_set ? field().substr(value_at, version_00_length) : std::string_view();
}

} // namespace tokenscope::telemetry
