// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/connection_file.h"

#include "base/file_access.h"
#include "base/url.h"
#include "net/headers.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <functional>
#include <iterator>
#include <set>
#include <string_view>
#include <system_error>

namespace tokenscope::sources {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr int file_version = 1;
constexpr std::int64_t largest_answer_mib = 8'192;
constexpr std::uintmax_t longest_file = std::uintmax_t{4} << 20;
constexpr std::array kind_names = {"prometheus", "page"};
constexpr std::array auth_names = {"none", "basic", "bearer"};
constexpr std::array connection_keys = {"id",       "name",    "kind",     "url",       "auth",
                                        "user",     "secret",  "headers",  "ca_file",   "certificate_file",
                                        "key_file", "timeout", "interval", "answer_mib"};

Error config_error(std::string message, std::string detail = {}, std::string param = {})
{
    return {.code = ErrorCode::config,
            .message = std::move(message),
            .detail = std::move(detail),
            .param = std::move(param)};
}

Error invalid(std::string param, std::string message)
{
    return config_error(std::move(message), {}, std::move(param));
}

/// Reads values out of the file's JSON and keeps the first thing that is wrong with them.
class Reader {
public:
    explicit Reader(const fs::path& file) : m_file(file) {}

    const std::optional<Error>& error() const { return m_error; }

    void wrong(std::string_view place, std::string_view what)
    {
        if (!m_error)
            m_error = config_error(fmt::format("{}, at {}: {}", m_file.string(), place.empty() ? "/" : place, what));
    }

    void text(const json& object, const std::string& place, const char* key, std::string& out)
    {
        if (const auto* value = find(object, key)) {
            if (value->is_string())
                out = value->get<std::string>();
            else
                wrong(place + '/' + key, "a text is expected here.");
        }
    }

    void time(const json& object, const std::string& place, const char* key, std::chrono::milliseconds& out)
    {
        if (const auto* value = find(object, key)) {
            if (value->is_number_integer())
                out = std::chrono::milliseconds(value->get<std::int64_t>());
            else
                wrong(place + '/' + key, "a whole number of milliseconds is expected here.");
        }
    }

    void number(const json& object, const std::string& place, const char* key, std::int64_t& out)
    {
        if (const auto* value = find(object, key)) {
            if (value->is_number_integer())
                out = value->get<std::int64_t>();
            else
                wrong(place + '/' + key, "a whole number is expected here.");
        }
    }

    template <typename Enum, std::size_t Count>
    void choice(const json& object, const std::string& place, const char* key,
                const std::array<const char*, Count>& names, Enum& out)
    {
        std::string name = names[static_cast<std::size_t>(out)];
        text(object, place, key, name);
        const auto found = std::ranges::find(names, name, [](const char* one) { return std::string_view(one); });
        if (found == names.end())
            wrong(place + '/' + key, fmt::format("'{}' is none of {}.", name, fmt::join(names, ", ")));
        else
            out = static_cast<Enum>(found - names.begin());
    }

    void only(const json& object, const std::string& place, const auto& keys)
    {
        for (const auto& [key, value] : object.items()) {
            if (std::ranges::find(keys, key, [](const char* one) { return std::string_view(one); }) == std::end(keys))
                wrong(place + '/' + key, "this key is not known: remove it, or use the version that wrote the file.");
        }
    }

    Connection connection(const json& object, const std::string& place);
    std::vector<Connection> file(const json& document);

private:
    static const json* find(const json& object, const char* key)
    {
        const auto found = object.find(key);
        return found == object.end() ? nullptr : &*found;
    }

    const fs::path& m_file;
    std::optional<Error> m_error;
};

Connection Reader::connection(const json& object, const std::string& place)
{
    Connection out;
    if (!object.is_object()) {
        wrong(place, "an object is expected here.");
        return out;
    }
    only(object, place, connection_keys);
    text(object, place, "id", out.id);
    text(object, place, "name", out.name);
    choice(object, place, "kind", kind_names, out.kind);
    text(object, place, "url", out.url);
    choice(object, place, "auth", auth_names, out.auth);
    text(object, place, "user", out.user);
    text(object, place, "secret", out.secret);
    if (const auto* headers = find(object, "headers")) {
        if (headers->is_object()) {
            for (const auto& [name, value] : headers->items())
                text(*headers, place + "/headers", name.c_str(), out.headers[name]);
        } else {
            wrong(place + "/headers", "an object of names and values is expected here.");
        }
    }
    text(object, place, "ca_file", out.ca_file);
    text(object, place, "certificate_file", out.certificate_file);
    text(object, place, "key_file", out.key_file);
    time(object, place, "timeout", out.timeout);
    time(object, place, "interval", out.interval);
    number(object, place, "answer_mib", out.answer_mib);
    if (out.id.empty())
        wrong(place + "/id", "an id is expected here.");
    if (const auto problem = validate(out))
        wrong(place + '/' + problem->param, problem->message);
    return out;
}

std::vector<Connection> Reader::file(const json& document)
{
    std::vector<Connection> out;
    const auto* version = document.is_object() ? find(document, "version") : nullptr;
    const auto* list = document.is_object() ? find(document, "connections") : nullptr;
    if (!version || !version->is_number_integer())
        wrong("/version", "a version is expected here.");
    else if (version->get<std::int64_t>() != file_version)
        wrong("/version",
              "this file was written by another version of Tokenscope: use that one, or move the file away.");
    else if (!list || !list->is_array())
        wrong("/connections", "a list of connections is expected here.");
    if (m_error)
        return out;
    only(document, {}, std::array{"version", "connections"});
    std::set<std::string> ids, names;
    for (const auto& object : *list) {
        const auto place = fmt::format("/connections/{}", out.size());
        out.push_back(connection(object, place));
        if (!ids.insert(out.back().id).second)
            wrong(place + "/id", "another connection has this id.");
        if (!names.insert(out.back().name).second)
            wrong(place + "/name", "another connection has this name.");
    }
    return out;
}

json to_json(const Connection& connection)
{
    json out = {{"id", connection.id},
                {"name", connection.name},
                {"kind", kind_names[static_cast<std::size_t>(connection.kind)]},
                {"url", connection.url},
                {"auth", auth_names[static_cast<std::size_t>(connection.auth)]},
                {"timeout", connection.timeout.count()},
                {"interval", connection.interval.count()}};
    const auto add = [&out](const char* key, const std::string& value) {
        if (!value.empty())
            out[key] = value;
    };
    add("user", connection.user);
    add("secret", connection.secret);
    add("ca_file", connection.ca_file);
    add("certificate_file", connection.certificate_file);
    add("key_file", connection.key_file);
    // Only what was changed, so that a version before the key can read the file.
    if (connection.answer_mib != Connection().answer_mib)
        out["answer_mib"] = connection.answer_mib;
    if (!connection.headers.empty())
        out["headers"] = connection.headers;
    return out;
}

std::optional<Error> validate_url(const Connection& connection)
{
    std::string_view text = connection.url;
    if (text.empty())
        return invalid("url", "Give the URL.");
    // A page may need parameters, as those of exporters that ask others do; "/api/v1" cannot be appended to them.
    if (connection.kind == ConnectionKind::page)
        text = text.substr(0, text.find('?'));
    const auto printable = std::ranges::all_of(connection.url, [](char c) { return c > ' ' && c < 0x7f; });
    if (!printable || connection.url.find('#') != std::string::npos)
        return invalid("url", "The URL has a space, a '#' or a character outside ASCII: write it as %XX.");
    if (const auto url = parse_url(text); !url)
        return invalid("url", fmt::format("This URL cannot be used: {}.", url.error().message));
    return std::nullopt;
}

} // namespace

Result<std::vector<Connection>> load_connections(const fs::path& file)
{
    const auto unreadable = [&file](const std::error_code& code) {
        return failure(
            config_error(fmt::format("{} cannot be read: check its permissions.", file.string()), code.message()));
    };
    std::error_code code;
    const auto status = fs::status(file, code);
    if (status.type() == fs::file_type::not_found)
        return std::vector<Connection>();
    if (code)
        return unreadable(code);
    if (!fs::is_regular_file(status))
        return failure(config_error(fmt::format("{} is not a file: move it away.", file.string())));
    std::ifstream stream(file, std::ios::binary);
    if (!stream)
        return unreadable(std::error_code(errno, std::generic_category()));
    if (fs::file_size(file, code) > longest_file)
        return failure(
            config_error(fmt::format("{} is larger than {} MiB: move it away.", file.string(), longest_file >> 20)));
    std::string text;
    json document;
    try {
        text.assign(std::istreambuf_iterator<char>(stream), {});
        document = json::parse(text);
    } catch (const json::parse_error& error) {
        const auto before = std::string_view(text).substr(0, error.byte == 0 ? 0 : error.byte - 1);
        return failure(config_error(
            fmt::format("{}, line {}: this is not JSON.", file.string(), std::ranges::count(before, '\n') + 1),
            error.what()));
    } catch (const std::exception& error) { // a number beyond every number, or a disk that fails
        return failure(config_error(fmt::format("{} cannot be read: move it away.", file.string()), error.what()));
    }
    Reader reader(file);
    auto connections = reader.file(document);
    if (reader.error())
        return failure(*reader.error());
    return connections;
}

Result<void> save_connections(const fs::path& file, const std::vector<Connection>& connections)
{
    json list = json::array();
    for (const auto& connection : connections)
        list.push_back(to_json(connection));
    const json document = {{"version", file_version}, {"connections", std::move(list)}};
    std::string text;
    try {
        text = document.dump(2) + '\n';
    } catch (const json::type_error& error) {
        return failure(config_error("A connection has a text that is not UTF-8: correct it.", error.what()));
    }
    auto written = write_whole(file, text);
    if (!written)
        written.error().code = ErrorCode::config;
    return written;
}

std::optional<Error> validate(const Connection& connection)
{
    using namespace std::chrono_literals;
    const auto blank = [](const std::string& text) { return text.find_first_not_of(" \t\r\n") == std::string::npos; };
    if (blank(connection.name))
        return invalid("name", "Give the connection a name.");
    if (auto error = validate_url(connection))
        return error;
    if (connection.auth == AuthKind::basic && connection.user.empty())
        return invalid("user", "Give the user.");
    // RFC 7617, 2: the first colon ends it.
    if (connection.auth == AuthKind::basic && connection.user.find(':') != std::string::npos)
        return invalid("user", "A user must not have a ':'.");
    if (connection.auth == AuthKind::bearer && connection.secret.empty())
        return invalid("secret", "Give the token.");
    for (const auto& [name, value] : connection.headers) {
        if (!net::is_token(name))
            return invalid("headers", fmt::format("'{}' is not a header's name: use letters, digits and '-'.", name));
        if (!net::is_field_value(value))
            return invalid("headers", fmt::format("The value of header {} has a line break or another character that "
                                                  "HTTP does not allow.",
                                                  name));
        for (const auto* own :
             {"Host", "Content-Length", "Transfer-Encoding", "Connection", "Content-Type", "Accept-Encoding"}) {
            if (net::same_header(name, own))
                return invalid("headers", fmt::format("Header {} is written by Tokenscope itself: remove it.", name));
        }
    }
    if (!connection.key_file.empty() && connection.certificate_file.empty())
        return invalid("certificate_file", "Give the certificate that belongs to the key.");
    if (connection.timeout <= 0ms || connection.timeout > 1h)
        return invalid("timeout", "The time-out must be longer than 0 and at most an hour.");
    if (connection.interval <= 0ms || connection.interval > 24h)
        return invalid("interval", "The interval must be longer than 0 and at most a day.");
    if (connection.answer_mib < 1 || connection.answer_mib > largest_answer_mib)
        return invalid("answer_mib", fmt::format("The largest answer must be of 1 to {} MiB.", largest_answer_mib));
    return std::nullopt;
}

} // namespace tokenscope::sources
