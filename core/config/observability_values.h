// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "config/config.h"

#include <string>
#include <string_view>

/// The texts that "observability" is made of. Errors continue the sentence "'<value>' ...", as those of parse_value.
namespace tokenscope::config {

/// The path of a page that none of the gateway's own routes has: /v1, /api, /health and /ready, and what is below them.
Result<std::string> parse_page(std::string_view text);

/// Where a collector may be: a canonical host:port or http(s) URL, or empty. Which of them an exporter takes is for
/// complete_endpoint to say.
Result<std::string> parse_endpoint(std::string_view text);

/// One line of UTF-8 text without control characters, not empty.
Result<std::string> parse_phrase(std::string_view text);

/// The name of a header that may be sent along with spans, in lower case, as gRPC has them. Not one that the protocols
/// themselves set.
Result<std::string> parse_header_name(std::string_view text);

/// The value of such a header: printable ASCII, not empty, and not the mask.
Result<std::string> parse_header_value(std::string_view text);

/// Makes the endpoint complete for the exporter's type (a URL without a path is that of the collector's own,
/// /v1/traces), or says why it is none.
Result<void> complete_endpoint(Exporter& exporter);

/// Whether the exporter's headers would cross a network in the clear.
bool exposes_headers(const Exporter& exporter);

/// Whether the pages of metrics may have `metrics.address` to themselves while the gateway listens on `listen`.
Result<void> check_metrics_address(const Metrics& metrics, std::string_view listen);

} // namespace tokenscope::config
