// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/anthropic_request.h"

#include "llm/anthropic_model.h"
#include "llm/anthropic_tools.h"
#include "llm/anthropic_turns.h"
#include "llm/chat_fields.h"
#include "llm/json_object_writer.h"
#include "llm/json_scan.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

namespace tokenscope::llm {

namespace {

using Raw = std::string_view;

constexpr std::uint64_t least_budget = 1024; // of thinking, by Anthropic's rules

struct Effort {
    std::string_view word;
    std::string_view adaptive; ///< Anthropic's own word
    std::uint64_t budget;
};

constexpr Effort efforts[] = {
    {"minimal", "low", 1024}, {"low", "low", 2048},      {"medium", "medium", 8192},
    {"high", "high", 12288},  {"xhigh", "xhigh", 32000}, {"max", "max", 32000},
};

/// What is sent of reasoning_effort.
struct Thinking {
    std::string object; ///< of "thinking"; empty for none
    Raw effort;         ///< of output_config.effort; empty for none
    bool on = false;
};

std::optional<std::uint64_t> read_count(Raw raw)
{
    std::uint64_t count = 0;
    const auto [end, error] = std::from_chars(raw.data(), raw.data() + raw.size(), count);
    return error == std::errc{} && end == raw.data() + raw.size() ? std::optional(count) : std::nullopt;
}

bool is_number(Raw raw)
{
    return raw.starts_with('-') || (raw.front() >= '0' && raw.front() <= '9');
}

class RequestWriter {
public:
    RequestWriter(const ModelRequest& request, std::string_view upstream_model)
        : m_stream(request.stream), m_upstream_model(upstream_model), m_model(anthropic_model(upstream_model)),
          m_size(request.body.size())
    {
        Raw key;
        Raw value;
        for (JsonMembers members(Raw(request.body).substr(request.body.find('{'))); members.next(key, value);)
            m_members.emplace_back(key, value);
    }

    Result<std::string> write()
    {
        if (auto good = check(); !good)
            return failure(std::move(good.error()));
        for (const auto step :
             {&RequestWriter::read_messages, &RequestWriter::read_tools, &RequestWriter::read_max_tokens,
              &RequestWriter::read_thinking, &RequestWriter::read_output_config, &RequestWriter::read_stop,
              &RequestWriter::read_sampling, &RequestWriter::read_metadata}) {
            if (auto done = (this->*step)(); !done)
                return failure(std::move(done.error()));
        }
        return put_together();
    }

private:
    /// The last member of that name, as in JSON.parse; a null counts as absent. Bodies may be long: they are walked once.
    std::optional<Raw> get(std::string_view key) const
    {
        const auto found = std::find_if(m_members.rbegin(), m_members.rend(),
                                        [&](const auto& member) { return json_string_is(member.first, key); });
        return found != m_members.rend() && found->second != "null" ? std::optional(found->second) : std::nullopt;
    }

    /// What would be lost without a word.
    Result<void> check() const
    {
        if (const auto n = get("n"); n && *n != "1")
            return bad_field("n", "'n' must be 1: Anthropic gives one answer a request.");
        if (get("logprobs").value_or("false") != "false")
            return bad_field("logprobs", "'logprobs' is not supported: Anthropic reports no probabilities.");
        if (get("web_search_options"))
            return bad_field("web_search_options",
                             "'web_search_options' is not supported: put Anthropic's web search into 'tools'.");
        for (const char* key : {"functions", "function_call"}) {
            if (get(key))
                return bad_field(key, fmt::format("'{}' is not supported: use 'tools' and 'tool_choice'.", key));
        }
        Raw modality;
        for (JsonElements modalities(get("modalities").value_or(Raw())); modalities.next(modality);) {
            if (!json_string_is(modality, "text"))
                return bad_field("modalities", "'modalities' must be [\"text\"]: Anthropic's models write text only.");
        }
        return {};
    }

    Result<void> read_messages()
    {
        if (auto added = m_turns.add(get("messages").value_or("[]")); !added)
            return added;
        if (m_turns.json().empty())
            return bad_field("messages", "Anthropic needs at least one user message that is not empty.");
        return {};
    }

    Result<void> read_tools()
    {
        auto tools = anthropic_tools(get("tools"), get("tool_choice"), get("parallel_tool_calls"));
        if (!tools)
            return failure(std::move(tools.error()));
        m_tools = std::move(*tools);
        return {};
    }

    Result<void> read_max_tokens()
    {
        m_max_tokens = m_model.default_max_tokens;
        for (const char* key : {"max_completion_tokens", "max_tokens"}) {
            const auto given = get(key);
            if (!given)
                continue;
            const auto count = read_count(*given);
            if (!count)
                return bad_field(key, fmt::format("'{}' must be a whole number.", key));
            m_max_tokens = *count;
            return {};
        }
        // A client's own budget has to fit in, and leave room for the answer.
        const auto own = get("thinking");
        const auto budget = own ? find_json_value(*own, "budget_tokens") : std::nullopt;
        if (const auto count = budget ? read_count(*budget) : std::nullopt; count && *count < 1'000'000'000)
            m_max_tokens = std::max(m_max_tokens, *count + m_model.default_max_tokens / 2);
        return {};
    }

    Result<void> read_thinking()
    {
        const auto effort = get("reasoning_effort");
        if (const auto own = get("thinking")) {
            if (!is_json_object(*own))
                return bad_field("thinking", "'thinking' must be an object.");
            m_thinking.object = *own;
            return {};
        }
        if (!effort)
            return {};
        const bool adaptive = m_model.thinking == AnthropicThinking::adaptive;
        if (json_string_is(*effort, "none")) {
            if (adaptive) // others do not think unless told to
                m_thinking.object = R"({"type":"disabled"})";
            return {};
        }
        const auto* const found = std::find_if(std::begin(efforts), std::end(efforts),
                                               [&](const Effort& one) { return json_string_is(*effort, one.word); });
        if (found == std::end(efforts))
            return bad_field(
                "reasoning_effort",
                "'reasoning_effort' must be 'none', 'minimal', 'low', 'medium', 'high', 'xhigh' or 'max'.");
        if (adaptive) {
            m_thinking.object = R"({"type":"adaptive"})";
            m_thinking.effort = found->adaptive == "xhigh" && !m_model.knows_xhigh ? "high" : found->adaptive;
            m_thinking.on = true;
            return {};
        }
        const std::uint64_t budget = std::min(found->budget, m_max_tokens / 2);
        if (m_model.thinking == AnthropicThinking::none || budget < least_budget || m_tools.forced
            || m_turns.lost_thinking())
            return {};
        m_thinking.object = fmt::format(R"({{"type":"enabled","budget_tokens":{}}})", budget);
        m_thinking.on = true;
        return {};
    }

    Result<void> read_output_config()
    {
        const Raw own = get("output_config").value_or("{}");
        if (!is_json_object(own))
            return bad_field("output_config", "'output_config' must be an object.");
        std::string config;
        ObjectWriter out(config);
        Raw key;
        Raw value;
        for (JsonMembers members(own); members.next(key, value);)
            out.member(key, value);
        if (!m_thinking.effort.empty() && !find_json_member(own, "effort"))
            out.text("effort", m_thinking.effort);
        if (!find_json_member(own, "format")) {
            if (auto written = write_format(out, config); !written)
                return written;
        }
        out.end();
        if (config != "{}")
            m_output_config = std::move(config);
        return {};
    }

    Result<void> write_format(ObjectWriter& out, std::string& config) const
    {
        const auto format = get("response_format");
        const Raw type = format ? find_json_member(*format, "type").value_or(Raw()) : Raw();
        if (!format || json_string_is(type, "text"))
            return {};
        if (!json_string_is(type, "json_schema"))
            return bad_field(
                "response_format.type",
                "'response_format.type' must be 'text' or 'json_schema': Anthropic has no JSON mode without a "
                "schema.");
        const Raw schema =
            find_json_member(find_json_member(*format, "json_schema").value_or(Raw()), "schema").value_or(Raw());
        if (!is_json_object(schema))
            return bad_field("response_format.json_schema.schema",
                             "'response_format.json_schema.schema' must be an object.");
        out.begin("format");
        ObjectWriter inner(config);
        inner.text("type", "json_schema");
        inner.raw("schema", schema);
        inner.end();
        return {};
    }

    Result<void> read_stop()
    {
        const auto stop = get("stop");
        if (stop && !is_json_string(*stop) && !is_json_array(*stop))
            return bad_field("stop", "'stop' must be a string or an array of strings.");
        if (stop)
            m_stop = is_json_string(*stop) ? fmt::format("[{}]", *stop) : std::string(*stop);
        return {};
    }

    Result<void> read_sampling()
    {
        for (const std::string_view key : {"temperature", "top_p", "top_k"}) {
            const auto value = get(key);
            if (!value)
                continue;
            if (!is_number(*value))
                return bad_field(std::string(key), fmt::format("'{}' must be a number.", key));
            if (m_thinking.on)
                continue;
            double number = 0;
            const auto read = std::from_chars(value->data(), value->data() + value->size(), number);
            const bool over = key == "temperature" && (read.ec != std::errc{} || number > 1);
            m_sampling.emplace_back(key, over ? Raw("1") : *value);
        }
        return {};
    }

    Result<void> read_metadata()
    {
        const auto metadata = get("metadata");
        auto user = metadata ? find_json_value(*metadata, "user_id") : std::nullopt;
        for (const char* key : {"user", "safety_identifier"}) {
            if (!user)
                user = get(key);
        }
        if (user && !is_json_string(*user))
            return bad_field("user", "'user' must be a string.");
        m_user = user;
        return {};
    }

    std::string put_together() const
    {
        std::string out;
        out.reserve(m_size + 512);
        ObjectWriter body(out);
        body.text("model", m_upstream_model);
        body.raw("max_tokens", std::to_string(m_max_tokens));
        if (!m_turns.system().empty())
            body.raw("system", "[" + m_turns.system().json() + "]");
        body.raw("messages", "[" + m_turns.json() + "]");
        const auto optional = [&](std::string_view key, Raw value) {
            if (!value.empty())
                body.raw(key, value);
        };
        optional("tools", m_tools.tools);
        optional("tool_choice", m_tools.choice);
        optional("thinking", m_thinking.object);
        optional("output_config", m_output_config);
        optional("stop_sequences", m_stop);
        for (const auto& [key, value] : m_sampling)
            body.raw(key, value);
        if (m_user)
            body.raw("metadata", fmt::format(R"({{"user_id":{}}})", *m_user));
        optional("service_tier", service_tier());
        for (const std::string_view key :
             {"cache_control", "container", "context_management", "inference_geo", "mcp_servers"})
            optional(key, get(key).value_or(Raw()));
        body.raw("stream", m_stream ? "true" : "false");
        body.end();
        return out;
    }

    Raw service_tier() const
    {
        const Raw tier = get("service_tier").value_or(Raw());
        if (json_string_is(tier, "auto") || json_string_is(tier, "priority"))
            return R"("auto")";
        const bool standard = json_string_is(tier, "default") || json_string_is(tier, "standard_only");
        return standard ? Raw(R"("standard_only")") : Raw();
    }

    const bool m_stream;
    const std::string_view m_upstream_model;
    const AnthropicModel m_model;
    const std::size_t m_size;                   ///< of the request
    std::vector<std::pair<Raw, Raw>> m_members; ///< the request's
    AnthropicTurns m_turns;
    AnthropicTools m_tools;
    std::uint64_t m_max_tokens = 0;
    Thinking m_thinking;
    std::string m_output_config;
    std::string m_stop;
    std::vector<std::pair<std::string_view, Raw>> m_sampling;
    std::optional<Raw> m_user;
};

} // namespace

Result<std::string> anthropic_request_body(const ModelRequest& request, std::string_view upstream_model)
{
    return RequestWriter(request, upstream_model).write();
}

} // namespace tokenscope::llm
