// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "providers/demo/tokenizer.h"

#include "providers/demo/utf8.h"

#include <cstddef>

namespace tokenscope::providers::demo {

namespace {

enum class Kind { letter, digit, space, newline, mark, foreign_letter, single };

Kind ascii_kind(char c)
{
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
        return Kind::letter;
    if (c >= '0' && c <= '9')
        return Kind::digit;
    if (c == '\n' || c == '\r')
        return Kind::newline;
    if (c == ' ' || c == '\t')
        return Kind::space;
    return Kind::mark;
}

/// Letters of alphabets (Latin with accents, Greek, Cyrillic, Hebrew, Arabic, Indic, ...) gather into pieces; ideographs,
/// syllables, symbols and emoji stand alone.
Kind kind_of(const CodePoint& point)
{
    if (!point.valid)
        return Kind::single;
    if (point.value < 0x80)
        return ascii_kind(static_cast<char>(point.value));
    const bool alphabetic =
        (point.value >= 0xC0 && point.value < 0x1100) || (point.value >= 0x1E00 && point.value < 0x2000);
    return alphabetic ? Kind::foreign_letter : Kind::single;
}

/// How many code points of one kind make a token at most.
std::size_t longest(Kind kind)
{
    switch (kind) {
    case Kind::letter: return 7;
    case Kind::digit: return 3;
    case Kind::space: return 8;
    case Kind::newline: return 2;
    case Kind::mark: return 3;
    case Kind::foreign_letter: return 3;
    case Kind::single: return 1;
    }
    return 1;
}

/// Bytes of the run of one kind at the start of non-empty `text`.
std::size_t run_bytes(std::string_view text, Kind kind)
{
    std::size_t bytes = 0;
    for (std::size_t n = 0; n < longest(kind) && bytes < text.size(); ++n) {
        const CodePoint point = first_code_point(text.substr(bytes));
        if (kind_of(point) != kind)
            break;
        bytes += point.bytes;
    }
    return bytes;
}

/// Bytes of the first token of non-empty `text`.
std::size_t first_token(std::string_view text)
{
    const Kind kind = kind_of(first_code_point(text));
    if (kind == Kind::single)
        return first_code_point(text).bytes;
    const std::size_t run = run_bytes(text, kind);
    if (kind != Kind::space || run == text.size())
        return run;
    const Kind next = kind_of(first_code_point(text.substr(run)));
    const bool joins =
        text[run - 1] == ' ' && (next == Kind::letter || next == Kind::foreign_letter || next == Kind::mark);
    if (!joins)
        return run;
    // The last space belongs to the word after it; what stands before it is a token of its own.
    return run > 1 ? run - 1 : 1 + run_bytes(text.substr(1), next);
}

template <typename Visit>
void for_each_token(std::string_view text, Visit visit)
{
    while (!text.empty()) {
        const std::size_t bytes = first_token(text);
        visit(text.substr(0, bytes));
        text.remove_prefix(bytes);
    }
}

} // namespace

std::vector<std::string_view> tokenise(std::string_view text)
{
    std::vector<std::string_view> tokens;
    for_each_token(text, [&tokens](std::string_view token) { tokens.push_back(token); });
    return tokens;
}

std::string detokenise(std::span<const std::string_view> tokens)
{
    std::string text;
    for (const std::string_view token : tokens)
        text += token;
    return text;
}

std::uint64_t count_tokens(std::string_view text)
{
    std::uint64_t count = 0;
    for_each_token(text, [&count](std::string_view) { ++count; });
    return count;
}

} // namespace tokenscope::providers::demo
