// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "arch/layer_rules.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

namespace tokenscope::arch {
namespace {

using namespace std::string_view_literals;
using Names = std::set<std::string_view>;

/// The folders of core/ and, besides itself, what each may include. docs/architecture.md says why.
const std::map<std::string_view, Names>& core_layers()
{
    static const std::map<std::string_view, Names> layers = {
        {"base", {}},
        {"config", {"base"}},
        {"storage", {"base"}},
        {"llm", {"base"}},
        {"net", {"base", "config"}},
        {"query", {"base"}},
        {"alerts", {"base", "query"}},
        {"dashboards", {"base", "query"}},
        {"telemetry", {"base", "config", "storage", "llm", "net", "query"}},
        {"otlp", {"base", "config", "net", "telemetry"}},
        {"conversations", {"base", "config", "storage", "net", "telemetry"}},
        {"providers", {"base", "config", "llm", "net", "telemetry"}},
        {"gateway", {"base", "config", "llm", "net", "telemetry", "conversations", "providers"}},
        {"system", {"base"}},
        {"scrape", {"base", "query"}},
        {"sources", {"base", "net", "query", "telemetry"}},
        {"remote", {"base", "config", "net", "query", "scrape", "sources"}},
    };
    return layers;
}

const Names& ui_folders()
{
    static const Names folders = {"theme", "format", "charts", "models", "widgets", "bridge", "shell", "pages"};
    return folders;
}

/// Folders of ui/pages that every page may use.
constexpr std::array shared_page_folders = {"common"sv};

constexpr std::array gui_modules = {"QtGui"sv,    "QtWidgets"sv,    "QtCharts"sv,       "QtSvg"sv,
                                    "QtOpenGL"sv, "QtSvgWidgets"sv, "QtPrintSupport"sv, "QtOpenGLWidgets"sv,
                                    "QtQuick"sv,  "QtQml"sv,        "QtMultimedia"sv,   "QtWebEngineCore"sv};

constexpr std::array well_known = {"QApplication"sv,  "QGuiApplication"sv,  "QWidget"sv,
                                   "QMainWindow"sv,   "QDialog"sv,          "QColor"sv,
                                   "QFont"sv,         "QImage"sv,           "QPixmap"sv,
                                   "QIcon"sv,         "QPainter"sv,         "QPainterPath"sv,
                                   "QPen"sv,          "QBrush"sv,           "QAction"sv,
                                   "QPalette"sv,      "QKeyEvent"sv,        "QWindow"sv,
                                   "QScreen"sv,       "QClipboard"sv,       "QChart"sv,
                                   "QChartView"sv,    "QLabel"sv,           "QMessageBox"sv,
                                   "QTextDocument"sv, "QDesktopServices"sv, "QStandardItemModel"sv};

std::string_view first_part(std::string_view path)
{
    const auto slash = path.find('/');
    return slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
}

std::string_view without_first_part(std::string_view path)
{
    const auto slash = path.find('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

bool is_one_of(std::string_view what, auto&& names)
{
    return std::find(std::begin(names), std::end(names), what) != std::end(names);
}

/// The text with comments replaced by spaces, so that line numbers stay. Strings are stepped over: they may hold "//".
std::string without_comments(std::string_view text)
{
    std::string out(text);
    const auto blank = [&out](std::size_t from, std::size_t to) {
        std::replace_if(
            out.begin() + static_cast<std::ptrdiff_t>(from), out.begin() + static_cast<std::ptrdiff_t>(to),
            [](char c) { return c != '\n'; }, ' ');
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text.substr(i, 2) == "//") {
            const std::size_t end = std::min(text.find('\n', i), text.size());
            blank(i, end);
            i = end;
        } else if (text.substr(i, 2) == "/*") {
            const auto close = text.find("*/", i + 2);
            const std::size_t end = close == std::string_view::npos ? text.size() : close + 2;
            blank(i, end);
            i = end - 1;
        } else if (text[i] == '"') {
            for (++i; i < text.size() && text[i] != '"' && text[i] != '\n'; ++i) {
                if (text[i] == '\\') {
                    ++i;
                }
            }
        }
    }
    return out;
}

/// The path in `#include "path"` or `#include <path>`, however it is spaced.
std::optional<std::string> include_in(std::string_view line)
{
    const auto skip_space = [&line] {
        const auto at = line.find_first_not_of(" \t");
        line.remove_prefix(std::min(at, line.size()));
    };
    skip_space();
    if (!line.starts_with('#')) {
        return std::nullopt;
    }
    line.remove_prefix(1);
    skip_space();
    if (!line.starts_with("include")) {
        return std::nullopt;
    }
    line.remove_prefix("include"sv.size());
    skip_space();
    if (!line.starts_with('"') && !line.starts_with('<')) {
        return std::nullopt;
    }
    const auto end = line.find(line.front() == '"' ? '"' : '>', 1);
    return end == std::string_view::npos ? std::nullopt : std::optional(std::string(line.substr(1, end - 1)));
}

/// A path as it would be written from core/ or ui/, since the top of the tree is on the include path, too.
std::string_view from_its_half(std::string_view include)
{
    const auto half = first_part(include);
    return half == "core" || half == "ui" ? without_first_part(include) : include;
}

/// Which page a path below ui/pages belongs to: its folder, or for a file directly there its first word.
std::string_view page_of(std::string_view below_pages)
{
    const auto folder = first_part(below_pages);
    return folder.empty() ? below_pages.substr(0, below_pages.find_first_of("_.")) : folder;
}

} // namespace

std::vector<Include> includes_of(std::string_view text)
{
    std::vector<Include> found;
    const std::string code = without_comments(text);
    std::size_t number = 0;
    for (std::size_t start = 0; start < code.size();) {
        const std::size_t end = std::min(code.find('\n', start), code.size());
        ++number;
        if (auto path = include_in(std::string_view(code).substr(start, end - start))) {
            found.push_back({.path = std::move(*path), .line = number});
        }
        start = end + 1;
    }
    return found;
}

std::set<std::string, std::less<>> gui_headers(const std::filesystem::path& qt_headers)
{
    std::set<std::string, std::less<>> names(well_known.begin(), well_known.end());
    for (const auto module : gui_modules) {
        std::error_code absent;
        for (const auto& entry : std::filesystem::directory_iterator(qt_headers / module, absent)) {
            names.insert(entry.path().filename().string());
        }
    }
    return names;
}

LayerRules::LayerRules(std::set<std::string, std::less<>> gui_headers) : m_gui_headers(std::move(gui_headers)) {}

bool LayerRules::is_gui_header(std::string_view include) const
{
    const auto module = first_part(include);
    return module.empty() ? m_gui_headers.contains(include) : is_one_of(module, gui_modules);
}

std::string LayerRules::core_violation(std::string_view folder, std::string_view include) const
{
    if (is_gui_header(include)) {
        return "core/ knows nothing of windows and colours";
    }
    if (is_one_of(first_part(include), std::array{"ui"sv, "app"sv}) || ui_folders().contains(first_part(include))) {
        return "core/ must not depend on ui/ or app/";
    }
    const auto other = first_part(from_its_half(include));
    if (other == folder || !core_layers().contains(other)) {
        return {};
    }
    return core_layers().at(folder).contains(other)
               ? std::string()
               : "core/" + std::string(folder) + " must not depend on core/" + std::string(other);
}

std::string LayerRules::ui_violation(std::string_view path, std::string_view include) const
{
    if (first_part(include) == "app") {
        return "ui/ must not depend on app/";
    }
    const auto own = without_first_part(path);
    const bool in_page = first_part(own) == "pages";
    // A bare name is looked up beside the including file first.
    const std::string full = first_part(include).empty()
                                 ? std::string(own.substr(0, own.rfind('/') + 1)).append(include)
                                 : std::string(from_its_half(include));
    if (in_page && first_part(full) == "pages") {
        const auto mine = page_of(without_first_part(own));
        const auto theirs = page_of(without_first_part(full));
        if (mine != theirs && !is_one_of(theirs, shared_page_folders)) {
            return "a page must not include another page";
        }
    }
    return {};
}

std::vector<std::string> LayerRules::violations(std::string_view path, std::string_view text) const
{
    std::vector<std::string> found;
    const auto half = first_part(path);
    const auto folder = first_part(without_first_part(path));
    if (half == "core" && !core_layers().contains(folder)) {
        found.push_back(std::string(path)
                        + ": this folder has no place in the order of layers (tests/arch/layer_rules.cpp)");
        return found;
    }
    for (const auto& [include, line] : includes_of(text)) {
        std::string why;
        if (include.starts_with("..") || include.find("/../") != std::string::npos) {
            why = "includes are written from the top of core/ or ui/, not with \"..\"";
        } else if (half == "core") {
            why = core_violation(folder, include);
        } else if (half == "ui") {
            why = ui_violation(path, include);
        }
        if (!why.empty()) {
            found.push_back(std::string(path) + ":" + std::to_string(line) + ": " + include + ": " + why);
        }
    }
    return found;
}

bool has_spdx_header(std::string_view text)
{
    if (text.starts_with("#!")) {
        text = text.substr(std::min(text.find('\n'), text.size() - 1) + 1);
    }
    for (const auto tag : {"SPDX-FileCopyrightText: "sv, "SPDX-License-Identifier: GPL-3.0-or-later"sv}) {
        const auto line = text.substr(0, text.find('\n'));
        if (line.find(tag) == std::string_view::npos) {
            return false;
        }
        text.remove_prefix(std::min(line.size() + 1, text.size()));
    }
    return true;
}

} // namespace tokenscope::arch
