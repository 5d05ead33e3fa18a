// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json_text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace tokenscope {

namespace {

using nlohmann::json;

constexpr std::size_t max_depth = 32;

std::string place_of(std::string_view text, std::size_t byte)
{
    const auto before = text.substr(0, std::min(byte, text.size()));
    const auto line = std::ranges::count(before, '\n') + 1;
    const auto column = before.size() - (before.rfind('\n') + 1); // npos + 1 is 0
    return fmt::format("line {}, column {}", line, std::max<std::size_t>(column, 1));
}

/// What the parser said, without its own name and place, and without the bytes that it choked on.
std::string reason_of(std::string_view what)
{
    if (const auto name = what.find("] "); name != std::string_view::npos)
        what.remove_prefix(name + 2);
    if (const auto place = what.find(": "); what.starts_with("parse error at") && place != std::string_view::npos)
        what.remove_prefix(place + 2);
    return std::string(what.substr(0, what.find("; last read")));
}

tl::unexpected<Error> refused(std::string message, std::string detail = {})
{
    return failure(ErrorCode::invalid_request, std::move(message), std::move(detail));
}

/// Passes once over the text, so that nothing is built of what is nested too deeply or has a key twice (where a parser would
/// keep one of them, and the other one would be lost on saving).
class Inspector : public nlohmann::json_sax<json> {
public:
    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(std::int64_t) override { return true; }
    bool number_unsigned(std::uint64_t) override { return true; }
    bool number_float(double, const std::string&) override { return true; }
    bool string(std::string&) override { return true; }
    bool binary(json::binary_t&) override { return true; }
    bool start_object(std::size_t) override { return enter(); }
    bool start_array(std::size_t) override { return enter(); }
    bool end_object() override { return leave(); }
    bool end_array() override { return leave(); }

    bool key(std::string& name) override
    {
        if (m_keys.back().insert(name).second)
            return true;
        problem = fmt::format("An object of the file has the key '{}' twice: remove one of them.", name);
        return false;
    }

    bool parse_error(std::size_t byte, const std::string&, const nlohmann::detail::exception& error) override
    {
        at = byte;
        detail = reason_of(error.what());
        return false;
    }

    std::string problem; ///< empty where the text is not JSON
    std::string detail;
    std::size_t at = 0;

private:
    bool enter()
    {
        m_keys.emplace_back();
        if (m_keys.size() <= max_depth)
            return true;
        problem = fmt::format("The file is nested deeper than {} levels: it is no dashboard.", max_depth);
        return false;
    }

    bool leave()
    {
        m_keys.pop_back();
        return true;
    }

    std::vector<std::set<std::string>> m_keys; ///< of the objects around; empty sets for lists
};

} // namespace

Result<json> parse_json_text(std::string_view text)
{
    if (text.size() > max_file_bytes)
        return refused(fmt::format("The file is larger than {} MiB: it is no dashboard.",
                                   max_file_bytes / (std::size_t{1} << 20U)));
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
        return refused("The file is empty.");
    Inspector inspector;
    if (!json::sax_parse(text, &inspector)) {
        if (!inspector.problem.empty())
            return refused(std::move(inspector.problem));
        return refused(fmt::format("The file is not JSON: {}, at {}.", inspector.detail, place_of(text, inspector.at)));
    }
    return json::parse(text);
}

} // namespace tokenscope
