// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <simdjson.h>

#include <string>
#include <string_view>
#include <utility>

namespace tokenscope::llm {

/// Parser and padded buffer for one JSON text after another, so that small texts cost no allocation. Used inside this
/// folder for what upstreams send: read on demand, so that a number we do not need may be out of range or NaN.
class JsonScratch {
public:
    /// What `document` and everything got from it point to lives until the next call.
    simdjson::error_code open(std::string_view json, simdjson::ondemand::document& document)
    {
        if (m_text.capacity() < json.size() + simdjson::SIMDJSON_PADDING)
            m_text.reserve(json.size() + simdjson::SIMDJSON_PADDING);
        m_text.assign(json);
        return m_parser.iterate(simdjson::padded_string_view(m_text.data(), m_text.size(), m_text.capacity()))
            .get(document);
    }

private:
    simdjson::ondemand::parser m_parser;
    std::string m_text;
};

/// A reader's way through the members of an object: `visit(key, value)` for each; false if it is no object or broken.
template <typename Visit>
bool visit_members(simdjson::ondemand::object object, Visit visit)
{
    for (auto member : object) {
        simdjson::ondemand::field field;
        std::string_view key;
        if (std::move(member).get(field) != simdjson::SUCCESS || field.unescaped_key().get(key) != simdjson::SUCCESS)
            return false;
        if (!visit(key, field.value()))
            return false;
    }
    return true;
}

/// The same for the elements of an array; nothing happens for another value (null is common).
template <typename Visit>
bool visit_elements(simdjson::ondemand::value value, Visit visit)
{
    simdjson::ondemand::array array;
    if (value.get_array().get(array) != simdjson::SUCCESS)
        return true;
    for (auto element : array) {
        simdjson::ondemand::value item;
        if (std::move(element).get(item) != simdjson::SUCCESS || !visit(item))
            return false;
    }
    return true;
}

/// Visits the members if `value` is an object; nothing happens for another value.
template <typename Visit>
bool visit_value(simdjson::ondemand::value value, Visit visit)
{
    simdjson::ondemand::object object;
    return value.get_object().get(object) != simdjson::SUCCESS || visit_members(object, visit);
}

/// Visits the members of a whole text; false if it is not exactly one JSON object.
template <typename Visit>
bool visit_text(JsonScratch& scratch, std::string_view json, Visit visit)
{
    simdjson::ondemand::document document;
    simdjson::ondemand::object object;
    const char* rest = nullptr;
    return scratch.open(json, document) == simdjson::SUCCESS && document.get_object().get(object) == simdjson::SUCCESS
           && visit_members(object, visit) && document.current_location().get(rest) == simdjson::OUT_OF_BOUNDS;
}

/// The string, or `fallback` for any other value.
inline std::string_view text_or(simdjson::ondemand::value value, std::string_view fallback = {})
{
    std::string_view text;
    return value.get_string().get(text) == simdjson::SUCCESS ? text : fallback;
}

/// True for a string that is not empty.
inline bool has_text(simdjson::ondemand::value value)
{
    simdjson::ondemand::raw_json_string raw;
    return value.get_raw_json_string().get(raw) == simdjson::SUCCESS && raw.raw()[0] != '"';
}

} // namespace tokenscope::llm
