// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/values.h"

#include "base/url.h"
#include "config/nearest.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace tokenscope::config {
namespace {

using std::chrono::microseconds;

struct Unit {
    std::string_view name;
    std::uint64_t factor;
};

/// From the largest down, so that formatting finds the shortest text. The last one is exact for every value.
constexpr std::array<Unit, 6> duration_units{{
    {"d", 86'400'000'000},
    {"h", 3'600'000'000},
    {"m", 60'000'000},
    {"s", 1'000'000},
    {"ms", 1'000},
    {"us", 1},
}};
constexpr std::array<Unit, 7> size_units{{
    {"GiB", 1ULL << 30},
    {"MiB", 1ULL << 20},
    {"KiB", 1ULL << 10},
    {"GB", 1'000'000'000},
    {"MB", 1'000'000},
    {"kB", 1'000},
    {"B", 1},
}};

/// No duration or size is meant to be larger; keeps the arithmetic below from overflowing.
constexpr std::uint64_t largest_quantity = 1ULL << 53;
constexpr std::size_t longest_fraction = 6;

tl::unexpected<Error> bad(std::string message, std::string detail = {})
{
    return failure(ErrorCode::config, std::move(message), std::move(detail));
}

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

std::optional<std::uint64_t> parse_digits(std::string_view text)
{
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

/// "1.5" x 60 -> 90; nothing if the text is no decimal number or the product not whole.
std::optional<std::uint64_t> scaled(std::string_view number, std::uint64_t factor)
{
    const auto point = number.find('.');
    const auto whole = parse_digits(number.substr(0, point));
    if (!whole || *whole > largest_quantity / factor)
        return std::nullopt;
    if (point == std::string_view::npos)
        return *whole * factor;
    const auto digits = number.substr(point + 1);
    const auto fraction = digits.size() <= longest_fraction ? parse_digits(digits) : std::nullopt;
    if (!fraction)
        return std::nullopt;
    std::uint64_t divisor = 1;
    for (std::size_t i = 0; i < digits.size(); ++i)
        divisor *= 10;
    if (*fraction * factor % divisor != 0)
        return std::nullopt;
    return *whole * factor + *fraction * factor / divisor;
}

template <std::size_t N>
std::optional<std::uint64_t> parse_quantity(std::string_view text, const std::array<Unit, N>& units,
                                            std::string_view default_unit)
{
    const auto split = std::find_if(text.begin(), text.end(), [](char c) { return !is_digit(c) && c != '.'; });
    const auto number = text.substr(0, static_cast<std::size_t>(split - text.begin()));
    auto unit = text.substr(number.size());
    if (unit.empty())
        unit = number == "0" ? units.back().name : default_unit;
    for (const auto& candidate : units) {
        if (candidate.name == unit)
            return scaled(number, candidate.factor);
    }
    return std::nullopt;
}

template <std::size_t N>
std::string format_quantity(std::uint64_t value, const std::array<Unit, N>& units)
{
    for (const auto& unit : units) {
        if (value != 0 && value % unit.factor == 0)
            return fmt::format("{}{}", value / unit.factor, unit.name);
    }
    return "0";
}

std::optional<double> parse_decimal(std::string_view text)
{
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

bool is_provider_name(std::string_view text)
{
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
        return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' || c == '-';
    });
}

/// Everything that may stand in a header's value without an encoding.
bool is_token_text(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F; });
}

Result<Value> parse_typed(const KeySpec& spec, std::string_view text)
{
    switch (spec.type) {
    case ValueType::boolean:
        if (text != "true" && text != "false")
            return bad("must be true or false");
        return text == "true";
    case ValueType::count:
        if (const auto value = parse_digits(text))
            return *value;
        return bad("is not a whole number");
    case ValueType::number:
        if (const auto value = parse_decimal(text))
            return *value;
        return bad("is not a number");
    case ValueType::duration:
        if (const auto value = parse_quantity(text, duration_units, ""))
            return microseconds(*value);
        return bad("is not a duration with a unit, such as 250us, 500ms, 30s, 2m, 1h or 30d");
    case ValueType::size:
        if (const auto value = parse_quantity(text, size_units, "B"))
            return *value;
        return bad("is not a size such as 65536, 64KiB or 32MiB");
    case ValueType::name:
        if (!is_provider_name(text))
            return bad("is not a name of 1 to 64 letters, digits, '.', '_' or '-'");
        return std::string(text);
    case ValueType::kind:
        if (const auto value = parse_kind(text))
            return *value;
        if (is_planned_kind(text))
            return bad("is not supported in this version");
        return bad("is not a kind of provider" + suggestion(text, kind_names()));
    case ValueType::url:
        if (auto url = parse_url(text))
            return url->to_string();
        else
            return text.find('@') == std::string_view::npos
                       ? bad("is not a base URL", url.error().message)
                       : bad("is not a base URL; a user name or password must not be in it");
    case ValueType::listen:
        return check_listen(text).map([](std::string address) { return Value(std::move(address)); });
    case ValueType::secret:
        if (text == secret_mask)
            return bad("is the mask that --print-config shows; put the key itself or a ${VARIABLE} there");
        if (!is_token_text(text))
            return bad("has a space, a line break or a character outside ASCII, which no key has");
        return std::string(text);
    case ValueType::text: return std::string(text);
    }
    std::abort();
}

/// What a Range counts in.
double magnitude(const Value& value)
{
    if (const auto* number = std::get_if<double>(&value))
        return *number;
    if (const auto* duration = std::get_if<microseconds>(&value))
        return static_cast<double>(duration->count());
    return static_cast<double>(std::get<std::uint64_t>(value));
}

Value at_magnitude(ValueType type, double magnitude)
{
    if (type == ValueType::number)
        return magnitude;
    if (type == ValueType::duration)
        return microseconds(static_cast<std::int64_t>(magnitude));
    return static_cast<std::uint64_t>(magnitude);
}

} // namespace

Result<Value> parse_value(const KeySpec& spec, std::string_view text)
{
    auto value = parse_typed(spec, text);
    if (!value)
        return value;
    if (spec.range && (magnitude(*value) < spec.range->min || magnitude(*value) > spec.range->max))
        return bad("is out of range, allowed: " + format_range(spec));
    if (const auto* duration = std::get_if<microseconds>(&*value)) {
        if (static_cast<std::uint64_t>(duration->count()) % spec.step != 0)
            return bad("is too fine, this key counts in whole milliseconds");
    }
    return value;
}

std::string format_value(const KeySpec& spec, const Value& value)
{
    struct Formatter {
        ValueType type;
        std::string operator()(bool flag) const { return flag ? "true" : "false"; }
        std::string operator()(double number) const { return fmt::format("{}", number); }
        std::string operator()(const std::string& text) const { return text; }
        std::string operator()(ProviderKind kind) const { return std::string(to_string(kind)); }
        std::string operator()(microseconds duration) const
        {
            return format_quantity(static_cast<std::uint64_t>(duration.count()), duration_units);
        }
        std::string operator()(std::uint64_t number) const
        {
            return type == ValueType::size ? format_quantity(number, size_units) : fmt::format("{}", number);
        }
    };
    return std::visit(Formatter{spec.type}, value);
}

std::string format_range(const KeySpec& spec)
{
    // A bound that is the type's own tells nobody anything.
    if (!spec.range || spec.range->max >= static_cast<double>(std::numeric_limits<std::uint64_t>::max()))
        return {};
    return fmt::format("{} to {}", format_value(spec, at_magnitude(spec.type, spec.range->min)),
                       format_value(spec, at_magnitude(spec.type, spec.range->max)));
}

Result<std::string> check_listen(std::string_view text)
{
    const auto address = parse_host_port(text);
    if (!address)
        return bad("is not an address to listen on", address.error().message);
    if (!is_loopback_host(address->host)) {
        return bad("can be reached from other machines, and this version cannot ask clients for a key yet; listen on "
                   "127.0.0.1, [::1] or localhost");
    }
    return address->to_string();
}

} // namespace tokenscope::config
