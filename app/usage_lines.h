// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/source_list.h"

#include <QString>

#include <utility>
#include <vector>

namespace tokenscope::app {

class Composition;

/// What this process keeps, and how much it may, for the Settings page: its own, then what each of the `sources` keeps.
std::vector<std::pair<QString, QString>> usageLines(Composition& composition,
                                                    const std::vector<ui::SourceList::Entry>& sources);

} // namespace tokenscope::app
