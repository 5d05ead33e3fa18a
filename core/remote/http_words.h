// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "remote/http_request.h"
#include "sources/connection.h"

#include <QNetworkReply>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace tokenscope::remote {

/// What a person is told when a server is not reached or answers otherwise than it should. `origin` is "http://host:port".

Error network_error(std::string_view origin, QNetworkReply::NetworkError error, std::string_view detail,
                    bool body_begun);
Error status_error(std::string_view origin, std::string_view path, sources::AuthKind auth, const HttpHead& head,
                   std::string_view body);
/// `wanted` is what should have come, such as "the answer of Prometheus' API".
inline constexpr std::string_view metrics_page = "a metrics page";
Error web_page_error(std::string_view origin, std::string_view wanted, const HttpHead& head, std::string_view body);
Error redirect_error(std::string_view origin, std::string_view target);
/// `location` is what the redirect says, which is no URL.
Error bad_redirect_error(std::string_view origin, std::string_view location);
Error redirect_loop_error(std::string_view origin, std::string_view target);
/// All that came is an answer with a status below 200, which announces another one.
Error interim_error(std::string_view origin, int status);
/// Megabytes came, and the headers are not over.
Error endless_head_error(std::string_view origin);
Error too_large_error(std::string_view origin, std::size_t max_bytes, bool is_set);

enum class Waiting { turn, connect, head, body, idle };
/// `advice`: the request's, where the answer was waited for.
Error timeout_error(std::string_view origin, Waiting what, std::chrono::milliseconds time,
                    std::string_view advice = {});

/// Asked again before the time that a server gave has come.
Error patience_error(std::string_view origin, std::chrono::seconds left);
/// Retry-After in seconds or as a date, at most an hour; nothing where it is neither.
std::optional<std::chrono::seconds> read_retry_after(std::string_view text);

bool is_html(std::string_view content_type);
/// A server's own words in the body of an error: an HTML page's title, the sentence in JSON, else its text, shortened.
std::string words_of(std::string_view content_type, std::string_view body);
/// "1.5 s", "30 s"
std::string seconds_text(std::chrono::milliseconds time);

} // namespace tokenscope::remote
