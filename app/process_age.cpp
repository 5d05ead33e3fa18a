// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "process_age.h"

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <fstream>
#include <sstream>
#include <string>
#include <unistd.h>

namespace tokenscope::app {

std::optional<std::chrono::milliseconds> process_age()
{
    std::ifstream file("/proc/self/stat");
    std::string text;
    std::getline(file, text);
    // The fields after the program's name, which may contain anything; proc(5) counts from 1, the first of these is 3.
    std::istringstream fields(text.substr(std::min(text.rfind(')') + 1, text.size())));
    std::string word;
    for (int field = 3; field < 22; ++field)
        fields >> word;
    double start = 0;
    timespec now{};
    if (!(fields >> start) || clock_gettime(CLOCK_BOOTTIME, &now) != 0)
        return std::nullopt;
    const double seconds = static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9
                           - start / static_cast<double>(sysconf(_SC_CLK_TCK));
    return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

} // namespace tokenscope::app
