// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "llm/model_request.h"
#include "llm/usage.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::llm {

/// How far a response has come.
struct ResponseState {
    std::string_view status = "in_progress";          ///< completed, incomplete, failed
    std::string_view incomplete_reason;               ///< max_output_tokens, content_filter; empty: null
    std::string_view error;                           ///< in words; empty: null
    const std::vector<std::string>* output = nullptr; ///< items, JSON; null: none
    Usage usage;
};

/// Writes the Response object (https://platform.openai.com/docs/api-reference/responses/object) for a request: what the
/// client has set comes back as it was written, what it left out has OpenAI's default where that is known here, else null
/// (temperature, top_p: the provider's defaults are not).
///
/// `usage` is null unless both token counts are known (one may follow from the total). The two details, which are part of
/// them, have no way to be unknown in OpenAI's type, and typed clients fail without them: they count 0 then.
class ResponseObject {
public:
    ResponseObject(const ModelRequest& request, std::string id, WallTime created);

    /// What the upstream says it runs; until then it is the request's model.
    void set_model(std::string_view model) { m_model = model; }
    const std::string& id() const { return m_id; }
    std::string write(const ResponseState& state) const;

private:
    std::string m_id;
    std::string m_created;
    std::string m_model;
    std::string m_settings;      ///< members, each with a comma before it
    std::string m_late_settings; ///< `user` and `metadata`, which stand behind the usage
};

} // namespace tokenscope::llm
