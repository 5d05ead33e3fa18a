// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pages/settings/setting_table.h"
#include "pages/settings/yaml_tree.h"

#include <QString>

namespace tokenscope::ui {

/// What is wrong with what a key holds, as far as it can be told from it alone, in a sentence; empty where nothing is. A value with
/// a "${...}" in it is not judged: only the gateway knows what it stands for. Secrets are never repeated.
QString problemIn(const Setting& setting, const YamlTree& tree);

} // namespace tokenscope::ui
