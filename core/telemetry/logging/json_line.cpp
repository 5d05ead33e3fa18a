// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/logging/log.h"

#include "telemetry/text.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

namespace tokenscope::telemetry {

namespace {

void append_string(std::string& out, std::string_view raw)
{
    out += '"';
    for (const char c : valid_utf8(raw)) {
        switch (c) {
        case '"': out += "\\\""; break;
        case '\\': out += "\\\\"; break;
        case '\n': out += "\\n"; break;
        case '\r': out += "\\r"; break;
        case '\t': out += "\\t"; break;
        default:
            // DEL is legal in JSON but, like the C0 controls, can drive a terminal that shows the log.
            if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
                fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
            else
                out += c;
        }
    }
    out += '"';
}

struct ValueWriter {
    std::string& out;
    void operator()(std::string_view text) const { append_string(out, text); }
    void operator()(bool yes) const { out += yes ? "true" : "false"; }
    void operator()(double number) const { out += std::isfinite(number) ? number_text(number) : "null"; }
    void operator()(std::int64_t number) const { out += std::to_string(number); }
    void operator()(std::uint64_t number) const { out += std::to_string(number); }
};

void append_member(std::string& out, std::string_view key, const Field::Value& value)
{
    out += out.empty() ? '{' : ',';
    append_string(out, key);
    out += ':';
    std::visit(ValueWriter{out}, value);
}

} // namespace

std::string_view to_string(Level level)
{
    switch (level) {
    case Level::debug: return "debug";
    case Level::info: return "info";
    case Level::warn: return "warn";
    case Level::error: return "error";
    case Level::off: break;
    }
    return "off";
}

std::string json_line(WallTime time, Level level, std::string_view message, std::span<const Field> fields)
{
    std::string out;
    append_member(out, "time", std::string_view(rfc3339(time)));
    append_member(out, "level", to_string(level));
    append_member(out, "msg", message);
    for (const auto& field : fields)
        append_member(out, field.key, field.value);
    out += '}';
    return out;
}

} // namespace tokenscope::telemetry
