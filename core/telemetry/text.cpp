// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace tokenscope::telemetry {

namespace {

struct LeadByte {
    unsigned char from, to;               // of the lead byte itself
    unsigned char second_from, second_to; // narrower than 80-BF where overlong forms and surrogates would hide
    std::size_t length;
};

// Table 3-7 of the Unicode standard, "Well-Formed UTF-8 Byte Sequences".
constexpr std::array<LeadByte, 9> lead_bytes{{{0x01, 0x7F, 0, 0, 1},
                                              {0xC2, 0xDF, 0x80, 0xBF, 2},
                                              {0xE0, 0xE0, 0xA0, 0xBF, 3},
                                              {0xE1, 0xEC, 0x80, 0xBF, 3},
                                              {0xED, 0xED, 0x80, 0x9F, 3},
                                              {0xEE, 0xEF, 0x80, 0xBF, 3},
                                              {0xF0, 0xF0, 0x90, 0xBF, 4},
                                              {0xF1, 0xF3, 0x80, 0xBF, 4},
                                              {0xF4, 0xF4, 0x80, 0x8F, 4}}};

/// Length of the well-formed character at the start of `text`, which is not empty; 0 if there is none.
std::size_t character_length(std::string_view text)
{
    const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const auto lead = std::find_if(lead_bytes.begin(), lead_bytes.end(),
                                   [&](const LeadByte& row) { return byte(0) >= row.from && byte(0) <= row.to; });
    if (lead == lead_bytes.end() || text.size() < lead->length)
        return 0;
    if (lead->length > 1 && (byte(1) < lead->second_from || byte(1) > lead->second_to))
        return 0;
    for (std::size_t i = 2; i < lead->length; ++i) {
        if (byte(i) < 0x80 || byte(i) > 0xBF)
            return 0;
    }
    return lead->length;
}

} // namespace

std::string valid_utf8(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const auto length = character_length(text);
        if (length > 0)
            out.append(text.substr(0, length));
        else
            out.append("\xEF\xBF\xBD");
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return out;
}

void append_number(std::string& out, double value)
{
    if (std::isnan(value)) {
        out += "NaN";
        return;
    }
    if (std::isinf(value)) {
        out += value > 0 ? "+Inf" : "-Inf";
        return;
    }
    const auto size = std::abs(value);
    // Left alone, to_chars writes 5e-04 for the bucket that every client library calls 0.0005.
    const bool plain = size == 0 || (size >= 1e-4 && size < 1e15);
    std::array<char, 64> buffer;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                   plain ? std::chars_format::fixed : std::chars_format::scientific);
    out.append(buffer.data(), end.ptr);
}

std::string number_text(double value)
{
    std::string out;
    append_number(out, value);
    return out;
}

std::string rfc3339(WallTime time)
{
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                       clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

} // namespace tokenscope::telemetry
