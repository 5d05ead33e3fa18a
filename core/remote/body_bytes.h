// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "remote/body_pipe.h"

#include <cstddef>
#include <iterator>
#include <string_view>

namespace tokenscope::remote {

/// The bytes of a body one by one, for nlohmann's parser. Ends early where one token is longer than any that is meant: the
/// parser keeps it in memory as a whole.
class BodyBytes {
public:
    explicit BodyBytes(BodyPipe& pipe) : m_pipe(pipe) { refill(); }

    /// A token has ended.
    void mark() { m_since_mark = 0; }
    bool token_too_long() const { return m_since_mark > longest_token; }
    bool at_end() const { return m_at == m_end; }
    /// There was not one.
    bool none() const { return m_none; }

    class Iterator {
    public:
        using iterator_category = std::input_iterator_tag;
        using value_type = char;
        using difference_type = std::ptrdiff_t;
        using pointer = const char*;
        using reference = const char&;

        Iterator() = default;
        explicit Iterator(BodyBytes& bytes) : m_bytes(&bytes) {}

        reference operator*() const { return *m_bytes->m_at; }
        Iterator& operator++()
        {
            if (++m_bytes->m_at == m_bytes->m_end)
                m_bytes->refill();
            return *this;
        }
        void operator++(int) { ++*this; }
        /// To be compared with the end only.
        bool operator==(const Iterator&) const { return m_bytes->at_end(); }

    private:
        BodyBytes* m_bytes = nullptr;
    };

    Iterator begin() { return Iterator(*this); }
    static Iterator end() { return {}; }

private:
    static constexpr std::size_t longest_token = std::size_t{4} << 20;

    void refill()
    {
        const auto bytes = token_too_long() ? std::string_view() : m_pipe.next();
        m_since_mark += bytes.size();
        m_none = m_none && bytes.empty();
        m_at = bytes.data();
        m_end = m_at + bytes.size();
    }

    BodyPipe& m_pipe;
    const char* m_at = nullptr;
    const char* m_end = nullptr;
    std::size_t m_since_mark = 0;
    bool m_none = true;
};

} // namespace tokenscope::remote
