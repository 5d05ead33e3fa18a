// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/ollama_api_embed.h"

#include "llm/json_object_writer.h"
#include "llm/json_scan.h"
#include "llm/ollama_api_errors.h"

#include <fmt/format.h>

#include <utility>

namespace tokenscope::llm {

namespace {

using Raw = std::string_view;

constexpr unsigned reply_depth = 256;

tl::unexpected<Error> bad_reply()
{
    return failure(ErrorCode::upstream_bad_reply, "The upstream's reply holds no embeddings in OpenAI's format.");
}

class EmbedTranslation final : public Translation {
public:
    EmbedTranslation(ModelRequest embeddings, Api api) : m_embeddings(std::move(embeddings)), m_api(api) {}

    const ModelRequest& chat_request() const override { return m_embeddings; }
    std::string_view stream_type() const override { return "application/json"; }
    bool complete() const override { return m_complete; }
    std::string refusal(std::string_view error, unsigned status) override { return ollama_refusal(error, status); }
    Result<std::string> reply(std::string_view body) override;

    // Embeddings are never streamed.
    void feed(std::string_view, std::string&) override {}
    void finish(std::string&) override {}

private:
    const ModelRequest m_embeddings;
    const Api m_api;
    bool m_complete = false;
};

Result<std::string> EmbedTranslation::reply(std::string_view body)
{
    if (check_json(body, reply_depth))
        return bad_reply();
    const Raw object = body.substr(body.find_first_not_of(" \t\r\n"));
    std::string vectors;
    Raw entry;
    for (JsonElements data(find_json_value(object, "data").value_or("[]")); data.next(entry);) {
        const auto vector = find_json_value(entry, "embedding");
        if (!vector || !is_json_array(*vector))
            return bad_reply();
        vectors.append(vectors.empty() ? "" : ",").append(*vector);
    }
    if (vectors.empty())
        return bad_reply();
    std::string out;
    ObjectWriter writer(out);
    if (m_api == Api::ollama_embeddings) {
        writer.raw("embedding", vectors);
    } else {
        writer.text("model", m_embeddings.model);
        writer.raw("embeddings", fmt::format("[{}]", vectors));
        const Raw usage = find_json_value(object, "usage").value_or("{}");
        if (const auto tokens = find_json_value(usage, "prompt_tokens"))
            writer.raw("prompt_eval_count", *tokens);
    }
    writer.end();
    m_complete = true;
    return out;
}

Result<std::unique_ptr<Translation>> translate(const ModelRequest& request, std::string_view input_key)
{
    const Raw from = Raw(request.body).substr(request.body.find('{'));
    const auto input = find_json_value(from, input_key);
    if (!input)
        return failure(Error{.code = ErrorCode::invalid_request,
                             .message = fmt::format("The request has no '{}'.", input_key),
                             .detail = {},
                             .param = std::string(input_key)});
    std::string out;
    ObjectWriter body(out);
    body.text("model", request.model);
    body.raw("input", *input);
    if (const auto dimensions = find_json_value(from, "dimensions"))
        body.raw("dimensions", *dimensions);
    body.text("encoding_format", "float");
    body.end();
    auto embeddings = parse_model_request(Api::embeddings, std::move(out));
    if (!embeddings)
        return failure(std::move(embeddings.error()));
    return std::make_unique<EmbedTranslation>(std::move(*embeddings), request.api);
}

} // namespace

Result<std::unique_ptr<Translation>> translate_ollama_embed(const ModelRequest& request, WallTime)
{
    return translate(request, "input");
}

Result<std::unique_ptr<Translation>> translate_ollama_embeddings(const ModelRequest& request, WallTime)
{
    return translate(request, "prompt");
}

} // namespace tokenscope::llm
