// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/values.h"

#include "base/url.h"
#include "config/auth_values.h"
#include "config/nearest.h"
#include "config/observability_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
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

Result<Value> parse_path(std::string_view text)
{
    const bool is_clean =
        std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7F; });
    if (!is_clean || (!text.empty() && !text.starts_with('/')) || text.ends_with('/'))
        return bad("is not an absolute path of a file; \"${HOME}/...\" is one");
    return std::string(text);
}

Result<Value> parse_base_url(std::string_view text)
{
    if (auto url = parse_url(text))
        return url->to_string();
    else if (text.find('@') == std::string_view::npos)
        return bad("is not a base URL", url.error().message);
    return bad("is not a base URL; a user name or password must not be in it");
}

Result<Value> parse_choice(const Choices& choices, std::string_view text)
{
    const auto find = [text](const auto& names) { return std::find(names.begin(), names.end(), text); };
    if (const auto found = find(choices.names); found != choices.names.end())
        return Choice{static_cast<std::size_t>(found - choices.names.begin())};
    if (find(choices.planned) != choices.planned.end())
        return bad("is not supported in this version");
    return bad(fmt::format("is not {}{}", choices.what, suggestion(text, choices.names)));
}

Result<Value> parse_text(ValueType type, std::string_view text)
{
    const auto to_value = [](std::string out) { return Value(std::move(out)); };
    switch (type) {
    case ValueType::name:
        if (!is_provider_name(text))
            return bad("is not a name of 1 to 64 letters, digits, '.', '_' or '-'");
        return std::string(text);
    case ValueType::path: return parse_path(text);
    case ValueType::url: return parse_base_url(text);
    case ValueType::host: return parse_host(text).map(to_value);
    case ValueType::origin: return parse_origin(text).map(to_value);
    case ValueType::listen: return parse_listen(text).map(to_value);
    case ValueType::address: return text.empty() ? Result<Value>(std::string()) : parse_listen(text).map(to_value);
    case ValueType::endpoint: return parse_endpoint(text).map(to_value);
    case ValueType::page: return parse_page(text).map(to_value);
    case ValueType::phrase: return parse_phrase(text).map(to_value);
    case ValueType::header: return parse_header_value(text).map(to_value);
    case ValueType::secret: return parse_secret(text).map(to_value);
    case ValueType::client_key: return parse_client_key(text).map(to_value);
    default: return std::string(text);
    }
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
    case ValueType::choice: return parse_choice(spec.choices(), text);
    default: return parse_text(spec.type, text);
    }
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
            return bad(fmt::format("is too fine, this key counts in whole {}",
                                   spec.step == 1'000'000 ? "seconds" : "milliseconds"));
    }
    return value;
}

std::string format_value(const KeySpec& spec, const Value& value)
{
    struct Formatter {
        const KeySpec& spec;
        std::string operator()(bool flag) const { return flag ? "true" : "false"; }
        std::string operator()(double number) const { return fmt::format("{}", number); }
        std::string operator()(const std::string& text) const { return text; }
        std::string operator()(Choice choice) const { return std::string(spec.choices().names[choice.index]); }
        std::string operator()(microseconds duration) const
        {
            return format_quantity(static_cast<std::uint64_t>(duration.count()), duration_units);
        }
        std::string operator()(std::uint64_t number) const
        {
            return spec.type == ValueType::size ? format_quantity(number, size_units) : fmt::format("{}", number);
        }
    };
    return std::visit(Formatter{spec}, value);
}

std::string format_range(const KeySpec& spec)
{
    // A bound that is the type's own tells nobody anything.
    if (!spec.range || spec.range->max >= static_cast<double>(std::numeric_limits<std::uint64_t>::max()))
        return {};
    return fmt::format("{} to {}", format_value(spec, at_magnitude(spec.type, spec.range->min)),
                       format_value(spec, at_magnitude(spec.type, spec.range->max)));
}

Result<std::string> parse_listen(std::string_view text)
{
    const auto address = parse_host_port(text);
    if (!address)
        return bad("is not an address to listen on", address.error().message);
    return address->to_string();
}

Result<void> check_listen(std::string_view address, const Auth& auth)
{
    const auto parsed = parse_host_port(address);
    if (!parsed)
        return bad("is not an address to listen on", parsed.error().message);
    if (auth.keys.empty() && !is_loopback_host(parsed->host)) {
        return bad("can be reached from other machines, so clients must need a key: add one to auth.keys, or listen on "
                   "127.0.0.1, [::1] or localhost");
    }
    return {};
}

} // namespace tokenscope::config
