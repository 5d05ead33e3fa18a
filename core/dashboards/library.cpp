// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboards/library.h"

#include "dashboards/dashboard_checks.h"
#include "dashboards/dashboard_json.h"
#include "base/file_access.h"
#include "base/json_text.h"
#include "dashboards/names.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>

namespace tokenscope::dashboards {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view extension = ".json";
constexpr std::size_t longest_stem = 56; ///< leaves room in an id for a number

bool is_shipped(std::string_view id)
{
    return std::ranges::any_of(shipped_files(), [id](const ShippedFile& file) { return file.id == id; });
}

std::string written(const Dashboard& dashboard)
{
    return to_json(dashboard).dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::string sentence(const fs::path& file, const Error& error)
{
    const auto detail = error.detail.empty() ? std::string() : fmt::format(" ({})", error.detail);
    return fmt::format("{}: {}{}", file.string(), error.message, detail);
}

Result<Dashboard> read_dashboard(const fs::path& file, std::string_view id)
{
    return read_whole(file, max_file_bytes).and_then([id](const std::string& text) {
        return parse_dashboard(text, id);
    });
}

tl::unexpected<Error> not_found(std::string_view id)
{
    return failure(ErrorCode::invalid_request, fmt::format("There is no dashboard '{}'.", id));
}

/// The text of its file, without needs that no query reads any more.
Result<std::string> checked_text(Dashboard& dashboard)
{
    if (!is_id(dashboard.id))
        return failure(ErrorCode::invalid_request, fmt::format("'{}' is no id for a dashboard.", dashboard.id));
    for (auto* const needs : {&dashboard.needs, &dashboard.also_needs})
        std::erase_if(*needs, [&](const std::string& need) { return !reads(dashboard, need); });
    auto text = written(dashboard);
    if (const auto read = parse_dashboard(text, dashboard.id); !read)
        return failure(read.error());
    return text;
}

/// Where a file that cannot be read may stay, so that nothing of the user's is lost.
fs::path aside(const fs::path& file)
{
    auto candidate = file;
    candidate += ".broken";
    std::error_code unknown;
    for (int number = 2; fs::exists(fs::symlink_status(candidate, unknown)); ++number)
        candidate = fs::path(file) += fmt::format(".broken{}", number);
    return candidate;
}

} // namespace

Library::Library(fs::path folder) : m_folder(std::move(folder)) {}

fs::path Library::file_of(std::string_view id) const
{
    return m_folder / (std::string(id) += extension);
}

void Library::load()
{
    m_problems.clear();
    if (m_shipped.empty())
        load_shipped();
    m_all = m_shipped;
    load_users();
}

void Library::load_shipped()
{
    for (const auto& file : shipped_files()) {
        auto dashboard = parse_dashboard(file.json, file.id);
        if (!dashboard) {
            m_problems.push_back(sentence(std::string(file.id) + " (shipped)", dashboard.error()));
            continue;
        }
        dashboard->shipped = true;
        m_shipped.push_back(std::move(*dashboard));
    }
}

void Library::load_users()
{
    std::error_code failed;
    std::vector<fs::path> files;
    fs::directory_iterator entry(m_folder, failed);
    for (; !failed && entry != fs::directory_iterator(); entry.increment(failed)) {
        const auto name = entry->path().filename().string();
        if (name.ends_with(extension) && !name.starts_with('.'))
            files.push_back(entry->path());
    }
    if (failed && failed != std::errc::no_such_file_or_directory)
        m_problems.push_back(fmt::format("{}: the folder cannot be read ({}).", m_folder.string(), failed.message()));
    std::ranges::sort(files);
    for (const auto& file : files) {
        const auto id = file.stem().string();
        if (!is_id(id)) {
            m_problems.push_back(fmt::format("{}: the name is no dashboard's; rename it to {}{}.", file.string(),
                                             id_from_name(id), extension));
            continue;
        }
        auto dashboard = read_dashboard(file, id);
        if (dashboard)
            take(std::move(*dashboard));
        else
            m_problems.push_back(sentence(file, dashboard.error()));
    }
}

void Library::take(Dashboard dashboard)
{
    const auto beneath = std::ranges::find(m_all, dashboard.id, &Dashboard::id);
    if (beneath == m_all.end())
        m_all.push_back(std::move(dashboard));
    else
        *beneath = std::move(dashboard);
}

const Dashboard* Library::find(std::string_view id) const
{
    const auto found = std::ranges::find(m_all, id, &Dashboard::id);
    return found == m_all.end() ? nullptr : &*found;
}

bool Library::shadows(std::string_view id) const
{
    const auto* const dashboard = find(id);
    return dashboard && !dashboard->shipped && is_shipped(id);
}

Result<void> Library::check(Dashboard dashboard)
{
    return checked_text(dashboard).map([](const std::string&) {});
}

Result<void> Library::save(Dashboard dashboard)
{
    const auto checked = checked_text(dashboard);
    if (!checked)
        return failure(checked.error());
    const auto file = file_of(dashboard.id);
    std::error_code unknown;
    if (fs::exists(fs::symlink_status(file, unknown)) && !read_dashboard(file, dashboard.id)) {
        fs::rename(file, aside(file), unknown);
        if (unknown)
            return failure(ErrorCode::internal,
                           fmt::format("{} cannot be read and could not be moved aside.", file.string()),
                           unknown.message());
    }
    if (auto saved = write_whole(file, *checked); !saved)
        return saved;
    load();
    return {};
}

Result<void> Library::remove(std::string_view id)
{
    const auto* const dashboard = find(id);
    if (!dashboard)
        return not_found(id);
    if (dashboard->shipped)
        return failure(ErrorCode::invalid_request,
                       fmt::format("'{}' is shipped with Tokenscope and cannot be removed.", dashboard->title));
    const auto file = file_of(id);
    std::error_code failed;
    fs::remove(file, failed);
    if (failed)
        return failure(ErrorCode::internal, fmt::format("{} could not be removed.", file.string()), failed.message());
    load();
    return {};
}

std::string Library::free_id(std::string_view name) const
{
    const auto stem = id_from_name(name).substr(0, longest_stem);
    auto id = stem;
    const auto taken = [this](const std::string& candidate) {
        std::error_code unknown;
        return is_shipped(candidate) || find(candidate) || fs::exists(fs::symlink_status(file_of(candidate), unknown));
    };
    for (std::uint64_t number = 2; taken(id); ++number)
        id = fmt::format("{}-{}", stem, number);
    return id;
}

Result<std::string> Library::import(std::string_view json, std::string_view name)
{
    if (name.ends_with(extension))
        name.remove_suffix(extension.size());
    if (const auto slash = name.find_last_of("/\\"); slash != std::string_view::npos)
        name.remove_prefix(slash + 1);
    const auto id = free_id(name);
    return parse_dashboard(json, id)
        .and_then([this](Dashboard dashboard) { return save(std::move(dashboard)); })
        .map([&id] { return id; });
}

Result<std::string> Library::duplicate(std::string_view id)
{
    const auto* const original = find(id);
    if (!original)
        return not_found(id);
    auto copy = *original;
    copy.shipped = false;
    copy.title += " (copy)";
    copy.id = free_id(copy.title);
    return save(copy).map([&copy] { return copy.id; });
}

Result<std::string> Library::export_json(std::string_view id) const
{
    const auto* const dashboard = find(id);
    if (!dashboard)
        return not_found(id);
    return written(*dashboard);
}

} // namespace tokenscope::dashboards
