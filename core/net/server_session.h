// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/append_body.h"
#include "net/exchange.h"
#include "net/http_io.h"
#include "net/http_server.h"
#include "net/request_scanner.h"
#include "net/stream.h"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>

#include <memory>
#include <optional>

namespace tokenscope::net {

/// One connection of the server, and the exchange of the request it is serving. Kept alive by its own coroutine and by
/// whatever operation is under way.
class ServerSession final : public Exchange, public std::enable_shared_from_this<ServerSession> {
public:
    ServerSession(HttpServer& server, boost::asio::ip::tcp::socket socket);
    ~ServerSession() override;

    /// Serves requests until the connection ends.
    Task<void> run();
    void drain(); ///< see HttpServer
    void abort();

    std::string_view method() const override { return m_method; }
    std::string_view target() const override { return m_target; }
    std::string_view header(std::string_view name) const override { return find_header(m_headers, name); }
    const Headers& headers() const override { return m_headers; }
    std::string peer() const override { return m_peer; }
    Instant accepted() const override { return m_accepted; }
    const std::optional<Error>& broken() const override { return m_broken; }

    Task<Result<std::string>> read_body() override;
    void add_reply_header(std::string name, std::string value) override;
    Task<Result<void>> reply(Response response) override;
    Task<Result<void>> begin_stream(unsigned status, Headers headers) override;
    Task<Result<void>> write(std::string_view bytes) override;
    Task<Result<void>> end_stream() override;
    CancelToken gone() const override { return m_gone.token(); }

    unsigned status() const override { return m_status; }
    bool reply_complete() const override { return m_complete; }
    std::uint64_t bytes_sent() const override { return m_bytes_sent; }
    std::uint64_t bytes_received() const override { return m_bytes_received; }

private:
    using Parser = boost::beast::http::request_parser<AppendBody>;

    void reset();
    void cancel_io();
    std::string_view buffered() const
    {
        const auto bytes = m_buffer.data();
        return {static_cast<const char*>(bytes.data()), bytes.size()};
    }
    /// False when the connection has ended without a request.
    Task<bool> read_head();
    void skip_blank_line();
    void parse_head(const RequestScanner& scanner);
    void watch_client();
    void stop_watching();
    Task<void> linger();
    std::string start_reply(unsigned status, const Headers& headers, std::optional<std::size_t> length);
    template <class Buffers>
    Task<Result<void>> send(Buffers buffers);

    HttpServer& m_server;
    Stream m_stream;
    boost::beast::flat_buffer m_buffer;
    Watchdog::Guard m_guard;
    const std::string m_peer;
    bool m_idle = true;           ///< not a byte of the next request yet
    bool m_blank_skipped = false; ///< an empty line before the next request

    // The request being served.
    ChunkExtensionCheck m_extension_check; ///< the parser refers to it
    std::unique_ptr<Parser> m_parser;
    std::string m_method, m_target;
    Headers m_headers;
    Instant m_accepted;
    std::optional<Error> m_broken;
    CancelSource m_gone;
    unsigned m_watch_generation = 0;
    bool m_watching = false;

    // Its reply.
    Headers m_extra_headers;
    unsigned m_status = 0;
    bool m_streaming = false;
    bool m_chunked = false;
    bool m_keep_alive = false;
    bool m_bodiless = false; ///< whatever is written, no body follows the head
    bool m_complete = false;
    std::uint64_t m_bytes_sent = 0;
    std::uint64_t m_bytes_received = 0;
};

} // namespace tokenscope::net
