// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "llm/json_object_writer.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::llm {

/// An item of a response's output on its way: a message, a tool call or the model's reasoning.
struct OutputItem {
    enum class Kind { message, call, reasoning };
    struct Part {
        bool refusal = false;
        std::string text;
        std::string logprobs; ///< the elements of a JSON array, without its brackets
    };

    Kind kind = Kind::message;
    std::string id;
    std::size_t index = 0;   ///< its place in the output
    std::vector<Part> parts; ///< of a message; of reasoning one
    std::string call_id;     ///< of a call, and what follows too
    std::string name;
    std::string arguments;
    bool open = true;

    /// As JSON. `status`: in_progress (nothing in it yet), completed, incomplete.
    std::string json(std::string_view status) const;
};

/// Writes the events of a streamed response (https://platform.openai.com/docs/api-reference/responses-streaming), numbered
/// in their order. Names and members after OpenAI's; the text of reasoning, which open models show, goes out as
/// response.reasoning_text, which OpenAI has for them.
class ResponsesEvents {
public:
    /// response.created, in_progress, completed, incomplete, failed: `response` is the Response object.
    void response(std::string& out, std::string_view what, std::string_view response);

    void item_added(std::string& out, const OutputItem& item);
    void item_done(std::string& out, const OutputItem& item, std::string_view status);
    // Of the item's last part.
    void part_added(std::string& out, const OutputItem& item);
    void part_delta(std::string& out, const OutputItem& item, std::string_view text, std::string_view logprobs);
    /// The text's end, and then the part's.
    void part_done(std::string& out, const OutputItem& item);
    void arguments_delta(std::string& out, const OutputItem& item, std::string_view text);
    void arguments_done(std::string& out, const OutputItem& item);

private:
    class Event;
    std::size_t m_number = 0;
};

} // namespace tokenscope::llm
