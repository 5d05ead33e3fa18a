// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "remote/http_client.h"

#include "remote/request_queue.h"

#include <cstddef>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

namespace tokenscope::remote {

HttpClient::HttpClient(std::shared_ptr<SourceThread> thread, sources::Connection connection, config::Lookup lookup,
                       HttpLimits limits)
    : m_thread(std::move(thread)),
      m_queue(std::make_unique<RequestQueue>(std::move(connection), std::move(lookup), limits))
{
    m_queue->moveToThread(m_thread->thread());
}

HttpClient::~HttpClient()
{
    m_thread->run([this] { m_queue->close(); });
    m_queue->wait();
}

void HttpClient::stream(HttpRequest request, CancelToken cancel, Handler handler)
{
    m_queue->submit(std::move(request), std::move(cancel), std::move(handler));
}

void HttpClient::fetch(HttpRequest request, CancelToken cancel, sources::Answer<HttpReply> done)
{
    // What is cut is counted here: in the pipe, an error would take what came before it along.
    constexpr auto any = std::numeric_limits<std::size_t>::max();
    const auto most = request.cuts ? std::exchange(request.max_bytes, any) : any;
    auto read = [cancel, done, most](const HttpHead& head, BodyPipe& body) {
        HttpReply reply{.head = head, .body = {}};
        for (auto bytes = body.next(); !bytes.empty(); bytes = reply.cut ? std::string_view() : body.next()) {
            const auto room = most - reply.body.size();
            reply.cut = bytes.size() > room;
            reply.body += bytes.substr(0, room);
        }
        auto error = reply.cut ? std::nullopt : body.error();
        if (cancel.cancelled() || body.abandoned())
            return;
        if (error)
            done(failure(std::move(*error)));
        else
            done(std::move(reply));
    };
    auto fail = [done](Error error) { done(failure(std::move(error))); };
    stream(std::move(request), std::move(cancel), {.read = std::move(read), .fail = std::move(fail)});
}

} // namespace tokenscope::remote
