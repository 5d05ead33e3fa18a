// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json_object.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace tokenscope {

namespace {

constexpr std::size_t longest_listed_text = 200;

std::string escaped(std::string_view key)
{
    std::string result;
    for (const char c : key)
        result += c == '~' ? std::string("~0") : c == '/' ? std::string("~1") : std::string(1, c);
    return result;
}

bool has_control(std::string_view text, std::string_view allowed)
{
    return std::ranges::any_of(text, [allowed](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 || byte == 0x7f) && allowed.find(c) == std::string_view::npos;
    });
}

} // namespace

void FirstProblem::report(const std::string& pointer, const std::string& sentence)
{
    if (m_error)
        return;
    m_error = Error{.code = ErrorCode::invalid_request,
                    .message = pointer.empty() ? sentence : fmt::format("{}: {}", pointer, sentence),
                    .param = pointer};
}

JsonObject::JsonObject(const nlohmann::json& value, std::string pointer, FirstProblem& problem)
    : m_value(value), m_pointer(std::move(pointer)), m_problem(problem)
{
    if (!value.is_object())
        m_problem.report(m_pointer, fmt::format("It must be an object, not {}.", value.type_name()));
}

bool JsonObject::has(std::string_view key) const
{
    return m_value.is_object() && m_value.contains(key);
}

std::string JsonObject::pointer_to(std::string_view key) const
{
    return m_pointer + "/" + escaped(key);
}

void JsonObject::report(std::string_view key, const std::string& sentence)
{
    m_problem.report(pointer_to(key), sentence);
}

const nlohmann::json* JsonObject::member(std::string_view key, Presence presence)
{
    m_known.emplace(key);
    if (has(key))
        return &*m_value.find(key);
    if (presence == Presence::required)
        m_problem.report(m_pointer, fmt::format("'{}' is missing.", key));
    return nullptr;
}

std::string JsonObject::checked_text(std::string_view key, Presence presence, std::size_t longest,
                                     std::string_view allowed)
{
    const auto* const value = member(key, presence);
    if (!value)
        return {};
    if (!value->is_string()) {
        report(key, fmt::format("It must be a text, not {}.", value->type_name()));
        return {};
    }
    auto text = value->get<std::string>();
    if (presence == Presence::required && text.find_first_not_of(' ') == std::string::npos)
        report(key, "It must not be empty.");
    if (text.size() > longest)
        report(key, fmt::format("It must not be longer than {} bytes.", longest));
    if (has_control(text, allowed))
        report(key, "It must not have control characters in it.");
    return text;
}

std::string JsonObject::text(std::string_view key, Presence presence, std::size_t longest)
{
    return checked_text(key, presence, longest, "");
}

std::string JsonObject::long_text(std::string_view key, std::size_t longest)
{
    return checked_text(key, Presence::optional, longest, "\n\t");
}

bool JsonObject::flag(std::string_view key, bool otherwise)
{
    const auto* const value = member(key);
    if (!value)
        return otherwise;
    if (!value->is_boolean()) {
        report(key, fmt::format("It must be true or false, not {}.", value->type_name()));
        return otherwise;
    }
    return value->get<bool>();
}

std::size_t JsonObject::whole(std::string_view key, std::size_t otherwise, std::size_t least, std::size_t most)
{
    const auto* const value = member(key);
    if (!value)
        return otherwise;
    const bool fits =
        value->is_number_unsigned() && value->get<std::uint64_t>() >= least && value->get<std::uint64_t>() <= most;
    if (!fits) {
        report(key, fmt::format("It must be a whole number from {} to {}.", least, most));
        return otherwise;
    }
    return value->get<std::size_t>();
}

std::optional<double> JsonObject::number(std::string_view key, Presence presence)
{
    const auto* const value = member(key, presence);
    if (!value)
        return std::nullopt;
    if (!value->is_number() || !std::isfinite(value->get<double>())) {
        report(key, fmt::format("It must be a number, not {}.", value->type_name()));
        return std::nullopt;
    }
    return value->get<double>();
}

const nlohmann::json* JsonObject::list(std::string_view key, Presence presence, std::size_t least, std::size_t most)
{
    const auto* const value = member(key, presence);
    if (!value)
        return nullptr;
    if (!value->is_array()) {
        report(key, fmt::format("It must be a list, not {}.", value->type_name()));
        return nullptr;
    }
    if (value->size() < least || value->size() > most) {
        report(key, fmt::format("It must have {} to {} entries, not {}.", least, most, value->size()));
        return nullptr;
    }
    return value;
}

std::vector<std::string> JsonObject::texts(std::string_view key, Presence presence, std::size_t most)
{
    std::vector<std::string> result;
    const auto* const values = list(key, presence, presence == Presence::required ? 1 : 0, most);
    if (!values)
        return result;
    for (std::size_t i = 0; i < values->size(); ++i) {
        const auto& value = (*values)[i];
        const auto entry = fmt::format("{}/{}", pointer_to(key), i);
        if (!value.is_string() || value.get_ref<const std::string&>().empty()
            || value.get_ref<const std::string&>().size() > longest_listed_text) {
            m_problem.report(entry, "It must be a text that is neither empty nor overlong.");
            continue;
        }
        if (std::ranges::find(result, value.get_ref<const std::string&>()) != result.end())
            m_problem.report(entry, fmt::format("'{}' is there twice.", value.get<std::string>()));
        result.push_back(value.get<std::string>());
    }
    return result;
}

void JsonObject::finish()
{
    if (!m_value.is_object())
        return;
    for (const auto& [key, value] : m_value.items()) {
        if (!m_known.contains(key))
            report(key, fmt::format("Unknown key; known here: {}.", fmt::join(m_known, ", ")));
    }
}

} // namespace tokenscope
