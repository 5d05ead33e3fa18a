// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/config.h"
#include "config/yaml_reader.h"

#include <optional>
#include <string>

namespace tokenscope::config {

/// Reads "observability".
class ObservabilityReader {
public:
    explicit ObservabilityReader(YamlReader& reader) : m_reader(reader) {}

    void read(const YAML::Node& node, const std::string& path, Observability& out);
    /// What depends on other sections; to be called after the whole document.
    void finish(const Config& config);

private:
    /// A value that was taken, for what is found wrong with it later.
    struct Taken {
        YAML::Mark mark;
        std::string path;
        std::string written; ///< before variables were replaced
    };

    void read_metrics(const YAML::Node& node, const std::string& path, Metrics& out);
    void read_tracing(const YAML::Node& node, const std::string& path, Tracing& out);
    void read_sampler(const YAML::Node& node, const std::string& path, Sampler& out);
    void read_exporter(const YAML::Node& node, const std::string& path, Exporter& out);
    void read_headers(const YAML::Node& node, const std::string& path, Exporter& out);
    void read_requests(const YAML::Node& node, const std::string& path, RequestLog& out);
    static std::optional<Taken> taken(const YAML::Node& node, const std::string& path, const YamlReader::Seen& seen,
                                      const std::string& name);
    void report(const Taken& value, std::string_view what);

    YamlReader& m_reader;
    std::optional<Taken> m_address;       ///< of the metrics' own listener
    std::optional<Taken> m_requests_path; ///< of the database
};

} // namespace tokenscope::config
