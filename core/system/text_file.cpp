// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "system/text_file.h"

#include <charconv>
#include <cmath>
#include <fstream>

namespace tokenscope::system {

namespace {
constexpr std::streamsize chunk = 16 << 10;
constexpr std::size_t largest = std::size_t{4} << 20;
} // namespace

std::optional<std::string> read_text(const std::filesystem::path& path)
{
    std::error_code error;
    if (std::filesystem::is_directory(path, error))
        return std::nullopt;
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return std::nullopt;
    // Such files report a size of 0 or of a page: only reading tells. A driver may refuse the read itself (bad).
    std::string text;
    while (file && text.size() < largest) {
        const auto read = text.size();
        text.resize(read + chunk);
        file.read(text.data() + read, chunk);
        text.resize(read + static_cast<std::size_t>(file.gcount()));
    }
    if (file.bad())
        return std::nullopt;
    return text;
}

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view white = " \t\r\n";
    const auto first = text.find_first_not_of(white);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(white) - first + 1);
}

std::optional<double> parse_number(std::string_view text)
{
    text = trimmed(text);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

std::optional<double> read_number(const std::filesystem::path& path)
{
    const auto text = read_text(path);
    return text ? parse_number(*text) : std::nullopt;
}

} // namespace tokenscope::system
