// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "otlp/http_exporter.h"

#include "net/tls.h"
#include "otlp/trace_request.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace tokenscope::otlp {

using std::chrono::milliseconds;
using telemetry::ExportOutcome;

namespace {

constexpr std::size_t longest_reply = 64 * 1024;
constexpr std::string_view protobuf = "application/x-protobuf";

net::HttpClientOptions client_options(const ExporterOptions& options)
{
    net::HttpClientOptions out;
    out.proxies = options.proxies;
    out.lookup = options.lookup;
    return out;
}

/// The body up to `longest_reply`; what is longer is not worth waiting for.
net::Task<Result<std::string>> read_body(net::UpstreamReply& reply)
{
    std::string body;
    while (body.size() < longest_reply) {
        const auto part = co_await reply.read_some();
        if (!part)
            co_return failure(part.error());
        if (part->empty())
            break;
        body.append(*part);
    }
    co_return body;
}

bool is_type(const net::Headers& headers, std::string_view type)
{
    const auto found = net::find_header(headers, "content-type");
    return net::same_header(found.substr(0, type.size()), type);
}

/// Why the collector refused, as far as that can be read.
std::string reason(const net::Headers& headers, std::string_view body)
{
    if (is_type(headers, "text/html"))
        return {};
    if (!is_type(headers, protobuf))
        return std::string(body);
    auto status = read_rpc_status(body);
    return status ? std::move(status->message) : std::string();
}

} // namespace

std::optional<milliseconds> read_retry_after(std::string_view text)
{
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (end == text.data() || end != text.data() + text.size() || seconds < 0)
        return std::nullopt;
    return error == std::errc::result_out_of_range ? bounded_delay(INT64_MAX) : bounded_delay(seconds);
}

HttpExporter::HttpExporter(ExporterOptions options)
    : m_options(std::move(options)), m_verdict(m_options.collector(), ServerWords(m_options.headers)),
      m_tls(m_options.endpoint.tls ? net::make_client_tls()
                                   : boost::asio::ssl::context(boost::asio::ssl::context::tls_client)),
      m_loop(m_options.collector()),
      m_client(std::in_place, m_loop.executor(), m_tls, m_loop.watchdog(), client_options(m_options))
{
}

HttpExporter::~HttpExporter()
{
    m_loop.catch_up();
}

ExportOutcome HttpExporter::send(std::span<const telemetry::SpanData> spans, milliseconds timeout, CancelToken cancel)
{
    if (spans.empty())
        return {};
    try {
        const auto body = std::make_shared<const std::string>(encode_trace_request(m_options.resource, spans));
        m_loop.catch_up();
        return m_loop.run([&](CancelToken stop) { return deliver(body, spans.size(), timeout, std::move(stop)); },
                          timeout, cancel);
    } catch (const std::exception& error) {
        return m_verdict.try_again("could not be sent the spans", error.what());
    }
}

net::Task<ExportOutcome> HttpExporter::deliver(std::shared_ptr<const std::string> body, std::size_t spans,
                                               milliseconds timeout, CancelToken stop)
{
    net::UpstreamRequest request;
    request.method = "POST";
    request.origin = m_options.endpoint;
    request.target = m_options.endpoint.path;
    request.headers = {{"User-Agent", m_options.user_agent()}};
    for (const auto& [name, value] : m_options.headers)
        net::set_header(request.headers, name, value);
    net::set_header(request.headers, "Content-Type", protobuf);
    request.body = *body;
    request.connect_timeout = request.idle_timeout = timeout;
    auto reply = co_await m_client->send(std::move(request), std::move(stop));
    if (!reply)
        co_return m_verdict.not_reached(reply.error());
    const auto answer = co_await read_body(*reply);
    if (!answer)
        co_return m_verdict.not_reached(answer.error());
    co_return judge(reply->status(), reply->headers(), *answer, spans);
}

ExportOutcome HttpExporter::judge(unsigned status, const net::Headers& headers, std::string_view body,
                                  std::size_t spans) const
{
    if (status < 200 || status > 299)
        return m_verdict.http_failed(status, reason(headers, body),
                                     read_retry_after(net::find_header(headers, "retry-after")));
    if (is_type(headers, "text/html"))
        return m_verdict.refused("answered with a web page: is that a collector");
    // Many a backend answers with nothing, or in JSON whatever it was asked in; a 2xx says enough then.
    return is_type(headers, protobuf) ? m_verdict.taken(read_trace_response(body), spans) : ExportOutcome();
}

} // namespace tokenscope::otlp
