// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Archives records in the database named by its first argument until it is killed, and prints the ids of each lot on lines
// as soon as it has been flushed. The second argument begins every id; lots and records are of all kinds of sizes, so that
// the log is cut and merged at all kinds of moments.
#include "telemetry/archive/request_archive.h"

#include <fmt/format.h>

#include <unistd.h>

using namespace tokenscope;

int main(int argc, char** argv)
{
    if (argc != 3)
        return 2;
    const SystemClock clock;
    telemetry::Logger log(telemetry::LogOptions{});
    const auto archive = telemetry::RequestArchive::open(argv[1], std::chrono::hours(1), clock, log, {});
    if (!archive)
        return 2;
    for (int lot = 0;; ++lot) {
        std::string lines;
        for (int i = 0; i <= lot % 40; ++i) {
            telemetry::RequestRecord record;
            record.request_id = fmt::format("{}-{}-{}", argv[2], lot, i);
            record.started = clock.wall();
            record.error.assign(static_cast<std::size_t>(lot * 37 + i) % 1000, 'x');
            record.chunks = telemetry::ChunkMarks(static_cast<std::size_t>(lot) * 7919 % 4096);
            lines += record.request_id + "\n";
            (*archive)->publish(std::move(record));
        }
        // One write each: lines are there or they are not.
        if (!(*archive)->flush() || ::write(STDOUT_FILENO, lines.data(), lines.size()) < 0)
            ::_exit(3);
    }
}
