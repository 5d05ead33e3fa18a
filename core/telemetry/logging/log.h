// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

namespace tokenscope::telemetry {

enum class Level {
    debug,
    info,
    warn,
    error,
    off, ///< of a logger: nothing is written at all, not even what it has to say itself
};

/// Stable lower-case name, e.g. "warn".
std::string_view to_string(Level level);

/// One key and value of a log line. Holds views: made in the call that logs it. Never a prompt, a reply or a key.
struct Field {
    using Value = std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool>;
    template <typename Number>
    using Widest = std::conditional_t<
        std::is_same_v<Number, bool>, bool,
        std::conditional_t<std::is_floating_point_v<Number>, double,
                           std::conditional_t<std::is_signed_v<Number>, std::int64_t, std::uint64_t>>>;

    template <typename Text>
    requires std::is_convertible_v<const Text&, std::string_view> Field(std::string_view field_key, const Text& text)
        : key(field_key), value(std::string_view(text))
    {
    }
    template <typename Number>
    requires std::is_arithmetic_v<Number> Field(std::string_view field_key, Number number)
        : key(field_key), value(Widest<Number>{number})
    {
    }

    std::string_view key;
    Value value; ///< NaN and infinities are written as null
};

/// One JSON object without a newline: time, level, msg, then the fields in their order. Invalid UTF-8 becomes U+FFFD.
std::string json_line(WallTime time, Level level, std::string_view message, std::span<const Field> fields);

struct LogOptions {
    Level level = Level::info; ///< lines below it are not written
    bool to_stderr = true;
    std::string file;                               ///< path, or empty for none
    std::size_t file_bytes = std::size_t{10} << 20; ///< before a file is put aside (see LogFile)
    std::size_t files_kept = 3;                     ///< put aside, besides the current one
    std::size_t queue_lines = 8192;                 ///< waiting to be written; the oldest are dropped beyond
    /// Gets each line, without a newline, on the logger's own thread, one at a time.
    std::function<void(std::string_view)> sink;
    const Clock* clock = nullptr; ///< the system's where null
};

/// JSON lines, written by a thread of their own, so that a slow disk or terminal never slows a request: beyond the bounded
/// queue the oldest lines are dropped, and the next line written says how many. Thread-safe.
class Logger {
public:
    /// A file that cannot be opened is reported in the log itself, on standard error if there is no other place, and tried
    /// again with every line. So is one that cannot be written (a full disk); once it can be, it says how many are missing.
    explicit Logger(LogOptions options);
    /// Writes what is still queued.
    ~Logger();

    bool enabled(Level level) const noexcept;
    void set_level(Level level) noexcept;
    /// Goes on in another file, or in none where empty. Lines logged after the call are in it.
    void set_file(std::string path) noexcept;

    void log(Level level, std::string_view message, std::initializer_list<Field> fields = {}) noexcept;
    void log(Level level, std::string_view message, std::span<const Field> fields) noexcept;

    /// Returns when every line logged before the call has been written or dropped. Does nothing on the logger's own thread.
    void flush() noexcept;
    /// Lines dropped so far because the queue was full.
    std::uint64_t dropped() const noexcept;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace tokenscope::telemetry
