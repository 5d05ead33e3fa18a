// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "providers/stream_pump.h"

#include <utility>

namespace tokenscope::providers::detail {

void note(StreamEnd& end, bool& done, llm::StreamFacts facts)
{
    done = done || facts.done;
    if (facts.usage)
        end.usage = *facts.usage;
    if (facts.response_model)
        end.response_model = std::move(*facts.response_model);
    if (facts.finish_reason)
        end.finish_reason = std::move(*facts.finish_reason);
    if (facts.error && !end.error)
        end.error = std::move(facts.error);
}

} // namespace tokenscope::providers::detail
