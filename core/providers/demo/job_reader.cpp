// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "providers/demo/job_reader.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <optional>
#include <string>
#include <utility>

namespace tokenscope::providers::demo {

namespace {

namespace dom = simdjson::dom;

std::string content_text(dom::element content)
{
    std::string_view whole;
    if (content.get(whole) == simdjson::SUCCESS)
        return std::string(whole);
    std::string text;
    dom::array parts;
    if (content.get(parts) != simdjson::SUCCESS)
        return text;
    for (const dom::element part : parts) {
        std::string_view piece;
        if (part["text"].get(piece) == simdjson::SUCCESS)
            text += piece;
    }
    return text;
}

/// The last user message is the prompt; the others are its context.
void read_messages(dom::element messages, JobRequest& job)
{
    dom::array array;
    if (messages.get(array) != simdjson::SUCCESS)
        return;
    for (const dom::element message : array) {
        dom::element content;
        if (message["content"].get(content) != simdjson::SUCCESS)
            continue;
        std::string text = content_text(content);
        std::string_view role;
        if (message["role"].get(role) == simdjson::SUCCESS && role == "user")
            std::swap(job.prompt, text);
        if (!text.empty())
            job.context.push_back(std::move(text));
    }
}

Result<void> read_limit(const dom::object& root, std::string_view key, JobRequest& job)
{
    for (const auto field : root) {
        if (field.key != key || field.value.is_null())
            continue;
        std::uint64_t limit = 0;
        if (field.value.get(limit) != simdjson::SUCCESS || limit == 0)
            return failure({.code = ErrorCode::invalid_request,
                            .message = fmt::format("'{}' must be a whole number of 1 or more.", key),
                            .param = std::string(key)});
        job.max_tokens = limit;
    }
    return {};
}

Result<Model> named_model(std::string_view name)
{
    if (const auto model = find_model(name))
        return *model;
    std::string names;
    for (const Model& model : models)
        names += fmt::format("{}{}", names.empty() ? "" : ", ", model.id);
    return failure({.code = ErrorCode::model_not_found,
                    .message = fmt::format("The demo engine has no model '{}'; it has {}.", name, names),
                    .param = "model"});
}

} // namespace

Result<JobRequest> read_job(const llm::ModelRequest& request, std::string_view model)
{
    const Result<Model> found = named_model(model);
    if (!found)
        return failure(found.error());
    JobRequest job{.model = *found};

    dom::parser parser;
    dom::object root;
    if (const auto error = parser.parse(request.body).get(root); error != simdjson::SUCCESS)
        return failure(ErrorCode::invalid_request, "The request body is not a JSON object.",
                       simdjson::error_message(error));
    for (const std::string_view key : {"max_tokens", "max_completion_tokens"}) {
        if (auto read = read_limit(root, key, job); !read)
            return failure(std::move(read.error()));
    }
    std::optional<dom::element> messages; // of a repeated key the last counts, as everywhere in the gateway
    for (const auto field : root) {
        if (field.key == "messages")
            messages = field.value;
    }
    if (messages)
        read_messages(*messages, job);
    return job;
}

} // namespace tokenscope::providers::demo
