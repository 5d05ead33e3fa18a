// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace tokenscope::config {

/// Notices that what a file says has changed, however that came about: written in place, replaced by another, deleted and
/// made again, or another target of a symbolic link on the way to it (as Kubernetes swaps a ConfigMap). It may not exist,
/// nor its folder. Linux only (inotify): changes made by another machine on a network share go unnoticed.
class FileWatch {
public:
    struct Options {
        std::chrono::milliseconds settle{100};         ///< without an event, before a change counts as done
        std::chrono::milliseconds longest_wait{2'000}; ///< after the first event, whatever else comes
    };
    /// Called on the watch's own thread, once for a burst of changes, and not if the content is what it was. Being deleted
    /// or unreadable is a change. Must not destroy the watch.
    using Changed = std::function<void()>;

    static Result<std::unique_ptr<FileWatch>> start(const std::filesystem::path& file, Changed changed,
                                                    Options options);
    /// Waits for a call under way.
    ~FileWatch();
    FileWatch(const FileWatch&) = delete;
    FileWatch& operator=(const FileWatch&) = delete;

private:
    class Descriptor {
    public:
        explicit Descriptor(int value) : m_value(value) {}
        ~Descriptor();
        Descriptor(const Descriptor&) = delete;
        Descriptor& operator=(const Descriptor&) = delete;
        int get() const { return m_value; }

    private:
        int m_value;
    };

    FileWatch(std::filesystem::path file, Changed changed, Options options);
    void run();
    /// Takes what is in the queue; whether any of it concerns the file.
    bool take_events();
    /// Watches every folder on the way to the file, as it is now. False if not one could be.
    bool watch_folders();
    void look();

    const std::filesystem::path m_file; ///< absolute
    const Changed m_changed;
    const Options m_options;
    Descriptor m_events;
    Descriptor m_stop;
    std::map<int, std::set<std::string>> m_names; ///< of each watched folder, what in it leads to the file
    std::string m_content;                        ///< what the file said last, as a digest
    std::thread m_thread;
};

} // namespace tokenscope::config
