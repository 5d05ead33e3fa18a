// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "base/result.h"
#include "config/environment.h"
#include "remote/body_pipe.h"
#include "remote/http_request.h"
#include "remote/source_thread.h"
#include "sources/connection.h"
#include "sources/metric_source.h"

#include <functional>
#include <memory>

namespace tokenscope::remote {

class RequestQueue;

/// Asks one server over HTTP(S) as its connection says. Thread-safe; nothing here waits for the network.
///
/// At most HttpLimits::at_once requests are under way, further ones wait in order (with HttpLimits::waiting of them, one more
/// is refused with ErrorCode::queue_full). The connection's time-out counts from the moment at which it was asked. Where nobody
/// answers at all, those that wait are told so with the first one, and so are those that come right after it. After a 429 or
/// 503 with Retry-After, no request is sent before that time: they fail at once with ErrorCode::rate_limited. A request whose
/// token is cancelled ends at once, is not sent if it waited, and none of its callbacks runs afterwards.
///
/// Redirects are followed on the same server and from http to https of the same host, five of them at most; no other host is
/// ever asked. TLS errors are errors. An answer that is a web page is one, too. Secrets and files of the connection are looked
/// up at the first request, and again after a failure to do so and after a 401. Proxies: net::ProxyRules.
///
/// The destructor ends what is under way, without its callbacks, and waits for those that run: it must not run inside one,
/// nor on the source thread.
class HttpClient {
public:
    /// Both run once or not at all, and one of them only. `read` on a thread of its own, for an answer with status 2xx: it
    /// reads the body to its end, or returns earlier if it wants no more; a body that was abandoned meanwhile wants no answer.
    /// `fail` on any thread; it must not wait for anything.
    struct Handler {
        std::function<void(const HttpHead& head, BodyPipe& body)> read;
        std::function<void(Error error)> fail;
    };

    /// What `lookup` refers to must outlive this.
    HttpClient(std::shared_ptr<SourceThread> thread, sources::Connection connection, config::Lookup lookup,
               HttpLimits limits = {});
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    void stream(HttpRequest request, CancelToken cancel, Handler handler);
    /// The whole body, for answers that are small; `done` as MetricSource's answers.
    void fetch(HttpRequest request, CancelToken cancel, sources::Answer<HttpReply> done);

private:
    std::shared_ptr<SourceThread> m_thread;
    std::unique_ptr<RequestQueue> m_queue;
};

} // namespace tokenscope::remote
