// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/url.h"
#include "net/dial.h"
#include "net/proxy.h"
#include "net/resolver.h"
#include "telemetry/tracing/span_data.h"

#include <map>
#include <string>

namespace tokenscope::otlp {

/// What an exporter needs to know, already checked (see make_exporter).
struct ExporterOptions {
    Url endpoint;
    std::map<std::string, std::string> headers; ///< secrets
    telemetry::Resource resource;               ///< of all spans
    net::ProxyRules proxies;
    net::Resolver::Lookup lookup = net::Resolver::system_lookup; ///< of the collector's name

    std::string user_agent() const { return "tokenscope/" TOKENSCOPE_VERSION; }
    std::string collector() const { return "The OTLP collector " + endpoint.to_string(); }
};

} // namespace tokenscope::otlp
