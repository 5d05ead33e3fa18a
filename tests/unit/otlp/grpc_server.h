// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/headers.h"
#include "unit/net/loop_server.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace tokenscope::test {

/// A collector that does exactly as it is told, by HTTP/2 on nghttp2's server side.
class GrpcServer : public LoopServer {
public:
    struct Request {
        net::Headers fields;
        std::string body;
        std::string field(std::string_view name) const { return std::string(net::find_header(fields, name)); }
    };

    /// What to do with a request.
    struct Plan {
        std::string status = "200";
        net::Headers headers{{"content-type", "application/grpc"}};
        std::string body = std::string(5, '\0'); ///< an empty message
        std::optional<net::Headers> trailers = net::Headers{{"grpc-status", "0"}};
        bool trailers_only = false;            ///< they follow the status at once, and no body
        bool silent = false;                   ///< no answer at all
        bool early = false;                    ///< answer the headers, do not wait for the body
        std::optional<std::uint32_t> reset;    ///< RST_STREAM in place of the trailers, or of everything
        bool goaway = false;                   ///< afterwards
        std::optional<std::int32_t> goaway_at; ///< at once, with this as the last stream; no answer
        bool close = false;                    ///< the connection, in place of an answer
        bool close_after = false;
        int pings = 0;        ///< sent before the answer
        std::string raw;      ///< bytes that are no frames, in place of an answer
        bool trickle = false; ///< the body never ends, one byte at a time
        bool interim = false; ///< a 103 first
    };

    struct Settings {
        std::optional<std::uint32_t> window; ///< initial window of a stream
        bool no_updates = false;             ///< the window is never opened again
    };

    using Answer = std::function<Plan(const Request&)>;

    explicit GrpcServer(Answer answer) : GrpcServer(std::move(answer), Settings()) {}
    GrpcServer(Answer answer, Settings settings, const Certificate* certificate = nullptr);
    ~GrpcServer();

    std::string url() const { return "http://127.0.0.1:" + std::to_string(port()); }
    std::vector<Request> requests() const;
    std::size_t received() const { return m_received; } ///< bytes of bodies
    int pongs() const { return m_pongs; }
    int closed() const { return m_closed; } ///< connections that have ended

private:
    struct Session;

    template <class Stream>
    net::Task<void> talk(Stream& stream);
    net::Task<void> serve(Tcp::socket socket);

    const Answer m_answer;
    const Settings m_settings;
    std::optional<boost::asio::ssl::context> m_tls;
    mutable std::mutex m_mutex;
    std::vector<Request> m_requests;
    std::atomic<std::size_t> m_received = 0;
    std::atomic<int> m_pongs = 0;
    std::atomic<int> m_closed = 0;
};

/// Sends these bytes to every connection that has said something, and then holds, closes or resets it.
class ByteServer : public LoopServer {
public:
    enum class Then { hold, close, reset };

    ByteServer(std::string bytes, Then then);
    ~ByteServer() { stop(); }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(port()); }

private:
    net::Task<void> serve(Tcp::socket socket);

    const std::string m_bytes;
    const Then m_then;
};

} // namespace tokenscope::test
