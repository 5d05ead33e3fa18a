// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "llm/model_request.h"

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::llm {

// The items of OpenAI's Responses API (https://platform.openai.com/docs/api-reference/responses): what a conversation
// consists of. All texts are JSON, one object an item.

/// The ids of a response that the gateway makes itself, and of its items. An item's id contains its response's, so that an
/// item_reference can be resolved from the store of responses alone.
class ResponseIds {
public:
    ResponseIds();
    /// `core`: 48 lower-case hex digits.
    explicit ResponseIds(std::string core) : m_core(std::move(core)) {}

    std::string response() const { return "resp_" + m_core; }
    /// Of a new item of this type ("message", "function_call", ...).
    std::string next_item(std::string_view type);
    /// Of a tool call that its model gave no id.
    std::string next_call();

private:
    std::string next(std::string_view prefix);

    std::string m_core;
    std::size_t m_items = 0;
};

/// The response that an item with an id of ours belongs to.
std::optional<std::string> response_of_item(std::string_view item);

/// Items by their id, for references to them.
using ItemsById = std::map<std::string, std::string, std::less<>>;

/// Appends the items of a JSON array. False if `array` is none or contains anything but objects.
bool append_items(std::string_view array, std::vector<std::string>& items);
/// As a JSON array.
std::string item_array(const std::vector<std::string>& items);
/// The `id` of an item; empty if it has none.
std::string item_id(std::string_view item);

/// What a request says about the conversation it belongs to.
struct ResponsesLinks {
    std::optional<std::string> previous; ///< previous_response_id
    bool store = true;
    bool background = false;
    std::vector<std::string> referenced; ///< the ids of its item_references
};

/// Of a request that parse_model_request has accepted. Error: invalid_request, a member of the wrong type.
Result<ResponsesLinks> read_responses_links(const ModelRequest& request);

/// The request's own input, as GET /v1/responses/{id}/input_items lists it: a string has become a user's message, a
/// message's content a list, every item has a type and an id, and references have been replaced by what they refer to.
/// Errors: invalid_request with `param`, for a wrong shape and for a reference to nothing in `known`.
Result<std::vector<std::string>> read_input_items(const ModelRequest& request, const ItemsById& known,
                                                  ResponseIds& ids);

} // namespace tokenscope::llm
