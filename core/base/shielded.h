// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace tokenscope {

/// Runs something in a destructor that may itself be running because of an exception: a failing step must neither escape
/// nor keep the next one from running.
template <typename Step>
void shielded(Step&& step) noexcept
{
    try {
        step();
    } catch (...) { // out of memory in a hook; what was observed is unharmed
    }
}

} // namespace tokenscope
