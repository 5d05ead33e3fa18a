// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "system/samplers.h"

#include <filesystem>

namespace tokenscope::system {

/// sample_process() with another /proc. The limit on open files is always the real one.
ProcessSample sample_process(const std::filesystem::path& proc);

} // namespace tokenscope::system
