// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "llm/json_text.h"

#include <string>
#include <string_view>
#include <utility>

namespace tokenscope::llm {

/// Appends one JSON object to a text, member by member; commas are its business.
class ObjectWriter {
public:
    explicit ObjectWriter(std::string& out) : m_out(out) { m_out += '{'; }
    /// `value` is JSON already.
    void raw(std::string_view key, std::string_view value)
    {
        begin(key);
        m_out += value;
    }
    void text(std::string_view key, std::string_view value)
    {
        begin(key);
        append_json_string(m_out, value);
    }
    /// For a value that the caller appends itself.
    void begin(std::string_view key)
    {
        separate();
        append_json_string(m_out, key);
        m_out += ':';
    }
    /// Copies a member as it is: `key` comes with its quotes.
    void member(std::string_view key, std::string_view value)
    {
        separate();
        m_out += key;
        m_out += ':';
        m_out += value;
    }
    void end() { m_out += '}'; }

private:
    void separate()
    {
        if (!std::exchange(m_first, false))
            m_out += ',';
    }

    std::string& m_out;
    bool m_first = true;
};

} // namespace tokenscope::llm
