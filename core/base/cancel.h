// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>

namespace tokenscope {

namespace detail {
struct CancelState;
}

/// Undoes a CancelToken::on_cancel when it goes out of scope. After its destructor has returned the callback is neither
/// running (on another thread) nor will it run.
class CancelRegistration {
public:
    CancelRegistration() = default;
    CancelRegistration(std::shared_ptr<detail::CancelState> state, unsigned long id);
    CancelRegistration(CancelRegistration&& other) noexcept;
    CancelRegistration& operator=(CancelRegistration&& other) noexcept;
    ~CancelRegistration();

private:
    void reset();

    std::shared_ptr<detail::CancelState> m_state;
    unsigned long m_id = 0;
};

/// Tells long work that its result is no longer wanted. Copies share one state; a default-constructed token is never
/// cancelled. Thread-safe.
class CancelToken {
public:
    CancelToken() = default;
    explicit CancelToken(std::shared_ptr<detail::CancelState> state) : m_state(std::move(state)) {}

    bool cancelled() const;

    /// Runs `callback` once on the thread that cancels; at once, on this thread, if that has happened already. The
    /// callback must not destroy its own registration.
    [[nodiscard]] CancelRegistration on_cancel(std::function<void()> callback) const;

private:
    std::shared_ptr<detail::CancelState> m_state;
};

/// The side that cancels. Destroying it without cancel() leaves the tokens uncancelled for ever.
class CancelSource {
public:
    CancelSource();
    CancelToken token() const { return CancelToken(m_state); }
    /// The first call runs the callbacks; later calls do nothing.
    void cancel();
    bool cancelled() const { return token().cancelled(); }

private:
    std::shared_ptr<detail::CancelState> m_state;
};

} // namespace tokenscope
