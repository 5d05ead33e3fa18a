// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "settings_store.h"

#include "base/file_access.h"
#include "base/file_replacement.h"
#include "config/auth_values.h"
#include "config/changes.h"
#include "config/defaults.h"
#include "config/problem.h"
#include "config/yaml_text.h"

#include <QCoreApplication>
#include <QMetaObject>

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace tokenscope::app {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::milliseconds longest_discovery{3'000};

struct OnDisk {
    std::string text;
    bool exists = false;
};

Result<OnDisk> read_file(const fs::path& file)
{
    std::error_code error;
    if (fs::status(file, error).type() == fs::file_type::not_found)
        return OnDisk{};
    auto text = read_whole(file, config::largest_text);
    if (!text)
        return failure(ErrorCode::config, fmt::format("{}: {}", file.string(), text.error().message),
                       text.error().detail);
    return OnDisk{std::move(*text), true};
}

tl::unexpected<Error> no_place()
{
    return failure(ErrorCode::config,
                   "There is no place for a configuration file: set HOME or XDG_CONFIG_HOME, or name a "
                   "file with --config.");
}

} // namespace

FileSettings::FileSettings(Parts parts)
    : m_parts(std::move(parts)), m_reload(m_parts.reload), m_probe(std::in_place, m_parts.env)
{
}

FileSettings::~FileSettings()
{
    stop();
}

void FileSettings::stop()
{
    m_watch.reset();
    m_stopping.cancel();
    m_keepings.finish();
    m_disk.finish();
    m_probe.reset();
    QCoreApplication::removePostedEvents(&m_context); // answers on their way
    m_reload = nullptr;
}

template <typename T>
void FileSettings::deliver(CancelToken cancel, std::function<void(T)> handler, T value)
{
    QMetaObject::invokeMethod(
        &m_context,
        [cancel = std::move(cancel), handler = std::move(handler), value = std::move(value)] {
            if (!cancel.cancelled())
                handler(value);
        },
        Qt::QueuedConnection);
}

Result<FileSettings::Contents> FileSettings::read() const
{
    Contents out;
    out.overridden = m_parts.source.overridden();
    const auto& file = m_parts.source.file();
    if (!file)
        return out;
    out.file = file->string();
    if (!m_parts.source.is_rereadable())
        return failure(ErrorCode::config, fmt::format("{} is no regular file: it can be read only once.", out.file));
    auto found = read_file(*file);
    if (!found)
        return failure(std::move(found.error()));
    out.text = std::move(found->text);
    out.exists = found->exists;
    return out;
}

void FileSettings::watch(std::function<void()> changed)
{
    m_file_changed = std::move(changed);
    const auto& file = m_parts.source.file();
    if (m_watch || !m_file_changed || !file || !m_parts.source.is_rereadable())
        return;
    const auto tell = [this] {
        const auto call = [this] {
            if (m_file_changed)
                m_file_changed();
        };
        QMetaObject::invokeMethod(&m_context, call, Qt::QueuedConnection);
    };
    // Where that cannot be watched, saving still finds out.
    if (auto started = config::FileWatch::start(*file, tell, {}))
        m_watch = std::move(*started);
}

config::Config FileSettings::current() const
{
    auto config = m_reload ? m_reload->current() : m_parts.config;
    config.listen = m_parts.config.listen; // until the next start
    return config;
}

void FileSettings::check(std::string text, CancelToken cancel, Checked handler)
{
    m_disk.post([this, text = std::move(text), cancel = std::move(cancel), handler = std::move(handler)] {
        if (cancel.cancelled())
            return;
        auto loaded = m_parts.source.load_text(text);
        using Answer = Result<std::vector<std::string>>;
        deliver<Answer>(cancel, handler,
                        loaded ? Answer(std::move(loaded->warnings)) : Answer(failure(std::move(loaded.error()))));
    });
}

void FileSettings::save(std::string text, std::string expected, CancelToken cancel, SaveHandler handler)
{
    m_disk.post([this, text = std::move(text), expected = std::move(expected), cancel = std::move(cancel),
                 handler = std::move(handler)] {
        if (!cancel.cancelled())
            deliver<Result<Saved>>(cancel, handler, save_now(text, expected));
    });
}

Result<void> FileSettings::still_has(const std::string& expected) const
{
    const auto& file = *m_parts.source.file();
    const auto found = read_file(file);
    if (!found)
        return failure(found.error());
    if (found->text != expected)
        return failure(ErrorCode::conflict,
                       fmt::format("{} has been changed by another program since it was read; nothing "
                                   "has been saved.",
                                   file.string()));
    return {};
}

Result<FileSettings::Saved> FileSettings::save_now(const std::string& text, const std::string& expected)
{
    const auto& file = m_parts.source.file();
    if (!file)
        return no_place();
    if (!m_parts.source.is_rereadable())
        return failure(ErrorCode::config, fmt::format("{} is no regular file: it cannot be saved to.", file->string()));
    if (auto same = still_has(expected); !same)
        return failure(std::move(same.error()));
    auto loaded = m_parts.source.load_text(text);
    if (!loaded)
        return failure(std::move(loaded.error()));
    Saved saved{.warnings = loaded->warnings, .after_restart = waiting_for_restart(loaded->config)};
    auto replacement = FileReplacement::prepare(*file, text);
    if (!replacement)
        return failure(std::move(replacement.error()));
    // To put a configuration into effect takes its time, in which somebody else may have written the file.
    const auto commit = [&] { return still_has(expected).and_then([&] { return replacement->commit(); }); };
    auto done = m_reload ? m_reload->replace(std::move(*loaded), commit) : commit();
    if (!done)
        return failure(std::move(done.error()));
    return saved;
}

std::vector<std::string> FileSettings::waiting_for_restart(const config::Config& next) const
{
    if (!m_reload)
        return config::describe_changes(m_parts.config, next);
    // The windows, and the clients that they told the address to, would lose the gateway.
    return next.listen == m_parts.config.listen ? std::vector<std::string>() : std::vector<std::string>{"listen"};
}

void FileSettings::probe(config::Provider provider, CancelToken cancel, Tested handler)
{
    if (!m_probe)
        return;
    m_probe->ask(std::move(provider), m_parts.longest_test, cancel,
                 [this, cancel, handler = std::move(handler)](Result<std::vector<std::string>> answer) {
                     deliver<Result<std::vector<std::string>>>(cancel, handler, std::move(answer));
                 });
}

void FileSettings::test_provider(config::Provider provider, CancelToken cancel, Tested handler)
{
    probe(std::move(provider), std::move(cancel), std::move(handler));
}

void FileSettings::test_provider(std::string text, std::string name, CancelToken cancel, Tested handler)
{
    m_disk.post([this, text = std::move(text), name = std::move(name), cancel = std::move(cancel),
                 handler = std::move(handler)] {
        if (cancel.cancelled())
            return;
        auto provider = find_provider(text, name);
        if (provider)
            probe(std::move(*provider), cancel, handler);
        else
            deliver<Result<std::vector<std::string>>>(cancel, handler, failure(std::move(provider.error())));
    });
}

Result<config::Provider> FileSettings::find_provider(const std::string& text, const std::string& name) const
{
    auto loaded = m_parts.source.load_text(text);
    if (!loaded)
        return failure(std::move(loaded.error()));
    auto& all = loaded->config.providers;
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.name == name; });
    if (found == all.end())
        return failure(ErrorCode::config, fmt::format("There is no provider '{}'.", config::shown(name)));
    return std::move(*found);
}

void FileSettings::discover(CancelToken cancel, Discovered handler)
{
    if (!m_probe)
        return;
    struct Search {
        std::vector<std::string> urls;
        std::vector<bool> found;
        std::size_t open = 0;
    };
    auto search = std::make_shared<Search>();
    for (const auto& host : {m_parts.env("OLLAMA_HOST"), std::optional<std::string>()}) {
        auto url = config::ollama_base_url(host);
        if (std::find(search->urls.begin(), search->urls.end(), url) == search->urls.end())
            search->urls.push_back(std::move(url));
    }
    search->open = search->urls.size();
    search->found.resize(search->urls.size());
    // All answers come on one thread.
    for (std::size_t i = 0; i < search->urls.size(); ++i) {
        m_probe->ask(config::ollama_provider(search->urls[i]), longest_discovery, cancel,
                     [this, search, i, cancel, handler](const Result<std::vector<std::string>>& answer) {
                         search->found[i] = answer.has_value();
                         if (--search->open > 0)
                             return;
                         std::vector<std::string> urls;
                         for (std::size_t k = 0; k < search->urls.size(); ++k) {
                             if (search->found[k])
                                 urls.push_back(search->urls[k]);
                         }
                         deliver<std::vector<std::string>>(cancel, handler, std::move(urls));
                     });
    }
}

void FileSettings::store_secret(std::string name, std::string secret, CancelToken cancel, Stored handler)
{
    m_keepings.post([this, name = std::move(name), secret = std::move(secret), cancel = std::move(cancel),
                     handler = std::move(handler)] {
        CancelSource either;
        const auto end = [either]() mutable { either.cancel(); };
        const auto by_caller = cancel.on_cancel(end);
        const auto by_stop = m_stopping.token().on_cancel(end);
        deliver<Result<void>>(cancel, handler, store_now(name, secret, either.token()));
    });
}

Result<void> FileSettings::store_now(const std::string& name, const std::string& secret, const CancelToken& cancel)
{
    if (!m_parts.keychain)
        return failure(ErrorCode::config, "There is no system keychain; use an environment variable.");
    if (!config::is_keychain_name(name))
        return failure(ErrorCode::config,
                       "A name in the keychain has 1 to 128 letters, digits, '.', '_', '-', '/', '@' or '+'.");
    const auto checked = config::parse_secret(secret);
    if (!checked)
        return failure(ErrorCode::config, "The key " + checked.error().message);
    if (checked->empty())
        return failure(ErrorCode::config, "The key is empty.");
    return m_parts.keychain->store(name, *checked, cancel);
}

} // namespace tokenscope::app
