// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/file_watch.h"

#include "base/sha256.h"

#include <fmt/format.h>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <deque>
#include <optional>
#include <system_error>
#include <utility>

namespace tokenscope::config {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

/// A name that is looked up on the way to a file, and the real folder where.
struct Step {
    fs::path folder;
    std::string name;
};

/// The way to `file` through all symbolic links, up to the first name that does not exist.
std::vector<Step> way_to(const fs::path& file)
{
    constexpr int most_links = 40; // as in the kernel
    std::vector<Step> steps;
    fs::path folder = "/";
    std::deque<fs::path> rest(file.begin(), file.end());
    for (int links = 0; !rest.empty() && links <= most_links;) {
        const auto name = std::move(rest.front());
        rest.pop_front();
        if (name == "/")
            folder = "/";
        if (name == ".." && folder.has_parent_path())
            folder = folder.parent_path();
        if (name.empty() || name == "/" || name == "." || name == "..")
            continue;
        steps.push_back({folder, name.string()});
        std::error_code error;
        const auto status = fs::symlink_status(folder / name, error);
        if (fs::is_symlink(status)) {
            const auto target = fs::read_symlink(folder / name, error);
            rest.insert(rest.begin(), target.begin(), target.end());
            ++links;
        } else if (fs::exists(status)) {
            folder /= name;
        } else {
            break;
        }
    }
    return steps;
}

/// The same for the same content.
std::string digest_of(const fs::path& file)
{
    constexpr std::size_t largest = std::size_t{2} << 20; // no configuration is; what is beyond is refused unread
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0)
        return fmt::format("error {}", errno);
    std::string content;
    struct stat about {};
    const bool is_file = fstat(descriptor, &about) == 0 && S_ISREG(about.st_mode);
    ssize_t got = is_file ? 1 : 0;
    while (got > 0 && content.size() < largest) {
        std::array<char, 16384> block; // NOLINT(cppcoreguidelines-pro-type-member-init): read fills it
        got = ::read(descriptor, block.data(), block.size());
        if (got > 0)
            content.append(block.data(), static_cast<std::size_t>(got));
    }
    ::close(descriptor);
    return is_file ? to_hex(sha256(content)) : std::string("no file");
}

Error unavailable(int error_number)
{
    return {.code = ErrorCode::config,
            .message = "changes of the configuration file cannot be watched for; send SIGHUP after one",
            .detail = std::generic_category().message(error_number)};
}

} // namespace

FileWatch::Descriptor::~Descriptor()
{
    if (m_value >= 0)
        ::close(m_value);
}

FileWatch::FileWatch(fs::path file, Changed changed, Options options)
    : m_file(std::move(file)), m_changed(std::move(changed)), m_options(options),
      m_events(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)), m_stop(eventfd(0, EFD_CLOEXEC))
{
}

Result<std::unique_ptr<FileWatch>> FileWatch::start(const fs::path& file, Changed changed, Options options)
{
    std::error_code error;
    auto absolute = fs::absolute(file, error);
    if (error)
        return failure(unavailable(error.value()));
    std::unique_ptr<FileWatch> watch(new FileWatch(std::move(absolute), std::move(changed), options));
    if (watch->m_events.get() < 0 || watch->m_stop.get() < 0 || !watch->watch_folders())
        return failure(unavailable(errno));
    watch->m_content = digest_of(watch->m_file);
    watch->m_thread = std::thread([raw = watch.get()] { raw->run(); });
    return watch;
}

FileWatch::~FileWatch()
{
    if (!m_thread.joinable())
        return;
    eventfd_write(m_stop.get(), 1);
    m_thread.join();
}

bool FileWatch::watch_folders()
{
    constexpr std::uint32_t lookups = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB | IN_DELETE_SELF
                                      | IN_MOVE_SELF | IN_ONLYDIR | IN_MASK_ADD;
    constexpr std::uint32_t content = IN_MODIFY | IN_CLOSE_WRITE;
    std::map<int, std::set<std::string>> names;
    const auto steps = way_to(m_file);
    for (const auto& step : steps) {
        const auto mask = &step == &steps.back() ? lookups | content : lookups;
        // A folder that may be passed through but not read is left out.
        if (const int folder = inotify_add_watch(m_events.get(), step.folder.c_str(), mask); folder >= 0)
            names[folder].insert(step.name);
    }
    for (const auto& [folder, unused] : m_names) {
        if (!names.contains(folder))
            inotify_rm_watch(m_events.get(), folder);
    }
    m_names = std::move(names);
    return !m_names.empty();
}

bool FileWatch::take_events()
{
    alignas(inotify_event) std::array<char, 65536>
        buffer; // NOLINT(cppcoreguidelines-pro-type-member-init): read fills it
    const auto size = ::read(m_events.get(), buffer.data(), buffer.size());
    bool concerned = false;
    for (ssize_t at = 0; at < size;) {
        const auto* event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
        at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
        const auto folder = m_names.find(event->wd);
        const bool lost = (event->mask & IN_Q_OVERFLOW) != 0;
        // Without a name it is about the folder itself. Those no longer watched may still have events in the queue.
        concerned =
            concerned || lost || (folder != m_names.end() && (event->len == 0 || folder->second.contains(event->name)));
    }
    return concerned;
}

void FileWatch::look()
{
    // In this order, so that nothing happens unseen between the two.
    watch_folders();
    auto content = digest_of(m_file);
    if (std::exchange(m_content, content) != content)
        m_changed();
}

void FileWatch::run()
{
    using std::chrono::milliseconds;
    std::optional<Clock::time_point> first;
    Clock::time_point due;
    std::array<pollfd, 2> descriptors{{{m_stop.get(), POLLIN, 0}, {m_events.get(), POLLIN, 0}}};
    for (;;) {
        int wait = -1;
        if (first)
            wait = static_cast<int>(std::max(milliseconds(0), ceil<milliseconds>(due - Clock::now())).count());
        if (::poll(descriptors.data(), descriptors.size(), wait) < 0 && errno != EINTR)
            return;
        if (descriptors[0].revents != 0)
            return;
        if (descriptors[1].revents != 0 && take_events()) {
            const auto now = Clock::now();
            first = first.value_or(now);
            due = std::min(now + m_options.settle, *first + m_options.longest_wait);
        }
        if (first && Clock::now() >= due) {
            first.reset();
            look();
        }
    }
}

} // namespace tokenscope::config
