// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/loader.h"

#include "config/document_reader.h"
#include "config/problem.h"

#include <simdjson.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <fstream>

namespace tokenscope::config {
namespace {

constexpr std::size_t largest_file = std::size_t{1} << 20;

/// A tab in the indentation is the usual cause, and the parser's own words for it mislead.
std::string syntax_problem(std::string_view text, const YAML::Exception& error)
{
    for (int line = 0; line < error.mark.line; ++line)
        text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
    const auto indentation = text.substr(0, std::min(text.find_first_not_of(" \t"), text.size()));
    const bool has_tab = indentation.find('\t') != std::string_view::npos;
    return "not valid YAML: " + (has_tab ? "lines must be indented by spaces, not by tabs" : error.msg);
}

/// The parser takes an unclosed quote for closed when a line feed comes before the end.
std::string_view without_final_space(std::string_view text)
{
    return text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
}

} // namespace

Result<Config> load_config(std::string_view yaml_text, std::string_view file_name, const Lookup& lookup,
                           std::vector<std::string>* warnings)
{
    if (yaml_text.size() > largest_file)
        return refuse(file_name, {.text = "is larger than 1 MiB, which no configuration is"});
    if (!simdjson::validate_utf8(yaml_text.data(), yaml_text.size()))
        return refuse(file_name, {.text = "is not UTF-8 text"});
    if (const auto nul = yaml_text.find('\0'); nul != std::string_view::npos)
        return refuse(file_name, {.text = "is not text: it has a NUL character"});
    try {
        const auto documents = YAML::LoadAll(std::string(without_final_space(yaml_text)));
        if (documents.size() > 1)
            return refuse(file_name, {documents[1].Mark().line + 1, documents[1].Mark().column + 1,
                                      "a second document starts here; only one is allowed"});
        DocumentReader reader(lookup);
        if (!documents.empty())
            reader.read(documents.front());
        reader.finish();
        if (warnings)
            *warnings = to_lines(file_name, std::move(reader.warnings()));
        if (!reader.problems().empty())
            return failure(all_in_one(file_name, std::move(reader.problems())));
        return std::move(reader.config());
    } catch (const YAML::Exception& error) {
        return refuse(file_name, {error.mark.line + 1, error.mark.column + 1, syntax_problem(yaml_text, error)});
    }
}

Result<Config> load_config_file(const std::filesystem::path& path, const Lookup& lookup,
                                std::vector<std::string>* warnings)
{
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored))
        return refuse(path.string(), {.text = "is a directory; name the configuration file in it"});
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        const bool exists = std::filesystem::exists(path, ignored);
        return refuse(path.string(), {.text = exists ? "cannot be read, check its permissions" : "does not exist"});
    }
    std::string text(largest_file + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (file.bad())
        return refuse(path.string(), {.text = "cannot be read to its end"});
    text.resize(static_cast<std::size_t>(file.gcount()));
    return load_config(text, path.string(), lookup, warnings);
}

} // namespace tokenscope::config
