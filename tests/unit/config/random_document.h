// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <random>
#include <string>
#include <vector>

namespace tokenscope::test {

/// A document in one of many layouts whose keys are known, with a comment at every place that can have one.
class RandomDocument {
public:
    explicit RandomDocument(unsigned seed) : m_random(seed) {}

    std::string make()
    {
        m_out.clear();
        if (chance(8))
            m_out += "\xEF\xBB\xBF";
        if (chance(6))
            line("# header");
        if (chance(6))
            line("---");
        mapping(0, 0);
        if (chance(8) && m_out.ends_with('\n'))
            m_out.pop_back();
        if (chance(4)) {
            std::string crlf;
            for (const char c : m_out)
                crlf += c == '\n' ? std::string("\r\n") : std::string(1, c);
            return crlf;
        }
        return m_out;
    }
    std::size_t pick(std::size_t below) { return std::uniform_int_distribution<std::size_t>(0, below - 1)(m_random); }
    bool chance(std::size_t of) { return pick(of) == 0; }
    std::string scalar()
    {
        static const std::vector<std::string> all{"1",
                                                  "true",
                                                  "plain words",
                                                  "\"quoted # not a comment\"",
                                                  "'it''s'",
                                                  "http://h:1/v1",
                                                  "\"a\\\"b\"",
                                                  "~",
                                                  "",
                                                  "a:b",
                                                  "\"\"",
                                                  "x#y",
                                                  "\xC3\xA9t\xC3\xA9"};
        return all[pick(all.size())];
    }

private:
    void line(const std::string& text) { m_out += text + "\n"; }
    void note(std::size_t column)
    {
        if (chance(3))
            line(fmt::format("{:{}}# note {}", "", column, m_count++));
        if (chance(8))
            line("");
    }
    std::string trailing() { return chance(4) ? fmt::format(" # behind {}", m_count++) : ""; }
    std::string key() { return fmt::format("k{}", m_count++); }

    std::string flow(int depth)
    {
        std::string out;
        const bool map = chance(2);
        for (std::size_t i = pick(4); i > 0; --i) {
            auto inner = depth < 2 && chance(4) ? flow(depth + 1) : scalar();
            if (!map && (inner.empty() || inner == "a:b"))
                inner = "e";
            out += (out.empty() ? "" : ", ") + (map ? key() + ": " + inner : inner);
        }
        return map ? "{" + out + "}" : "[" + out + "]";
    }
    void value(std::size_t column, int depth)
    {
        const auto kind = depth > 3 ? 0 : pick(9);
        if (kind < 4)
            return line(" " + scalar() + trailing());
        if (kind == 4)
            return line(" " + flow(depth) + trailing());
        if (kind == 5) {
            line(chance(2) ? " |" : " >-");
            return line(fmt::format("{:{}}# text, no comment\n{:{}}  more", "", column + 2, "", column + 2));
        }
        if (kind == 6)
            return line(fmt::format(" folded\n{:{}}over lines{}", "", column + 2, trailing()));
        line(trailing());
        if (kind == 7)
            return mapping(column + 1 + pick(4), depth + 1);
        list(column + pick(3), depth + 1);
    }
    void mapping(std::size_t column, int depth)
    {
        for (std::size_t i = 1 + pick(4); i > 0; --i) {
            note(column);
            m_out += std::string(column, ' ') + key() + ":";
            value(column, depth);
        }
        note(column);
    }
    void list(std::size_t column, int depth)
    {
        for (std::size_t i = 1 + pick(3); i > 0; --i) {
            note(column);
            m_out += std::string(column, ' ') + "-";
            if (!chance(3)) {
                line(" " + scalar() + trailing());
                continue;
            }
            m_out += " " + key() + ":";
            line(" " + scalar() + trailing());
            m_out += std::string(column + 2, ' ') + key() + ":";
            value(column + 2, depth + 1);
        }
    }

    std::mt19937 m_random;
    std::string m_out;
    int m_count = 0;
};

} // namespace tokenscope::test
