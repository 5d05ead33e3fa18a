// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/logging/log.h"

#include "telemetry/logging/log_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <poll.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace tokenscope::telemetry {

namespace {

/// How long standard error may be too full to take anything, where it does not wait itself.
constexpr int stderr_patience_ms = 1000;

/// In one piece as far as the system allows, so that the lines of several programs do not mix.
void write_to_stderr(std::string_view text)
{
    while (!text.empty()) {
        const auto written = ::write(STDERR_FILENO, text.data(), text.size());
        if (written > 0) {
            text.remove_prefix(static_cast<std::size_t>(written));
            continue;
        }
        pollfd ready{.fd = STDERR_FILENO, .events = POLLOUT, .revents = 0};
        const bool full = written < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
        if (!(written < 0 && errno == EINTR) && !(full && ::poll(&ready, 1, stderr_patience_ms) > 0))
            return; // there is nowhere left to tell
    }
}

} // namespace

/// The queue between the callers and the one writing thread.
struct Logger::State {
    explicit State(LogOptions given) : options(std::move(given)), level(options.level)
    {
        options.queue_lines = std::max<std::size_t>(options.queue_lines, 1);
        use_file(options.file);
        if (file && !file->open()) {
            options.to_stderr = options.to_stderr || !options.sink;
            file_failed();
        }
        writer = std::thread([this] { run(); });
    }

    ~State()
    {
        {
            const std::scoped_lock lock(mutex);
            stopping = true;
        }
        wake.notify_all();
        writer.join();
    }

    std::string line(Level of, std::string_view message, std::initializer_list<Field> fields) const
    {
        return json_line(clock().wall(), of, message, {fields.begin(), fields.size()});
    }

    const Clock& clock() const { return options.clock ? *options.clock : system_clock; }

    void push(std::string text)
    {
        std::string oldest; // destroyed outside the lock
        {
            const std::scoped_lock lock(mutex);
            if (queue.size() >= options.queue_lines) {
                oldest = std::move(queue.front());
                queue.pop_front();
                ++unreported;
                dropped.fetch_add(1, std::memory_order_relaxed);
            }
            queue.push_back(std::move(text));
            ++accepted;
        }
        wake.notify_one();
    }

    void flush()
    {
        if (std::this_thread::get_id() == writer.get_id())
            return;
        std::unique_lock lock(mutex);
        const auto upto = accepted;
        written_more.wait(lock, [&] { return written >= upto; });
    }

    void set_file(std::string path)
    {
        {
            const std::scoped_lock lock(mutex);
            next_file = std::move(path);
        }
        wake.notify_one();
    }

    bool enabled(Level of) const { return of != Level::off && of >= level.load(std::memory_order_relaxed); }

    LogOptions options;
    std::atomic<Level> level;
    std::atomic<std::uint64_t> dropped = 0;

private:
    void use_file(const std::string& path)
    {
        if (file ? file->path() == path : path.empty())
            return;
        file.reset();
        missing = 0;
        failure_told = false;
        if (!path.empty())
            file = std::make_unique<LogFile>(path, options.file_bytes, options.files_kept);
    }

    void run()
    {
        std::unique_lock lock(mutex);
        for (;;) {
            wake.wait(lock, [this] { return stopping || !queue.empty() || next_file; });
            if (queue.empty() && !next_file)
                return;
            std::deque<std::string> batch;
            batch.swap(queue);
            const auto path = std::exchange(next_file, std::nullopt);
            const auto upto = accepted;
            const auto lost = std::exchange(unreported, 0);
            lock.unlock();
            guarded([&] {
                if (path)
                    use_file(*path);
                write(batch, lost);
            });
            lock.lock();
            written = upto;
            written_more.notify_all();
        }
    }

    void write(const std::deque<std::string>& batch, std::uint64_t lost)
    {
        std::string lines;
        if (lost > 0 && enabled(Level::warn))
            add(lines,
                line(Level::warn, "Log lines were dropped because the log could not keep up.", {{"lines", lost}}));
        for (const auto& text : batch)
            add(lines, text);
        if (file)
            write_to_file(lines);
    }

    /// To wherever a line goes at once, and to those for the file.
    void add(std::string& lines, const std::string& text)
    {
        if (options.to_stderr)
            write_to_stderr(fmt::format("{}\n", text));
        if (options.sink)
            guarded([&] { options.sink(text); });
        lines += text;
        lines += '\n';
    }

    void write_to_file(std::string_view lines)
    {
        if (missing > 0 && enabled(Level::warn)) {
            const auto note =
                fmt::format("{}\n", line(Level::warn, "Log lines are missing here because they could not be written.",
                                         {{"lines", missing}}));
            if (file->write(note) == note.size())
                missing = 0;
        }
        const auto rest = lines.substr(missing > 0 ? 0 : file->write(lines));
        missing += static_cast<std::uint64_t>(std::count(rest.begin(), rest.end(), '\n'));
        if (rest.empty())
            failure_told = false;
        else if (!failure_told)
            file_failed();
    }

    /// Said where it can be: not in the file.
    void file_failed()
    {
        failure_told = true;
        if (!enabled(Level::error))
            return;
        std::string unused;
        add(unused, line(Level::error, "The log file cannot be used; logging goes on without it.",
                         {{"file", file->path()}, {"detail", file->problem()}}));
    }

    template <typename Action>
    static void guarded(Action&& action) noexcept
    {
        try {
            action();
        } catch (...) { // neither a sink nor a lack of memory must end the program
        }
    }

    SystemClock system_clock;
    std::unique_ptr<LogFile> file;
    std::uint64_t missing = 0; // lines that the file lacks
    bool failure_told = false;
    std::mutex mutex;
    std::condition_variable wake, written_more;
    std::deque<std::string> queue;
    std::optional<std::string> next_file;
    std::uint64_t accepted = 0; // lines ever queued
    std::uint64_t written = 0;  // of those, written or dropped
    std::uint64_t unreported = 0;
    bool stopping = false;
    std::thread writer;
};

Logger::Logger(LogOptions options) : m_state(std::make_unique<State>(std::move(options))) {}

Logger::~Logger() = default;

bool Logger::enabled(Level level) const noexcept
{
    return m_state->enabled(level);
}

void Logger::set_file(std::string path) noexcept
{
    m_state->set_file(std::move(path));
}

void Logger::set_level(Level level) noexcept
{
    m_state->level.store(level, std::memory_order_relaxed);
}

void Logger::log(Level level, std::string_view message, std::initializer_list<Field> fields) noexcept
{
    log(level, message, std::span<const Field>(fields.begin(), fields.size()));
}

void Logger::log(Level level, std::string_view message, std::span<const Field> fields) noexcept
{
    if (!enabled(level))
        return;
    try {
        m_state->push(json_line(m_state->clock().wall(), level, message, fields));
    } catch (...) { // out of memory: the line is lost, the caller goes on
    }
}

void Logger::flush() noexcept
{
    m_state->flush();
}

std::uint64_t Logger::dropped() const noexcept
{
    return m_state->dropped.load(std::memory_order_relaxed);
}

} // namespace tokenscope::telemetry
