// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli.h"

#include "config/keychain.h"
#include "config/nearest.h"
#include "config/schema.h"
#include "config/values.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <string_view>

namespace tokenscope::app {
namespace {

/// Takes the value, empty for a flag; a non-empty answer continues the sentence "--option: '<value>' ...".
using Take = std::string (*)(CliOptions& out, const std::string& value);

struct Option {
    std::string_view name;
    std::string_view argument; ///< as --help shows it; empty: a flag
    std::string_view help;
    bool console_only;
    Take take;
};

template <auto Member>
std::string set_flag(CliOptions& out, const std::string&)
{
    out.*Member = true;
    return {};
}

template <auto Member>
std::string set_path(CliOptions& out, const std::string& value)
{
    out.*Member = value;
    return {};
}

/// Whole text as a number.
template <typename T>
std::optional<T> number(std::string_view text)
{
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

template <typename Enum>
std::string choose(std::optional<Enum>& out, const std::string& value, std::span<const std::string_view> names)
{
    const auto found = std::find(names.begin(), names.end(), value);
    if (found == names.end())
        return "is not known" + config::suggestion(value, names);
    out = static_cast<Enum>(found - names.begin());
    return {};
}

/// In the order of the enum.
constexpr std::array<std::string_view, 4> themes{"system", "light", "dark", "both"};

std::string take_listen(CliOptions& out, const std::string& value)
{
    auto address = config::parse_listen(value);
    if (!address)
        return address.error().message + ": " + address.error().detail;
    out.listen = std::move(*address);
    return {};
}

std::string take_store_key(CliOptions& out, const std::string& value)
{
    if (!config::is_keychain_name(value))
        return "is not a name of 1 to 128 letters, digits, '.', '_', '-', '/', '@' or '+'";
    out.store_key = value;
    return {};
}

std::string take_log_level(CliOptions& out, const std::string& value)
{
    return choose(out.log_level, value, config::choices<LogLevel>().names);
}

std::string take_theme(CliOptions& out, const std::string& value)
{
    return choose(out.theme, value, themes);
}

std::optional<WindowSize> size_of(std::string_view text)
{
    const auto cross = text.find('x');
    const auto side = [](std::string_view digits) {
        const auto pixels = number<int>(digits);
        return pixels && *pixels >= 320 && *pixels <= 16384 ? pixels : std::nullopt;
    };
    const auto width = side(text.substr(0, cross));
    const auto height = cross == std::string_view::npos ? std::nullopt : side(text.substr(cross + 1));
    return width && height ? std::optional(WindowSize{*width, *height}) : std::nullopt;
}

std::string take_sizes(CliOptions& out, const std::string& value)
{
    for (std::string_view rest = value;;) {
        const auto comma = rest.find(',');
        const auto size = size_of(rest.substr(0, comma));
        if (!size)
            return "is not WIDTHxHEIGHT with sides of 320 to 16384, such as 1440x900";
        out.sizes.push_back(*size);
        if (comma == std::string_view::npos)
            return {};
        rest.remove_prefix(comma + 1);
    }
}

std::string take_after(CliOptions& out, const std::string& value)
{
    const auto seconds = number<double>(value);
    if (!seconds || !(*seconds >= 0 && *seconds <= 3600))
        return "is not a number of seconds from 0 to 3600, such as 2.5";
    out.after = std::chrono::round<std::chrono::milliseconds>(std::chrono::duration<double>(*seconds));
    return {};
}

constexpr std::array options{
    Option{"--listen", "HOST:PORT", "address the gateway listens on; port 0 takes a free one", false, take_listen},
    Option{"--config", "FILE", "read this configuration", false, set_path<&CliOptions::config_file>},
    Option{"--check-config", "", "check the configuration and quit", false, set_flag<&CliOptions::check_config>},
    Option{"--print-config", "", "print the configuration in effect, without its secrets, and quit", false,
           set_flag<&CliOptions::print_config>},
    Option{"--hash-key", "", "read a client's key and print what auth.keys may hold instead", false,
           set_flag<&CliOptions::hash_key>},
    Option{"--store-key", "NAME", "read a secret and keep it in the system keychain, for ${keychain:NAME}", false,
           take_store_key},
    Option{"--demo", "", "keep the built-in engine busy, to have something to look at", false,
           set_flag<&CliOptions::demo_traffic>},
    Option{"--log-level", "LEVEL", "trace, debug, info, warning, error or off (nothing at all)", false, take_log_level},
    Option{"--log-file", "FILE", "write the log there too", false, set_path<&CliOptions::log_file>},
    Option{"--minimised", "", "start in the background: in the tray, if it keeps running there, or minimised", true,
           set_flag<&CliOptions::minimised>},
    Option{"--screenshots", "DIR", "draw every page into a picture there and quit", true,
           set_path<&CliOptions::screenshots>},
    Option{"--theme", "THEME", "system, light or dark; for pictures both, one after the other", true, take_theme},
    Option{"--size", "WxH", "size of the window in pixels; for pictures several, with commas", true, take_sizes},
    Option{"--after", "SECONDS", "how long to wait before the pictures are taken", true, take_after},
    Option{"--help", "", "print this and quit", false, set_flag<&CliOptions::help>},
    Option{"--version", "", "print the version and quit", false, set_flag<&CliOptions::version>},
};

/// Options that QApplication and its platform plugins read; they may be written with one dash or two.
constexpr std::array<std::string_view, 16> qt_options{
    "platform",   "platformpluginpath", "platformtheme",   "plugin",  "style",
    "stylesheet", "geometry",           "qwindowgeometry", "title",   "qwindowtitle",
    "icon",       "qwindowicon",        "display",         "session", "name",
    "fontengine",
};
constexpr std::array<std::string_view, 5> qt_flags{"reverse", "widgetcount", "nograb", "dograb", "sync"};

std::string_view program_name(Program program)
{
    return program == Program::console ? "tokenscope" : "tokenscope-gateway";
}

tl::unexpected<Error> refuse(std::string message, Program program)
{
    return failure(ErrorCode::config, fmt::format("{}; see {} --help", message, program_name(program)));
}

/// "--name=value" or "--name", "value".
struct Argument {
    std::string name;
    std::optional<std::string> value;
};

Argument split(const std::string& text)
{
    const auto equals = text.find('=');
    if (equals == std::string::npos)
        return {text, std::nullopt};
    return {text.substr(0, equals), text.substr(equals + 1)};
}

std::string unknown_option(const std::string& name, Program program)
{
    std::vector<std::string_view> valid;
    for (const auto& option : options) {
        if (!option.console_only || program == Program::console)
            valid.push_back(option.name);
        else if (option.name == name)
            return fmt::format("{} is an option of tokenscope, the console, only", name);
    }
    const auto near = config::nearest(name, valid);
    return near.empty() ? fmt::format("unknown option {}", name)
                        : fmt::format("unknown option {}, did you mean {}?", name, near);
}

class CliParser {
public:
    CliParser(std::span<const std::string> args, Program program) : m_args(args), m_program(program) {}

    Result<CliOptions> parse()
    {
        while (m_next < m_args.size()) {
            const auto& text = m_args[m_next++];
            auto argument = split(text);
            if (!text.starts_with('-') || text == "-")
                return refuse(fmt::format("unexpected argument '{}'", text), m_program);
            if (argument.name == "-h")
                argument.name = "--help";
            const auto option = std::find_if(options.begin(), options.end(),
                                             [&](const Option& each) { return each.name == argument.name; });
            const bool ours = option != options.end() && (!option->console_only || m_program == Program::console);
            auto problem = ours ? take(*option, std::move(argument)) : pass_to_qt(text, argument);
            if (!problem.empty())
                return refuse(std::move(problem), m_program);
        }
        if (!m_out.screenshots && m_out.theme == Theme::both)
            return refuse("--theme both is for --screenshots only", m_program);
        if (!m_out.screenshots && m_out.sizes.size() > 1)
            return refuse("several values of --size are for --screenshots only", m_program);
        return std::move(m_out);
    }

private:
    /// The word after an option that did not bring its value along.
    std::optional<std::string> next_value()
    {
        if (m_next == m_args.size() || m_args[m_next].starts_with("--"))
            return std::nullopt;
        return m_args[m_next++];
    }

    std::string take(const Option& option, Argument argument)
    {
        if (!m_seen.insert(option.name).second)
            return fmt::format("{} is given twice", option.name);
        if (option.argument.empty()) {
            if (argument.value)
                return fmt::format("{} takes no value", option.name);
            return option.take(m_out, {});
        }
        const auto value = argument.value ? argument.value : next_value();
        if (!value || value->empty())
            return fmt::format("{} needs a value, {} {}", option.name, option.name, option.argument);
        const auto problem = option.take(m_out, *value);
        return problem.empty() ? problem : fmt::format("{}: '{}' {}", option.name, *value, problem);
    }

    std::string pass_to_qt(const std::string& text, const Argument& argument)
    {
        const std::string_view word = std::string_view(argument.name).substr(argument.name.starts_with("--") ? 2 : 1);
        const bool takes_value = std::find(qt_options.begin(), qt_options.end(), word) != qt_options.end();
        const bool is_flag = std::find(qt_flags.begin(), qt_flags.end(), word) != qt_flags.end();
        if (m_program != Program::console || !(takes_value || is_flag))
            return unknown_option(argument.name, m_program);
        m_out.qt_arguments.push_back(text);
        if (is_flag || argument.value)
            return {};
        auto value = next_value();
        if (!value)
            return fmt::format("{} needs a value", argument.name);
        m_out.qt_arguments.push_back(std::move(*value));
        return {};
    }

    std::span<const std::string> m_args;
    Program m_program;
    std::size_t m_next = 0;
    std::set<std::string_view> m_seen;
    CliOptions m_out;
};

} // namespace

Result<CliOptions> parse_cli(std::span<const std::string> args, Program program)
{
    return CliParser(args, program).parse();
}

std::string help_text(Program program)
{
    auto text = fmt::format("Usage: {} [options]\n{}\n\nOptions:\n", program_name(program),
                            program == Program::console
                                ? "Shows what your language models are doing, as a gateway that clients point at."
                                : "Measures what your language models are doing, as a gateway that clients point at.");
    for (const auto& option : options) {
        if (!option.console_only || program == Program::console)
            text += fmt::format("  {:<24}{}\n", fmt::format("{} {}", option.name, option.argument), option.help);
    }
    if (program == Program::console)
        text += "Qt's own options, such as -platform and -style, work too.\n";
    text += "\nWithout --config, $XDG_CONFIG_HOME/tokenscope/config.yaml is read if it exists (~/.config without "
            "XDG_CONFIG_HOME).\n";
    return text;
}

std::string version_text(Program program)
{
    return fmt::format("{} {}\n", program_name(program), TOKENSCOPE_VERSION);
}

std::optional<std::filesystem::path> default_config_file(const config::Env& env)
{
    std::filesystem::path folder = env("XDG_CONFIG_HOME").value_or("");
    if (!folder.is_absolute()) { // a relative one is to be ignored, says the XDG base directory specification
        folder = env("HOME").value_or("");
        if (!folder.is_absolute())
            return std::nullopt;
        folder /= ".config";
    }
    return folder / "tokenscope" / "config.yaml";
}

} // namespace tokenscope::app
