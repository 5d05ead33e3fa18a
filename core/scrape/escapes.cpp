// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "scrape/escapes.h"

namespace tokenscope::scrape {

void append_unescaped(std::string& out, std::string_view text, bool quotes)
{
    while (true) {
        const auto backslash = text.find('\\');
        if (backslash == std::string_view::npos || backslash + 1 == text.size()) {
            out += text;
            return;
        }
        out += text.substr(0, backslash);
        const char escaped = text[backslash + 1];
        if (escaped == 'n')
            out += '\n';
        else if (escaped == '\\' || (quotes && escaped == '"'))
            out += escaped;
        else
            out += text.substr(backslash, 2);
        text.remove_prefix(backslash + 2);
    }
}

} // namespace tokenscope::scrape
