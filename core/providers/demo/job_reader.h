// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "llm/model_request.h"
#include "providers/demo/job.h"

#include <string_view>

namespace tokenscope::providers::demo {

/// What `request` asks of the model called `model`. Errors: `model_not_found`, naming those there are; `invalid_request`
/// where max_tokens or max_completion_tokens, of which the latter counts, is no positive whole number.
Result<JobRequest> read_job(const llm::ModelRequest& request, std::string_view model);

} // namespace tokenscope::providers::demo
