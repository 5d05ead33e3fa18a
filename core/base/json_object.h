// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <optional>
#include <set>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope {

/// The first thing that is wrong with a document, with the JSON pointer of its place.
class FirstProblem {
public:
    void report(const std::string& pointer, const std::string& sentence);
    bool found() const { return m_error.has_value(); }
    const std::optional<Error>& error() const { return m_error; }

private:
    std::optional<Error> m_error;
};

enum class Presence { optional, required };

/// Reads the members of one JSON object by name and type, reports what is wrong, and at the end keys that nobody read. Whatever
/// is wrong, a default is given, so that the reader needs no branches: it asks `problem` at the end.
class JsonObject {
public:
    /// All must outlive it.
    JsonObject(const nlohmann::json& value, std::string pointer, FirstProblem& problem);
    JsonObject(const JsonObject&) = delete;
    JsonObject& operator=(const JsonObject&) = delete;

    bool has(std::string_view key) const;
    const std::string& pointer() const { return m_pointer; }
    std::string pointer_to(std::string_view key) const;
    void report(std::string_view key, const std::string& sentence);

    /// Null where it is absent, which is reported if it is required.
    const nlohmann::json* member(std::string_view key, Presence presence = Presence::optional);
    /// Text without control characters, of at most `longest` bytes.
    std::string text(std::string_view key, Presence presence, std::size_t longest);
    std::string long_text(std::string_view key, std::size_t longest); ///< line breaks and tabs may be in it
    bool flag(std::string_view key, bool otherwise);
    std::size_t whole(std::string_view key, std::size_t otherwise, std::size_t least, std::size_t most);
    std::optional<double> number(std::string_view key, Presence presence = Presence::optional);
    /// A list of at least `least` and at most `most` values; null where there is none.
    const nlohmann::json* list(std::string_view key, Presence presence, std::size_t least, std::size_t most);
    /// A list of texts, none of them twice.
    std::vector<std::string> texts(std::string_view key, Presence presence, std::size_t most);

    /// Reports the keys that were not asked for.
    void finish();

private:
    std::string checked_text(std::string_view key, Presence presence, std::size_t longest, std::string_view allowed);

    const nlohmann::json& m_value;
    std::string m_pointer;
    FirstProblem& m_problem;
    std::set<std::string, std::less<>> m_known;
};

} // namespace tokenscope
