// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "otlp/grpc_status.h"

#include "otlp/trace_response.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

namespace tokenscope::otlp {

namespace {

constexpr std::array<std::string_view, 17> names = {
    "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED"};

unsigned from_http(unsigned status)
{
    switch (status) {
    case 400: return GrpcStatus::internal;
    case 401: return GrpcStatus::unauthenticated;
    case 403: return GrpcStatus::permission_denied;
    case 404: return GrpcStatus::unimplemented;
    case 429:
    case 502:
    case 503:
    case 504: return GrpcStatus::unavailable;
    default: return GrpcStatus::unknown;
    }
}

int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

int base64_digit(char c)
{
    static constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const auto at = digits.find(c);
    return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

/// A server may send a field twice, though it must not; the trailers come last.
std::string_view last_of(const net::Headers& fields, std::string_view name)
{
    const auto found =
        std::find_if(fields.rbegin(), fields.rend(), [&](const auto& field) { return field.first == name; });
    return found == fields.rend() ? std::string_view() : std::string_view(found->second);
}

} // namespace

bool GrpcStatus::may_retry() const
{
    switch (code) {
    case cancelled:
    case deadline_exceeded:
    case aborted:
    case out_of_range:
    case unavailable:
    case data_loss: return true;
    case resource_exhausted: return retry_delay.has_value();
    default: return false;
    }
}

std::string_view GrpcStatus::name() const
{
    return code < names.size() ? names[code] : names[unknown];
}

GrpcStatus read_grpc_status(unsigned http_status, const net::Headers& fields)
{
    GrpcStatus status;
    const auto text = last_of(fields, "grpc-status");
    unsigned code = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), code);
    if (text.empty())
        status.code = from_http(http_status);
    else if (error == std::errc() && end == text.data() + text.size() && code < names.size())
        status.code = code;
    status.message = decode_grpc_message(last_of(fields, "grpc-message"));
    if (const auto bytes = decode_base64(last_of(fields, "grpc-status-details-bin")))
        if (auto details = read_rpc_status(*bytes)) {
            status.retry_delay = details->retry_delay;
            if (status.message.empty())
                status.message = std::move(details->message);
        }
    return status;
}

std::string decode_grpc_message(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int high = i + 2 < text.size() && text[i] == '%' ? hex_digit(text[i + 1]) : -1;
        const int low = high < 0 ? -1 : hex_digit(text[i + 2]);
        if (low < 0) {
            out += text[i];
            continue;
        }
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return out;
}

std::optional<std::string> decode_base64(std::string_view text)
{
    for (int padding = 0; padding < 2 && text.ends_with('='); ++padding)
        text.remove_suffix(1);
    if (text.size() % 4 == 1)
        return std::nullopt;
    std::string out;
    unsigned bits = 0, count = 0;
    for (const char c : text) {
        const int digit = base64_digit(c);
        if (digit < 0)
            return std::nullopt;
        bits = (bits << 6 | static_cast<unsigned>(digit)) & 0xFFFF;
        count += 6;
        if (count >= 8) {
            count -= 8;
            out += static_cast<char>(bits >> count);
        }
    }
    return out;
}

} // namespace tokenscope::otlp
