// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "llm/usage.h"

#include <cstdint>
#include <string>

namespace tokenscope::llm {

/// What a whole, non-streamed reply says about itself.
struct ReplyFacts {
    Usage usage;
    std::string model;         ///< what the upstream says it ran; may be empty
    std::string finish_reason; ///< of the first choice that has one; may be empty
    bool is_error = false;     ///< the body is an error object
    std::string error_message; ///< the upstream's words; may be empty
};

/// A model that an upstream lists.
struct ModelEntry {
    std::string id;
    std::int64_t created = 0; ///< seconds since 1970; 0 where unknown
};

} // namespace tokenscope::llm
