// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/yaml_text.h"

#include <fmt/format.h>
#include <simdjson.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <sstream>

namespace tokenscope::config {
namespace {

bool is_control(unsigned char c)
{
    return c < ' ' || c == 0x7F;
}

bool is_word(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
}

/// What YAML or its readers may take for a break or leave out, though it is no ASCII control character.
bool has_odd_space(std::string_view text)
{
    // C1 control characters, no-break space, line and paragraph separators, byte order mark.
    for (const std::string_view odd : {"\u00a0", "\u2028", "\u2029", "\ufeff"}) {
        if (text.find(odd) != std::string_view::npos)
            return true;
    }
    for (std::size_t at = text.find('\xC2'); at != std::string_view::npos; at = text.find('\xC2', at + 1)) {
        if (at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xA0)
            return true;
    }
    return false;
}

bool is_null_word(std::string_view text)
{
    constexpr std::array<std::string_view, 3> words{"null", "Null", "NULL"};
    return std::find(words.begin(), words.end(), text) != words.end();
}

/// Narrower than YAML: what is plain to a person, too.
bool can_be_plain(std::string_view text)
{
    constexpr std::string_view inside = " ./+-:%~()=;";
    if (text.empty() || text.back() == ' ' || text.back() == ':' || is_null_word(text) || has_odd_space(text))
        return false;
    const bool negative = text.size() > 1 && text[0] == '-' && is_word(static_cast<unsigned char>(text[1]));
    if (!is_word(static_cast<unsigned char>(text[0])) && text[0] != '/' && text[0] != '.' && !negative)
        return false;
    return text.find(": ") == std::string_view::npos && std::all_of(text.begin(), text.end(), [&](char c) {
               return is_word(static_cast<unsigned char>(c)) || inside.find(c) != std::string_view::npos;
           });
}

bool can_be_single_quoted(std::string_view text)
{
    return !has_odd_space(text)
           && std::none_of(text.begin(), text.end(), [](char c) { return is_control(static_cast<unsigned char>(c)); });
}

std::string single_quoted(std::string_view text)
{
    std::string out = "'";
    for (const char c : text)
        out.append(c == '\'' ? 2 : 1, c);
    return out + '\'';
}

/// Keeps where a document's content begins, and nothing else.
class RootFinder : public YAML::EventHandler {
public:
    const std::optional<YAML::Mark>& root() const { return m_root; }

    void OnDocumentStart(const YAML::Mark&) override { m_root.reset(); }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { see(mark); }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { see(mark); }
    void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t, const std::string&) override
    {
        see(mark);
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override
    {
        see(mark);
    }
    void OnSequenceEnd() override {}
    void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override
    {
        see(mark);
    }
    void OnMapEnd() override {}

private:
    void see(const YAML::Mark& mark)
    {
        if (!m_root)
            m_root = mark;
    }

    std::optional<YAML::Mark> m_root;
};

} // namespace

std::optional<Problem> text_problem(std::string_view text)
{
    if (text.size() > largest_text)
        return Problem{.text = "is larger than 1 MiB, which no configuration is"};
    if (!simdjson::validate_utf8(text.data(), text.size()))
        return Problem{.text = "is not UTF-8 text"};
    if (text.find('\0') != std::string_view::npos)
        return Problem{.text = "is not text: it has a NUL character"};
    return std::nullopt;
}

Problem syntax_problem(std::string_view text, const YAML::Exception& error)
{
    for (int line = 0; line < error.mark.line && !text.empty(); ++line)
        text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
    // A tab in the indentation is the usual cause, and the parser's own words for it mislead.
    const auto indentation = text.substr(0, std::min(text.find_first_not_of(" \t"), text.size()));
    const bool has_tab = indentation.find('\t') != std::string_view::npos;
    if (has_tab)
        return {error.mark.line + 1, static_cast<int>(indentation.find('\t')) + 1,
                "not valid YAML: lines must be indented by spaces, not by tabs"};
    return {error.mark.line + 1, error.mark.column + 1, "not valid YAML: " + error.msg};
}

std::optional<YAML::Mark> second_document(std::string_view text)
{
    std::istringstream input{std::string(text)};
    YAML::Parser parser(input);
    RootFinder finder;
    if (!parser.HandleNextDocument(finder))
        return std::nullopt;
    const auto first = finder.root();
    if (!parser.HandleNextDocument(finder))
        return std::nullopt;
    const auto second = finder.root().value_or(YAML::Mark::null_mark());
    if (first && second.pos <= first->pos)
        throw YAML::ParserException(second, "neither a key nor a value can begin like this");
    return second;
}

std::string_view without_final_space(std::string_view text)
{
    return text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
}

std::string double_quoted(std::string_view text)
{
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        if (is_control(static_cast<unsigned char>(c)))
            out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        else
            out += c;
    }
    return out + '"';
}

std::string yaml_scalar(std::string_view text, ScalarStyle wanted)
{
    if (wanted == ScalarStyle::plain && can_be_plain(text))
        return std::string(text);
    if (wanted == ScalarStyle::single_quoted && can_be_single_quoted(text))
        return single_quoted(text);
    return double_quoted(text);
}

} // namespace tokenscope::config
