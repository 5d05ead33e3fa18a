// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/loader.h"

#include "config/document_reader.h"
#include "config/problem.h"
#include "config/yaml_text.h"

#include <yaml-cpp/yaml.h>

#include <fstream>
#include <utility>

namespace tokenscope::config {

Result<Config> load_config(std::string_view yaml_text, std::string_view file_name, const Lookup& lookup,
                           std::vector<std::string>* warnings)
{
    if (auto problem = text_problem(yaml_text))
        return refuse(file_name, std::move(*problem));
    try {
        const std::string text(without_final_space(yaml_text));
        if (const auto second = second_document(text))
            return refuse(file_name,
                          {second->line + 1, second->column + 1, "a second document starts here; only one is allowed"});
        DocumentReader reader(lookup);
        reader.read(YAML::Load(text));
        reader.finish();
        if (warnings)
            *warnings = to_lines(file_name, std::move(reader.warnings()));
        if (!reader.problems().empty())
            return failure(all_in_one(file_name, std::move(reader.problems())));
        return std::move(reader.config());
    } catch (const YAML::Exception& error) {
        return refuse(file_name, syntax_problem(yaml_text, error));
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
    std::string text(largest_text + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (file.bad())
        return refuse(path.string(), {.text = "cannot be read to its end"});
    text.resize(static_cast<std::size_t>(file.gcount()));
    return load_config(text, path.string(), lookup, warnings);
}

} // namespace tokenscope::config
