// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "dashboards/dashboard.h"

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::dashboards {

/// A dashboard that is compiled in.
struct ShippedFile {
    std::string_view id;
    std::string_view json;
};

/// All of resources/dashboards, in the order in which they are offered. Made by CMake.
std::span<const ShippedFile> shipped_files();

/// The shipped dashboards and the user's own, one file each, named "<id>.json". A user's file with a shipped one's id shadows it,
/// until it is removed. What all() and find() give is valid until the next call that is not const. Not thread-safe; touches the disk in load(), save() and remove() only.
class Library {
public:
    /// `folder`: the user's, made when it is first written to.
    explicit Library(std::filesystem::path folder);

    /// Reads everything anew. A file that cannot be read is left where it is and told in problems(); what it would shadow is shown.
    void load();
    const std::vector<Dashboard>& all() const { return m_all; }
    const Dashboard* find(std::string_view id) const;
    /// One sentence each, with the file's path.
    const std::vector<std::string>& problems() const { return m_problems; }
    /// Whether a shipped dashboard of this id lies beneath the user's.
    bool shadows(std::string_view id) const;

    /// Writes the user's copy, whole or not at all (a temporary file and a rename). Refuses what load() could not read. Needs
    /// that no query reads any more are left out; a file of that name which could not be read is kept as "<id>.json.broken".
    /// Fails with ErrorCode::invalid_request for the dashboard and ErrorCode::internal for the disk.
    Result<void> save(Dashboard dashboard);
    /// What save() would refuse it for, the disk aside.
    static Result<void> check(Dashboard dashboard);
    /// Removes the user's copy; what it shadowed is back.
    Result<void> remove(std::string_view id);
    /// An id that resembles the name and that no dashboard and no file of the user's has.
    std::string free_id(std::string_view name) const;
    /// Takes a file's text in, under an id made from `name` that is not taken yet. The id that it got.
    Result<std::string> import(std::string_view json, std::string_view name);
    /// A copy of the user's own, with another id and title ("vLLM (copy)"). Its id.
    Result<std::string> duplicate(std::string_view id);
    /// As it is saved.
    Result<std::string> export_json(std::string_view id) const;

private:
    std::filesystem::path file_of(std::string_view id) const;
    void load_shipped(); ///< once: they do not change
    void load_users();
    void take(Dashboard dashboard);

    std::filesystem::path m_folder;
    std::vector<Dashboard> m_shipped;
    std::vector<Dashboard> m_all;
    std::vector<std::string> m_problems;
};

} // namespace tokenscope::dashboards
