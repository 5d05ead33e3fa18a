// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "net/headers.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tokenscope::remote {

struct HttpHead {
    int status = 0;
    std::string content_type;
    net::Headers headers;
};

struct HttpReply {
    HttpHead head;
    std::string body;
    bool cut = false; ///< it is longer than HttpRequest::max_bytes, and ends there
};

/// Of metrics pages, what Prometheus 2.42 sends.
inline constexpr const char* accepted_pages =
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
    "text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

/// Where an answer takes too long, and nothing else is known of why.
inline constexpr const char* general_advice = "look into the server";

struct HttpRequest {
    std::string path;                                      ///< after the connection's URL; empty: that URL as it is
    std::vector<std::pair<std::string, std::string>> form; ///< in the body of a POST, else in the URL
    bool post = false;                                     ///< a server that answers 405 is asked by GET from then on
    std::string accept = "application/json";
    std::string wanted = "the answer of Prometheus' API"; ///< what a web page that came instead stands in the place of
    std::size_t max_bytes = std::size_t{256} << 20;       ///< of the body, unpacked
    bool max_is_set = false;                              ///< that is the connection's, which may allow more
    bool cuts = false;                                    ///< HttpClient::fetch() cuts a longer body, which is no error
    std::string advice = general_advice;                  ///< where only this answer takes too long
    /// What a status that is no success means in the server's own protocol; nothing: what it means in HTTP.
    std::function<std::optional<Error>(const HttpHead& head, std::string_view body)> explain;
};

struct HttpLimits {
    std::chrono::milliseconds connect{10'000}; ///< until the request is sent, TLS included
    std::chrono::milliseconds idle{20'000};    ///< between two pieces of a body
    std::size_t at_once = 4;
    std::size_t waiting = 256;
    std::size_t pipe_bytes = std::size_t{256} << 10; ///< received, but not yet read
};

} // namespace tokenscope::remote
