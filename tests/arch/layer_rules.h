// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::arch {

struct Include {
    std::string path;
    std::size_t line = 0; ///< from 1
};

/// The #include lines of a C++ text, those in comments left out.
std::vector<Include> includes_of(std::string_view text);

/// File names that belong to Qt Gui, Widgets, Charts and other modules with a screen: "QWidget", "qcolor.h".
/// `qt_headers` is the folder that holds QtCore, QtGui, ...; a short list of well known ones stands in for modules that are
/// not installed.
std::set<std::string, std::less<>> gui_headers(const std::filesystem::path& qt_headers);

/// Which folder may include which.
class LayerRules {
public:
    explicit LayerRules(std::set<std::string, std::less<>> gui_headers);

    /// What is wrong with a file, one sentence each: "core/net/x.cpp:7: ...". `path` is relative to the top of the source
    /// tree, with forward slashes.
    std::vector<std::string> violations(std::string_view path, std::string_view text) const;

private:
    std::string core_violation(std::string_view folder, std::string_view include) const;
    std::string ui_violation(std::string_view path, std::string_view include) const;
    bool is_gui_header(std::string_view include) const;

    std::set<std::string, std::less<>> m_gui_headers;
};

/// Whether a source or build file starts with the two SPDX lines (after #! and before anything else).
bool has_spdx_header(std::string_view text);

} // namespace tokenscope::arch
