// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "system/process_sampler.h"

#include "system/text_file.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::system {

namespace {

std::vector<std::string_view> words(std::string_view text)
{
    std::vector<std::string_view> result;
    while (!(text = trimmed(text)).empty()) {
        const auto length = std::min(text.find_first_of(" \t\n"), text.size());
        result.push_back(text.substr(0, length));
        text.remove_prefix(length);
    }
    return result;
}

/// Seconds since 1970 at which the machine started.
std::optional<double> boot_time(const std::filesystem::path& proc)
{
    const auto stat = read_text(proc / "stat");
    if (!stat)
        return std::nullopt;
    constexpr std::string_view key = "\nbtime ";
    const auto at = stat->find(key);
    if (at == std::string::npos)
        return std::nullopt;
    const auto rest = std::string_view(*stat).substr(at + key.size());
    return parse_number(rest.substr(0, rest.find('\n')));
}

std::optional<double> count_fds(const std::filesystem::path& directory)
{
    std::error_code error;
    std::filesystem::directory_iterator entries(directory, error);
    if (error)
        return std::nullopt;
    double count = 0;
    for (; entries != std::filesystem::directory_iterator(); entries.increment(error))
        ++count;
    if (error)
        return std::nullopt;
    // Reading the directory takes a descriptor, which is listed too.
    return count - 1;
}

} // namespace

ProcessSample sample_process(const std::filesystem::path& proc)
{
    ProcessSample sample;
    const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
    if (const auto stat = read_text(proc / "self/stat")) {
        // The second field is the program's name in parentheses; it may contain both spaces and parentheses.
        const auto name_end = stat->rfind(')');
        const auto fields =
            words(name_end == std::string::npos ? std::string_view() : std::string_view(*stat).substr(name_end + 1));
        // proc(5) numbers the fields from 1, and these begin with the third.
        const auto field = [&](std::size_t number) {
            return number - 3 < fields.size() ? parse_number(fields[number - 3]) : std::nullopt;
        };
        const auto user = field(14);
        const auto kernel = field(15);
        if (user && kernel)
            sample.cpu_seconds = (*user + *kernel) / ticks;
        const auto start = field(22);
        const auto boot = boot_time(proc);
        if (start && boot)
            sample.start_time_seconds = *boot + *start / ticks;
        if (const auto pages = field(24))
            sample.resident_bytes = *pages * static_cast<double>(sysconf(_SC_PAGESIZE));
    }
    sample.open_fds = count_fds(proc / "self/fd");
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
        sample.max_fds = static_cast<double>(limit.rlim_cur);
    return sample;
}

ProcessSample sample_process()
{
    return sample_process("/proc");
}

} // namespace tokenscope::system
