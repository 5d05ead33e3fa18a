// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/responses_facts.h"

#include "llm/openai_facts.h"

#include <algorithm>
#include <cctype>

namespace tokenscope::llm {

namespace {

using simdjson::ondemand::value;

/// A Response object, as far as it is read.
struct Response {
    std::string_view id;
    std::string_view model;
    std::string_view status;
    std::string_view reason; ///< incomplete_details.reason
    bool called = false;     ///< its output has a tool call
    bool stored = true;
    Usage usage;
    UpstreamError error;

    bool member(std::string_view key, value item)
    {
        if (key == "id")
            id = text_or(item);
        else if (key == "model")
            model = text_or(item);
        else if (key == "status")
            status = text_or(item);
        else if (key == "store") {
            bool given = true;
            stored = item.get_bool().get(given) != simdjson::SUCCESS || given;
        } else if (key == "usage")
            return read_usage(item, responses_usage, usage);
        else if (key == "error")
            error = read_error_member(item);
        else if (key == "incomplete_details")
            return visit_value(item, [this](std::string_view name, value member) {
                if (name == "reason")
                    reason = text_or(member);
                return true;
            });
        else if (key == "output")
            return visit_elements(item, [this](value one) { return output_item(one); });
        return true;
    }

    bool output_item(value item)
    {
        return visit_value(item, [this](std::string_view key, value member) {
            called = called || (key == "type" && text_or(member) == "function_call");
            return true;
        });
    }

    std::string_view finish_reason() const
    {
        if (status == "completed")
            return called ? "tool_calls" : "stop";
        if (status == "incomplete")
            return reason == "max_output_tokens" ? "length" : reason;
        return {};
    }

    void note(ResponseNote& into) const
    {
        if (!id.empty())
            into.id = id;
        into.stored = stored;
    }
};

struct Event {
    std::string_view type;
    std::string_view message; ///< of the error event
    bool has_delta = false;
    bool has_response = false;
    Response response;
    UpstreamError error; ///< some servers nest it

    bool member(std::string_view key, value item)
    {
        if (key == "type")
            type = text_or(item);
        else if (key == "delta")
            has_delta = has_text(item);
        else if (key == "message")
            message = text_or(item);
        else if (key == "error")
            error = read_error_member(item);
        else if (key == "response") {
            has_response = true;
            return visit_value(item, [this](std::string_view name, value one) { return response.member(name, one); });
        }
        return true;
    }
};

bool contains_word(std::string_view text, std::string_view lower_case)
{
    const auto same = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; };
    return std::search(text.begin(), text.end(), lower_case.begin(), lower_case.end(), same) != text.end();
}

/// The parts of an error body that tell what was not found.
struct NotFound {
    std::string_view code;
    std::string_view param;
    std::string_view message;

    /// `error` or `detail`: words, or an object with them.
    bool read(value error)
    {
        simdjson::ondemand::json_type type{};
        if (error.type().get(type) == simdjson::SUCCESS && type == simdjson::ondemand::json_type::string) {
            message = text_or(error);
            return true;
        }
        return visit_value(error, [this](std::string_view key, value item) {
            if (key == "code")
                code = text_or(item, code);
            else if (key == "param")
                param = text_or(item, param);
            else if (key == "message")
                message = text_or(item, message);
            return true;
        });
    }
};

} // namespace

void read_responses_event(JsonScratch& scratch, std::string_view name, std::string_view data, StreamFacts& facts,
                          ResponseNote& note)
{
    Event event;
    const bool whole =
        visit_text(scratch, data, [&](std::string_view key, value item) { return event.member(key, item); });
    const std::string_view type = event.type.empty() ? name : event.type;
    if (type == "error") {
        const auto words = event.error.message.empty() ? event.message : std::string_view(event.error.message);
        facts.error = error_event(words.empty() ? data : words);
        facts.done = true;
        return;
    }
    if (!whole)
        return;
    if (event.has_delta && type.ends_with(".delta")) {
        ++facts.tokens;
        const bool visible = type == "response.output_text.delta" || type == "response.refusal.delta";
        facts.visible_tokens += visible ? 1 : 0;
    }
    if (!event.has_response)
        return;
    const Response& response = event.response;
    response.note(note);
    if (!response.model.empty())
        facts.response_model = response.model;
    if (response.usage.reported())
        facts.usage = response.usage;
    if (const auto reason = response.finish_reason(); !reason.empty())
        facts.finish_reason = reason;
    const bool failed = type == "response.failed";
    facts.done = facts.done || failed || type == "response.completed" || type == "response.incomplete"
                 || type == "response.cancelled";
    if (failed)
        facts.error = error_event(response.error.present ? std::string_view(response.error.message) : "");
}

bool read_responses_reply(std::string_view body, ReplyFacts& facts, ResponseNote& note)
{
    JsonScratch scratch;
    Response response;
    if (!visit_text(scratch, body, [&](std::string_view key, value item) { return response.member(key, item); }))
        return false;
    response.note(note);
    facts.usage = response.usage;
    facts.model = response.model;
    facts.finish_reason = response.finish_reason();
    facts.is_error = response.error.present;
    if (facts.is_error)
        facts.error_message = response.error.message;
    return true;
}

bool lacks_responses(unsigned status, std::string_view body, std::string_view model)
{
    if (status == 405 || status == 501)
        return true;
    if (status != 404)
        return false;
    JsonScratch scratch;
    NotFound found;
    const bool whole = visit_text(scratch, body, [&](std::string_view key, value item) {
        return (key != "error" && key != "detail" && key != "message") || found.read(item);
    });
    if (!whole)
        return true; // a web server's own page
    if (found.code == "unknown_url" || found.code == "route_not_found")
        return true;
    const bool names_param = !found.param.empty() && found.param != "None";
    const bool about_model = contains_word(found.message, "model") || contains_word(found.message, "response with id")
                             || (!model.empty() && found.message.find(model) != std::string_view::npos);
    return !names_param && !about_model && !found.code.ends_with("not_found");
}

} // namespace tokenscope::llm
