// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "llm/responses_items.h"
#include "llm/translation.h"

#include <memory>
#include <string>
#include <vector>

namespace tokenscope::llm {

/// What a request of the Responses API builds on.
struct ResponsesHistory {
    std::vector<std::string> earlier; ///< the conversation's items, oldest first
    ItemsById known;                  ///< what item_references may refer to
};

/// Carries out a Responses request by a chat completion, and says what there is to keep of it.
class ResponsesTranslation : public Translation {
public:
    /// Of the response, known from the beginning.
    virtual const std::string& id() const = 0;
    /// The request's own input items, a JSON array.
    virtual const std::string& input() const = 0;
    /// The Response object as the client gets it, once complete(). Empty where the response has failed.
    virtual const std::string& response() const = 0;
};

/// What becomes of the request is told by responses_to_chat, of a reply by ResponsesStream and ResponseObject. A refusal
/// stays as it is: both APIs word their errors alike.
Result<std::unique_ptr<ResponsesTranslation>> translate_responses(const ModelRequest& request,
                                                                  const ResponsesHistory& history, WallTime now);

} // namespace tokenscope::llm
