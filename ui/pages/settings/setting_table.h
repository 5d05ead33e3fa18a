// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/schema.h"

#include <QString>

#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::ui {

/// What is kept under a key.
enum class Shape {
    value,      ///< one text, as KeySpec says
    texts,      ///< a list of such
    map,        ///< name -> text
    mapOfLists, ///< name -> list of texts
    clientKeys  ///< auth.keys
};

/// A key of config.yaml as the form shows it.
struct Setting {
    std::string path; ///< "limits.body_bytes"; of a provider without the provider, "demo.seed"
    config::KeySpec spec;
    std::string fallback; ///< the default as the file would write it; may be empty
    Shape shape = Shape::value;
};

/// Keys that stand together, e.g. those of "limits".
struct SettingGroup {
    QString title; ///< empty: the section's own
    QString doc;
    std::vector<Setting> settings;
};

struct SettingSection {
    QString id;
    QString title;
    std::vector<SettingGroup> groups;
};

/// Every key but those of a provider, all of it from the configuration's own table.
std::vector<SettingSection> settingSections();

/// Those of a provider; the default of base_url depends on the kind.
std::vector<SettingGroup> providerSettings();

/// "max_in_flight" -> "Max in flight".
QString labelOf(std::string_view key);

/// Whether what is at a path of the document ("providers[1].api_key") must not be shown.
bool isSecretPath(std::string_view path);

} // namespace tokenscope::ui
