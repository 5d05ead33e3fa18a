// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/places.h"

namespace tokenscope::config {

namespace fs = std::filesystem;

namespace {

fs::path place(const Env& env, const char* variable, const char* below_home, std::string_view name)
{
    fs::path folder = env(variable).value_or("");
    if (!folder.is_absolute()) { // a relative one is to be ignored, says the XDG base directory specification
        folder = env("HOME").value_or("");
        if (!folder.is_absolute())
            return {};
        folder /= below_home;
    }
    return folder / "tokenscope" / name;
}

} // namespace

fs::path data_file(const Env& env, std::string_view name)
{
    return place(env, "XDG_DATA_HOME", ".local/share", name);
}

fs::path config_file(const Env& env, std::string_view name)
{
    return place(env, "XDG_CONFIG_HOME", ".config", name);
}

} // namespace tokenscope::config
