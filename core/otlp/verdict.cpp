// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "otlp/verdict.h"

#include <fmt/format.h>

#include <algorithm>

namespace tokenscope::otlp {

using telemetry::ExportOutcome;

namespace {

constexpr std::string_view wants_credentials =
    "does not accept the credentials: check observability.tracing.exporter.headers";

} // namespace

ExportOutcome Verdict::say(Kind kind, std::string_view what, std::string_view said) const
{
    const auto words = m_words.clean(said);
    return {.kind = kind,
            .message = words.empty() ? fmt::format("{} {}.", m_collector, what)
                                     : fmt::format("{} {} ({}).", m_collector, what, words)};
}

ExportOutcome Verdict::refused(std::string_view what, std::string_view said) const
{
    return say(Kind::refused, what, said);
}

ExportOutcome Verdict::try_again(std::string_view what, std::string_view said) const
{
    return say(Kind::try_again, what, said);
}

ExportOutcome Verdict::not_reached(const Error& error) const
{
    const auto detail = m_words.clean(error.detail);
    const auto kind = error.code == ErrorCode::config ? Kind::refused : Kind::try_again;
    return {.kind = kind, .message = detail.empty() ? error.message : fmt::format("{} ({})", error.message, detail)};
}

ExportOutcome Verdict::taken(const std::optional<TraceResponse>& reply, std::size_t spans) const
{
    if (!reply)
        return say(Kind::accepted, "took the spans, but its reply could not be read", {});
    if (reply->rejected_spans == 0 && reply->error_message.empty())
        return {};
    if (reply->rejected_spans == 0)
        return say(Kind::accepted, "took the spans with a warning", reply->error_message);
    const auto rejected = std::min<std::uint64_t>(reply->rejected_spans, spans);
    auto outcome = say(Kind::accepted, fmt::format("dropped {} of {} spans", rejected, spans), reply->error_message);
    outcome.rejected = rejected;
    return outcome;
}

ExportOutcome Verdict::grpc_failed(const GrpcStatus& status) const
{
    auto what = fmt::format("refused the spans with {}", status.name());
    if (status.code == GrpcStatus::unimplemented)
        what = "does not take traces over gRPC, UNIMPLEMENTED";
    else if (status.may_retry())
        what = fmt::format("cannot take spans now, {}", status.name());
    else if (status.code == GrpcStatus::unauthenticated || status.code == GrpcStatus::permission_denied)
        what = fmt::format("{}, {}", wants_credentials, status.name());
    auto outcome = say(status.may_retry() ? Kind::try_again : Kind::refused, what, status.message);
    if (status.may_retry())
        outcome.retry_after = status.retry_delay;
    return outcome;
}

ExportOutcome Verdict::http_failed(unsigned status, std::string_view said,
                                   std::optional<std::chrono::milliseconds> retry_after) const
{
    switch (status) {
    case 429:
    case 502:
    case 503:
    case 504: {
        auto outcome = say(Kind::try_again, fmt::format("cannot take spans now, status {}", status), said);
        outcome.retry_after = retry_after;
        return outcome;
    }
    case 401:
    case 403: return say(Kind::refused, fmt::format("{}, status {}", wants_credentials, status), said);
    case 404: return say(Kind::refused, "takes no traces at that path, status 404", said);
    default: break;
    }
    const bool redirection = status >= 300 && status < 400;
    return say(Kind::refused,
               redirection ? fmt::format("redirects elsewhere, status {}: put that URL into the endpoint", status)
                           : fmt::format("refused the spans with status {}", status),
               said);
}

} // namespace tokenscope::otlp
