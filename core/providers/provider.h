// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "base/result.h"
#include "llm/model_request.h"
#include "llm/reply_facts.h"
#include "llm/usage.h"
#include "telemetry/trace_context.h"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace tokenscope::telemetry {
class RequestObservation;
class Span;
} // namespace tokenscope::telemetry

namespace tokenscope::providers {

template <typename T>
using Task = boost::asio::awaitable<T>;

using Headers = std::vector<std::pair<std::string, std::string>>;

/// One request on its way to a provider. Lives as long as the call.
struct ModelCall {
    const llm::ModelRequest& request;        ///< of an API that the provider speaks
    std::string upstream_model;              ///< the model's name as the upstream knows it
    Headers headers;                         ///< to send upstream, with every attempt
    CancelToken cancel;                      ///< the client has gone, or the gateway is stopping
    telemetry::RequestObservation& observed; ///< where decorators note instants; providers only mark stages
    std::string client_key;                  ///< name of the client's key, or empty; the queue is fair between them
    const telemetry::Span* span = nullptr;   ///< the request's, for those of decorators; null: it has none
    telemetry::TraceParent trace = {};       ///< to send upstream
};

/// A question to a provider's own server that runs no model, e.g. Ollama's GET /api/ps. Not queued and not instrumented.
struct SideCall {
    std::string method = "GET";
    std::string target; ///< as the client wrote it, e.g. "/api/show"; the provider puts its own prefix in its place
    std::string body;   ///< JSON, or empty
    Headers headers;    ///< the client's
    CancelToken cancel;
    telemetry::TraceParent trace = {}; ///< to send upstream
};

/// A whole reply in the request's API. An upstream's own refusal is a reply too, with its status and body as they came.
struct Reply {
    unsigned status = 200;
    Headers headers; ///< content-type, retry-after: what the client should see of the upstream's
    std::string body;
    llm::Usage usage;
    std::string response_model; ///< what the upstream says it ran; may be empty
    std::string finish_reason;  ///< may be empty
};

/// Some bytes of a stream, ready for the client, and the tokens in them (see llm::StreamFacts).
struct StreamChunk {
    std::string_view bytes; ///< valid until the write that took it has completed
    std::uint32_t tokens = 0;
    std::uint32_t visible_tokens = 0;
};

/// Where a stream goes. Awaiting write() is the back-pressure: a provider reads no further until the client has taken
/// what it was given.
class StreamSink {
public:
    virtual ~StreamSink() = default;
    /// Called once, before the first write(), when the upstream has accepted the request.
    virtual Task<Result<void>> begin(const Headers& headers) = 0;
    virtual Task<Result<void>> write(StreamChunk chunk) = 0;
};

/// How far a stream got before it ended well (`error` absent) or badly. Only returned once the sink has begun.
struct StreamEnd {
    llm::Usage usage;
    std::string response_model;
    std::string finish_reason;
    /// Set when the stream broke. `upstream_error_event` means that the client has already been sent the upstream's own
    /// error event; for any other code the caller still owes the client one.
    std::optional<Error> error;
};

/// What came of a streamed call: the upstream refused with a reply of its own (sink untouched), or a stream ran.
using StreamOutcome = std::variant<Reply, StreamEnd>;

/// What a provider lists.
using ModelInfo = llm::ModelEntry;

/// A backend that runs models. Used on one I/O thread; every call may suspend and must honour `call.cancel` at once.
/// Providers translate and talk; they record no metric (InstrumentedProvider does).
class Provider {
public:
    virtual ~Provider() = default;

    virtual const std::string& name() const = 0; ///< the configured name: the metrics' `backend` label
    virtual std::string_view kind() const = 0;   ///< "openai", "ollama", "anthropic", "demo"
    /// gen_ai.provider.name: a name that OpenTelemetry knows, else the configured one.
    virtual std::string_view genai_name() const { return name(); }
    /// Whether generate() and generate_stream() take requests of this API and answer in it. Every provider speaks
    /// Api::chat; other APIs are spoken as they are, byte for byte, or not at all.
    virtual bool speaks(llm::Api api) const = 0;

    virtual Task<Result<Reply>> generate(ModelCall& call) = 0;
    /// An error is returned only while the sink is untouched; after StreamSink::begin the end is told by StreamEnd.
    virtual Task<Result<StreamOutcome>> generate_stream(ModelCall& call, StreamSink& sink) = 0;
    virtual Task<Result<std::vector<ModelInfo>>> models(CancelToken cancel) = 0;
    /// Whether requests have a chance: an error says why not. Costs at most one small request.
    virtual Task<Result<void>> health(CancelToken cancel) = 0;
    /// Error: unsupported_api where the provider has no server to ask.
    virtual Task<Result<Reply>> side_call(SideCall call) = 0;
};

} // namespace tokenscope::providers
