// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/logging/log.h"

#include <spdlog/details/log_msg.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace tokenscope::telemetry {

/// The queue between the callers and the one writing thread. spdlog's sinks write and rotate; its asynchronous queue is
/// not used because its flush() does not wait.
struct Logger::State {
    explicit State(LogOptions given) : options(std::move(given)), level(options.level)
    {
        options.queue_lines = std::max<std::size_t>(options.queue_lines, 1);
        const auto problem = open_file();
        if (options.to_stderr || (!problem.empty() && !options.sink))
            add(std::make_shared<spdlog::sinks::stderr_sink_mt>());
        if (!problem.empty())
            queue.push_back(line(Level::error, "The log file cannot be opened; logging goes on without it.",
                                 {{"file", options.file}, {"detail", problem}}));
        accepted = queue.size();
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

    LogOptions options;
    std::atomic<Level> level;
    std::atomic<std::uint64_t> dropped = 0;

private:
    void add(spdlog::sink_ptr sink)
    {
        sink->set_formatter(std::make_unique<spdlog::pattern_formatter>("%v", spdlog::pattern_time_type::utc, "\n"));
        sinks.push_back(std::move(sink));
    }

    /// What went wrong, or nothing.
    std::string open_file()
    {
        if (options.file.empty())
            return {};
        try {
            add(std::make_shared<spdlog::sinks::rotating_file_sink_mt>(options.file, options.file_bytes,
                                                                       options.files_kept));
            return {};
        } catch (const std::exception& problem) {
            return problem.what();
        }
    }

    void run()
    {
        std::unique_lock lock(mutex);
        for (;;) {
            wake.wait(lock, [this] { return stopping || !queue.empty(); });
            if (queue.empty())
                return;
            std::deque<std::string> batch;
            batch.swap(queue);
            const auto upto = accepted;
            const auto lost = std::exchange(unreported, 0);
            lock.unlock();
            write(batch, lost);
            lock.lock();
            written = upto;
            written_more.notify_all();
        }
    }

    void write(const std::deque<std::string>& batch, std::uint64_t lost)
    {
        if (lost > 0) {
            guarded([&] {
                write(
                    line(Level::warn, "Log lines were dropped because the log could not keep up.", {{"lines", lost}}));
            });
        }
        for (const auto& text : batch)
            write(text);
        for (const auto& sink : sinks)
            guarded([&] { sink->flush(); });
    }

    void write(const std::string& text)
    {
        for (const auto& sink : sinks)
            guarded([&] { sink->log(spdlog::details::log_msg({}, spdlog::level::info, text)); });
        if (options.sink)
            guarded([&] { options.sink(text); });
    }

    template <typename Action>
    static void guarded(Action&& action) noexcept
    {
        try {
            action();
        } catch (...) { // a full disk must not end the program, and there is nowhere left to tell
        }
    }

    SystemClock system_clock;
    std::vector<spdlog::sink_ptr> sinks;
    std::mutex mutex;
    std::condition_variable wake, written_more;
    std::deque<std::string> queue;
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
    return level >= m_state->level.load(std::memory_order_relaxed);
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
