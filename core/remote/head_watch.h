// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>

#include <cstdint>
#include <functional>
#include <optional>

namespace tokenscope::remote {

/// Notices a head of an answer that does not end. Qt keeps a head as a whole and tells nothing of it before its end, so this
/// looks at what the sockets of Qt's HTTP client have received from the server's port while no body was under way.
class HeadWatch {
public:
    /// While one of these exists, in whatever source, what is received may be that body.
    class Body {
    public:
        Body();
        ~Body();
        Body(const Body&) = delete;
        Body& operator=(const Body&) = delete;
    };

    explicit HeadWatch(std::function<void()> on_endless);

    /// The request was sent to that port.
    void start(int port);
    void stop() { m_timer.stop(); }

private:
    void look();

    struct Begin {
        std::uint64_t received, bodies;
    };

    std::function<void()> m_on_endless;
    QTimer m_timer;
    int m_port = 0;
    std::optional<Begin> m_begin;
};

} // namespace tokenscope::remote
