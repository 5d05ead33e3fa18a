// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/problem.h"
#include "telemetry/prices/price_table.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <map>
#include <set>
#include <utility>

namespace tokenscope::telemetry {

namespace {

namespace json = simdjson::ondemand;
using config::shown;

constexpr std::uint64_t known_version = 1;

/// Whether it is a day there is, as "2026-01-31".
bool is_day(std::string_view text)
{
    constexpr std::string_view shape = "dddd-dd-dd";
    const auto fits = [](char c, char wanted) { return wanted == 'd' ? c >= '0' && c <= '9' : c == wanted; };
    if (text.size() != shape.size() || !std::equal(text.begin(), text.end(), shape.begin(), fits))
        return false;
    const auto number = [&](std::size_t at, std::size_t digits) {
        int value = 0;
        std::from_chars(text.data() + at, text.data() + at + digits, value);
        return value;
    };
    return std::chrono::year_month_day(std::chrono::year(number(0, 4)),
                                       std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                       std::chrono::day(static_cast<unsigned>(number(8, 2))))
        .ok();
}

bool is_currency(std::string_view text)
{
    return text.size() == 3 && std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

/// Why it is no pattern; empty: it is one.
std::string_view pattern_problem(std::string_view text)
{
    if (text.empty())
        return "must not be empty";
    const auto star = text.find('*');
    if (star != std::string_view::npos && star + 1 != text.size())
        return "may have a \"*\" only as its last character";
    return {};
}

/// Reads one text and gathers what is wrong with it. Syntax errors end it.
class Reader {
public:
    explicit Reader(std::string_view text) : m_text(text) {}

    void read();
    std::vector<config::Problem>& problems() { return m_problems; }
    std::vector<Price>& prices() { return m_prices; }

private:
    using Seen = std::map<std::string, const char*, std::less<>>; ///< key -> where

    void problem(const char* where, std::string text);
    void read_document(json::object root);
    void read_entry(json::value value);
    void read_field(std::string_view key, json::value value, Price& price);
    void read_amount(std::string_view key, json::value value, std::optional<double>& into);
    void read_text(std::string_view key, json::value value, std::string& into);
    void check_entry(const char* where, const Seen& seen, Price price);

    /// Calls visit(key, value) for each member with a new key.
    template <typename Visit>
    Seen members(json::object object, Visit visit)
    {
        Seen seen;
        for (auto member : object) {
            json::field field;
            if (const auto error = std::move(member).get(field); error != simdjson::SUCCESS)
                throw simdjson::simdjson_error(error);
            const char* const where = field.key().raw() - 1; // its quote
            const std::string key(std::string_view(field.unescaped_key()));
            if (!seen.emplace(key, where).second)
                problem(where, fmt::format("the key \"{}\" is here twice", shown(key)));
            else
                visit(key, where, field.value());
        }
        return seen;
    }

    const std::string_view m_text;
    const char* m_begin = nullptr; ///< of the parser's copy
    std::vector<config::Problem> m_problems;
    std::vector<Price> m_prices;
    std::set<std::pair<std::string, std::string>> m_patterns; ///< model, provider
    std::optional<double> m_input, m_output;                  ///< of the entry at hand
};

void Reader::problem(const char* where, std::string text)
{
    const auto offset = std::min(static_cast<std::size_t>(where - m_begin), m_text.size());
    const auto before = m_text.substr(0, offset);
    const auto line_begin = before.rfind('\n') + 1; // 0 where there is none
    m_problems.push_back({.line = static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1,
                          .column = static_cast<int>(offset - line_begin) + 1,
                          .text = std::move(text)});
}

/// A slip of the pen rather than a price in any currency; sums of what is below stay finite.
constexpr double most_per_million = 1e12;

const char* begin_of(json::value& value)
{
    return value.raw_json_token().data();
}

void Reader::read_amount(std::string_view key, json::value value, std::optional<double>& into)
{
    const auto* const where = begin_of(value);
    double amount = 0;
    if (value.get_double().get(amount) != simdjson::SUCCESS)
        problem(where, fmt::format("\"{}\" must be a number", key));
    else if (amount < 0)
        problem(where, fmt::format("\"{}\" must not be negative", key));
    else if (amount > most_per_million)
        problem(where, fmt::format("\"{}\" is more than {} for a million tokens", key, most_per_million));
    else
        into = amount;
}

void Reader::read_text(std::string_view key, json::value value, std::string& into)
{
    const auto* const where = begin_of(value);
    std::string_view text;
    if (value.get_string().get(text) != simdjson::SUCCESS) {
        problem(where, fmt::format("\"{}\" must be a text in quotes", key));
        return;
    }
    std::string_view wrong;
    if (key == "model" || key == "provider")
        wrong = pattern_problem(text);
    else if (key == "currency" && !is_currency(text))
        wrong = "must be a currency's three capital letters, e.g. \"USD\"";
    else if (key == "as_of" && !is_day(text))
        wrong = "must be a day, e.g. \"2026-01-31\"";
    if (!wrong.empty())
        problem(where, fmt::format("\"{}\" {}", key, wrong));
    into = text;
}

void Reader::read_field(std::string_view key, json::value value, Price& price)
{
    const std::array<std::pair<std::string_view, std::string*>, 6> texts{{{"provider", &price.provider},
                                                                          {"model", &price.model},
                                                                          {"currency", &price.currency},
                                                                          {"as_of", &price.as_of},
                                                                          {"source", &price.source},
                                                                          {"note", &price.note}}};
    const std::array<std::pair<std::string_view, std::optional<double>*>, 4> amounts{
        {{"input", &m_input},
         {"output", &m_output},
         {"cached_input", &price.cached_input},
         {"cache_write", &price.cache_write}}};
    for (const auto& [name, into] : texts) {
        if (name == key)
            read_text(key, value, *into);
    }
    for (const auto& [name, into] : amounts) {
        if (name == key)
            read_amount(key, value, *into);
    }
}

void Reader::check_entry(const char* where, const Seen& seen, Price price)
{
    for (const auto* key : {"model", "input", "output", "currency"}) {
        if (!seen.contains(key))
            problem(where, fmt::format("the entry lacks \"{}\"", key));
    }
    if (const auto model = seen.find("model");
        model != seen.end() && !m_patterns.emplace(price.model, price.provider).second)
        problem(model->second, fmt::format("there is another entry for the model \"{}\" and {}", shown(price.model),
                                           price.provider.empty() ? "no provider" : "the same provider"));
    price.input = m_input.value_or(0);
    price.output = m_output.value_or(0);
    m_prices.push_back(std::move(price));
}

void Reader::read_entry(json::value value)
{
    constexpr std::array<std::string_view, 10> known{"provider",    "model",    "input", "output", "cached_input",
                                                     "cache_write", "currency", "as_of", "source", "note"};
    const auto* const where = begin_of(value);
    json::object object;
    if (value.get_object().get(object) != simdjson::SUCCESS) {
        problem(where, "an entry must be an object in braces");
        return;
    }
    Price price;
    m_input.reset();
    m_output.reset();
    const auto seen = members(object, [&](const std::string& key, const char* at, json::value member) {
        if (std::find(known.begin(), known.end(), key) == known.end())
            problem(at, fmt::format("unknown key \"{}\"", shown(key)));
        else
            read_field(key, member, price);
    });
    check_entry(where, seen, std::move(price));
}

void Reader::read_document(json::object root)
{
    const auto seen = members(root, [this](const std::string& key, const char* at, json::value value) {
        const auto* const where = begin_of(value);
        std::string note;
        std::uint64_t version = 0;
        json::array entries;
        if (key == "note") {
            read_text(key, value, note);
        } else if (key == "version") {
            if (value.get_uint64().get(version) != simdjson::SUCCESS || version == 0)
                problem(where, "\"version\" must be 1");
            else if (version > known_version)
                problem(where, fmt::format("the table is of version {}; this Tokenscope knows version {}", version,
                                           known_version));
        } else if (key == "prices") {
            if (value.get_array().get(entries) != simdjson::SUCCESS) {
                problem(where, "\"prices\" must be a list in brackets");
                return;
            }
            for (auto entry : entries)
                read_entry(std::move(entry).value());
        } else {
            problem(at, fmt::format("unknown key \"{}\"", shown(key)));
        }
    });
    for (const auto* key : {"version", "prices"}) {
        if (!seen.contains(key))
            problem(m_begin, fmt::format("the table lacks \"{}\"", key));
    }
}

void Reader::read()
{
    json::parser parser;
    const simdjson::padded_string padded(m_text);
    m_begin = padded.data();
    json::document document;
    const auto here = [&] {
        const char* at = nullptr;
        return document.current_location().get(at) == simdjson::SUCCESS ? at : m_begin + m_text.size();
    };
    try {
        if (const auto error = parser.iterate(padded).get(document); error != simdjson::SUCCESS) {
            m_problems.push_back({.text = fmt::format("not valid JSON: {}", simdjson::error_message(error))});
            return;
        }
        json::object root;
        if (document.get_object().get(root) != simdjson::SUCCESS) {
            problem(m_begin, "a price table is one JSON object in braces");
            return;
        }
        read_document(root);
        if (const auto* const rest = here(); rest < m_begin + m_text.size())
            problem(rest, "not valid JSON: something follows the table");
    } catch (const simdjson::simdjson_error& error) {
        problem(here(), fmt::format("not valid JSON: {}", error.what()));
    }
}

} // namespace

Result<PriceTable> parse_prices(std::string_view text, std::string_view file_name)
{
    constexpr std::size_t largest = std::size_t{1} << 20;
    if (text.size() > largest)
        return config::refuse(file_name, {.text = "is larger than 1 MiB, which no price table is"});
    Reader reader(text);
    reader.read();
    if (!reader.problems().empty())
        return failure(config::all_in_one(file_name, std::move(reader.problems())));
    return PriceTable(std::move(reader.prices()));
}

} // namespace tokenscope::telemetry
