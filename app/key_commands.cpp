// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "key_commands.h"

#include "config/auth_values.h"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <optional>
#include <termios.h>
#include <unistd.h>
#include <utility>

namespace tokenscope::app {
namespace {

constexpr std::size_t longest_secret = std::size_t{64} << 10;

/// While it lives, the terminal shows nothing of what is typed, and Ctrl-C ends the reading instead of the program, so that
/// the terminal never stays silent.
class Silence {
public:
    explicit Silence(int terminal) : m_terminal(terminal)
    {
        if (tcgetattr(terminal, &m_before) != 0)
            return;
        struct sigaction quiet {};
        quiet.sa_handler = [](int) {};
        for (std::size_t i = 0; i < signals.size(); ++i)
            sigaction(signals[i], &quiet, &m_actions[i]);
        auto silent = m_before;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        m_active = tcsetattr(terminal, TCSAFLUSH, &silent) == 0;
    }
    ~Silence()
    {
        if (!m_active)
            return;
        tcsetattr(m_terminal, TCSAFLUSH, &m_before);
        for (std::size_t i = 0; i < signals.size(); ++i)
            sigaction(signals[i], &m_actions[i], nullptr);
    }
    Silence(const Silence&) = delete;
    Silence& operator=(const Silence&) = delete;

    bool active() const { return m_active; }

private:
    static constexpr std::array signals{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};

    int m_terminal;
    bool m_active = false;
    termios m_before{};
    std::array<struct sigaction, signals.size()> m_actions{};
};

/// Up to the end of the line or of everything; nothing if it was interrupted or is too long.
std::optional<std::string> read_up_to(int input, bool line_only)
{
    std::string out;
    for (;;) {
        std::array<char, 4096> block; // NOLINT(cppcoreguidelines-pro-type-member-init): read fills it
        const auto got = ::read(input, block.data(), block.size());
        if (got < 0 && errno == EINTR && !line_only)
            continue;
        if (got < 0)
            return std::nullopt;
        out.append(block.data(), static_cast<std::size_t>(got));
        if (out.size() > longest_secret)
            return std::nullopt;
        if (got == 0 || (line_only && out.ends_with('\n')))
            return out;
    }
}

std::optional<std::string> read_silently(int terminal, const std::string& prompt)
{
    const Silence silence(terminal);
    if (!silence.active())
        return std::nullopt;
    fmt::print(stderr, "{}", prompt);
    auto line = read_up_to(terminal, true);
    fmt::print(stderr, "\n");
    return line;
}

} // namespace

Result<std::string> read_secret(int input, const std::string& prompt)
{
    auto text = isatty(input) != 0 ? read_silently(input, prompt) : read_up_to(input, false);
    if (!text)
        return failure(ErrorCode::config, "no key could be read from standard input");
    if (text->ends_with('\n'))
        text->pop_back();
    if (text->ends_with('\r'))
        text->pop_back();
    if (text->empty())
        return failure(ErrorCode::config, "there is no key on standard input");
    auto secret = config::parse_secret(*text);
    if (!secret)
        return failure(ErrorCode::config, "the key on standard input " + secret.error().message);
    return secret;
}

Result<void> store_key(int input, const std::string& name, config::Keychain& keychain)
{
    const auto secret = read_secret(input, fmt::format("Secret to store as {}: ", name));
    if (!secret)
        return tl::make_unexpected(secret.error());
    return keychain.store(name, *secret, {});
}

Result<std::string> hash_key(int input)
{
    const auto secret = read_secret(input, "Key to hash: ");
    if (!secret)
        return tl::make_unexpected(secret.error());
    if (config::is_key_hash(*secret))
        return failure(ErrorCode::config, "what is on standard input is a hash already");
    return config::parse_client_key(*secret);
}

} // namespace tokenscope::app
