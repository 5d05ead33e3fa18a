// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "otlp/grpc_exporter.h"

#include "net/tls.h"
#include "otlp/trace_request.h"

#include <fmt/format.h>
#include <nghttp2/nghttp2.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace tokenscope::otlp {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using telemetry::ExportOutcome;

namespace {

constexpr std::size_t prefix_size = 5; ///< of a gRPC message: whether it is compressed, and its length
constexpr std::string_view ask_for_http =
    "speaks HTTP/1 there, not gRPC: use type otlp_http, or the port that takes gRPC (mostly 4317)";

asio::ssl::context make_tls(bool used)
{
    // Reading the system's authorities takes a while, and is for nothing without TLS.
    if (!used)
        return asio::ssl::context(asio::ssl::context::tls_client);
    auto context = net::make_client_tls();
    static constexpr std::array<unsigned char, 3> h2 = {2, 'h', '2'};
    SSL_CTX_set_alpn_protos(context.native_handle(), h2.data(), h2.size());
    return context;
}

std::string with_prefix(const std::string& message)
{
    const auto size = static_cast<std::uint32_t>(message.size());
    std::string out(1, '\0');
    for (const int shift : {24, 16, 8, 0})
        out += static_cast<char>(size >> shift);
    return out.append(message);
}

/// The message in a reply's body; nothing if it is cut, or compressed, which we never asked for.
std::optional<TraceResponse> read_body(std::string_view body)
{
    if (body.empty())
        return TraceResponse();
    std::uint32_t size = 0;
    if (body.size() < prefix_size || body[0] != '\0')
        return std::nullopt;
    for (std::size_t i = 1; i < prefix_size; ++i)
        size = size << 8 | static_cast<unsigned char>(body[i]);
    return size == body.size() - prefix_size ? read_trace_response(body.substr(prefix_size)) : std::nullopt;
}

std::string lower(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return text;
}

/// What HTTP/2's reset means to gRPC (doc/PROTOCOL-HTTP2.md, "Errors"), as far as trying again goes.
bool may_retry_reset(std::uint32_t code)
{
    return code == NGHTTP2_REFUSED_STREAM || code == NGHTTP2_CANCEL || code == NGHTTP2_ENHANCE_YOUR_CALM;
}

} // namespace

GrpcExporter::GrpcExporter(ExporterOptions options)
    : m_options(std::move(options)), m_verdict(m_options.collector(), ServerWords(m_options.headers)),
      m_tls(make_tls(m_options.endpoint.tls)), m_loop(m_options.collector()),
      m_connector(m_loop.executor(), m_tls, m_options.lookup, net::Dial::default_head_start)
{
}

GrpcExporter::~GrpcExporter()
{
    if (m_channel)
        m_channel->close();
    m_loop.catch_up();
}

milliseconds GrpcExporter::Batch::left() const
{
    const auto rest = std::chrono::duration_cast<milliseconds>(deadline - Clock::now());
    return std::max(rest, milliseconds(1));
}

ExportOutcome GrpcExporter::send(std::span<const telemetry::SpanData> spans, milliseconds timeout, CancelToken cancel)
{
    if (spans.empty())
        return {};
    try {
        const auto batch = std::make_shared<Batch>();
        const auto message = encode_trace_request(m_options.resource, spans);
        if (message.size() > std::numeric_limits<std::uint32_t>::max())
            return m_verdict.refused("cannot be sent a batch of more than 4 GiB");
        batch->message = with_prefix(message);
        batch->spans = spans.size();
        batch->deadline = Clock::now() + std::clamp(timeout, milliseconds(1), milliseconds(std::chrono::hours(24)));
        m_loop.catch_up();
        return m_loop.run([&](CancelToken stop) { return deliver(batch, std::move(stop)); }, timeout, cancel);
    } catch (const std::exception& error) {
        return m_verdict.try_again("could not be sent the spans", error.what());
    }
}

net::Task<ExportOutcome> GrpcExporter::deliver(std::shared_ptr<const Batch> batch, CancelToken stop)
{
    while (true) {
        const bool reused = m_channel && m_channel->usable();
        if (!reused) {
            if (m_channel)
                m_channel->close();
            m_channel = nullptr;
            auto opened = co_await open(batch->left(), stop);
            if (!opened)
                co_return m_verdict.not_reached(opened.error());
            m_channel = std::move(*opened);
        }
        const auto channel = m_channel;
        auto answer = co_await channel->call(request(*batch), stop);
        if (answer.ended && answer.reply.complete)
            co_return judge(answer, *batch);
        // The server may have closed a kept connection just then, without having looked at the request.
        const bool unseen = answer.ended ? answer.reply.reset == NGHTTP2_REFUSED_STREAM : !answer.heard;
        if (!answer.ended)
            m_channel = nullptr;
        if (reused && unseen && !stop.cancelled()) {
            channel->close();
            continue;
        }
        co_return answer.ended ? judge(answer, *batch) : broken(*channel, answer);
    }
}

net::Task<Result<std::shared_ptr<GrpcChannel>>> GrpcExporter::open(milliseconds timeout, CancelToken stop)
{
    auto proxy = m_options.proxies.proxy_for(m_options.endpoint);
    if (!proxy)
        co_return failure(std::move(proxy.error()));
    if (*proxy && !m_options.endpoint.tls)
        co_return failure(
            ErrorCode::config,
            fmt::format("{} cannot be reached by the proxy {} without TLS: except its host in NO_PROXY, or use an "
                        "https:// endpoint or type otlp_http.",
                        m_options.collector(), (*proxy)->url.to_string()));
    auto connection = std::make_shared<net::ClientConnection>(m_loop.executor(), m_loop.watchdog(),
                                                              net::Connector::name(m_options.endpoint, *proxy), m_open);
    auto connected =
        co_await m_connector.connect(connection, m_options.endpoint, std::move(*proxy), timeout, std::move(stop));
    if (!connected) {
        auto error = std::move(connected.error());
        if (error.detail.find("no application protocol") != std::string::npos)
            error.message = fmt::format("{} {}.", m_options.collector(), ask_for_http);
        co_return failure(std::move(error));
    }
    auto channel = std::make_shared<GrpcChannel>(std::move(connection));
    channel->start();
    co_return channel;
}

Http2Session::Request GrpcExporter::request(const Batch& batch) const
{
    const auto& endpoint = m_options.endpoint;
    Http2Session::Request request;
    request.fields = {{":method", "POST"},
                      {":scheme", endpoint.scheme},
                      {":authority", endpoint.host_header()},
                      {":path", "/opentelemetry.proto.collector.trace.v1.TraceService/Export"},
                      {"te", "trailers"},
                      {"content-type", "application/grpc"},
                      {"user-agent", m_options.user_agent()},
                      {"grpc-timeout", fmt::format("{}m", batch.left().count())}};
    for (const auto& [name, value] : m_options.headers)
        net::set_header(request.fields, lower(name), value);
    request.body = batch.message;
    return request;
}

ExportOutcome GrpcExporter::judge(const GrpcChannel::Answer& answer, const Batch& batch) const
{
    const auto& reply = answer.reply;
    if (!reply.fault.empty())
        return m_verdict.refused("sent a reply that is none of gRPC: " + reply.fault);
    const auto status = read_grpc_status(reply.status, reply.fields);
    const bool said = !net::find_header(reply.fields, "grpc-status").empty();
    if (said && status.code == GrpcStatus::ok)
        return m_verdict.taken(read_body(reply.body), batch.spans);
    if (said)
        return m_verdict.grpc_failed(status);
    if (reply.reset) {
        const auto* const name = nghttp2_http2_strerror(*reply.reset);
        return may_retry_reset(*reply.reset) ? m_verdict.try_again("cut the call off", name)
                                             : m_verdict.refused("cut the call off", name);
    }
    if (reply.status != 200)
        return m_verdict.grpc_failed(
            {.code = status.code, .message = fmt::format("HTTP status {}", reply.status), .retry_delay = {}});
    return m_verdict.refused("answered by HTTP/2, but not with gRPC: is that the right port");
}

ExportOutcome GrpcExporter::broken(const GrpcChannel& channel, const GrpcChannel::Answer& answer) const
{
    const auto& first = channel.session().first_bytes();
    if (first.starts_with("HTTP/"))
        return m_verdict.refused(ask_for_http);
    if (first.starts_with("\x15\x03"))
        return m_verdict.refused("wants TLS: write insecure: false, or an endpoint that begins with https://");
    if (!channel.session().spoken() && !first.empty())
        return m_verdict.refused("does not speak HTTP/2 there: is that the right port", answer.broken);
    if (!channel.session().spoken())
        return m_verdict.try_again(
            fmt::format("broke off before it had said anything: does its port take OTLP over gRPC, {} TLS",
                        m_options.endpoint.tls ? "with" : "without"),
            answer.broken);
    return m_verdict.try_again("broke off in the middle", answer.broken);
}

} // namespace tokenscope::otlp
