// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/settings_store.h"
#include "unit/config/config_support.h"
#include "unit/config/fake_keychain.h"

#include <QTemporaryDir>
#include <QTest>

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace tokenscope::test {

using Models = Result<std::vector<std::string>>;
using Saved = Result<ui::SettingsStore::Saved>;

inline std::string with_queue(int size)
{
    return fmt::format("providers: [{{name: demo, kind: demo, max_queue: {}}}]\n", size);
}

/// A program with a home of its own, whose gateway notes what it is told.
class SettingsProgram {
public:
    explicit SettingsProgram(const std::string& text = {}, app::CliOptions options = {},
                             std::map<std::string, std::string> env = {})
        : m_options(std::move(options)), m_env(std::move(env))
    {
        m_env["XDG_CONFIG_HOME"] = m_home.path().toStdString();
        if (!text.empty())
            write(text);
    }

    std::filesystem::path file() const
    {
        return std::filesystem::path(m_home.path().toStdString()) / "tokenscope/config.yaml";
    }
    void write(const std::string& text) const
    {
        std::filesystem::create_directories(file().parent_path());
        std::ofstream(file(), std::ios::binary) << text;
    }
    std::string content() const
    {
        std::ifstream stream(file(), std::ios::binary);
        return {std::istreambuf_iterator<char>(stream), {}};
    }
    /// Files beside the configuration: none may be left behind.
    std::size_t files() const
    {
        const std::filesystem::directory_iterator all(file().parent_path());
        return static_cast<std::size_t>(std::distance(std::filesystem::begin(all), std::filesystem::end(all)));
    }

    enum class Gateway { runs, does_not_run };
    bool start(Gateway gateway = Gateway::runs)
    {
        app::ConfigSource source(m_options, fake_env(m_env), std::make_shared<FakeKeychain>());
        auto loaded = source.load();
        if (!loaded)
            return false;
        if (gateway == Gateway::runs)
            reload.emplace(
                source, loaded->config, [this](config::Config config) { return apply(std::move(config)); }, m_log);
        settings.emplace(app::FileSettings::Parts{.source = std::move(source),
                                                  .keychain = keychain,
                                                  .env = fake_env(m_env),
                                                  .config = std::move(loaded->config),
                                                  .reload = reload ? &*reload : nullptr,
                                                  .longest_test = longest_test});
        return true;
    }

    Saved save(const std::string& text, const std::string& expected)
    {
        std::optional<Saved> saved;
        settings->save(text, expected, {}, [&](Saved result) { saved = std::move(result); });
        return wait_for(saved);
    }
    Models check(const std::string& text)
    {
        std::optional<Models> checked;
        settings->check(text, {}, [&](Models result) { checked = std::move(result); });
        return wait_for(checked);
    }
    Models test(config::Provider provider)
    {
        std::optional<Models> tested;
        settings->test_provider(std::move(provider), {}, [&](Models result) { tested = std::move(result); });
        return wait_for(tested);
    }
    Result<void> store(const std::string& name, const std::string& secret)
    {
        std::optional<Result<void>> stored;
        settings->store_secret(name, secret, {}, [&](Result<void> result) { stored = std::move(result); });
        return wait_for(stored);
    }

    std::vector<config::Config> applied()
    {
        const std::scoped_lock lock(m_mutex);
        return m_applied;
    }
    QByteArray log()
    {
        m_log.flush();
        const std::scoped_lock lock(m_mutex);
        return m_lines;
    }

    std::shared_ptr<FakeKeychain> keychain = std::make_shared<FakeKeychain>();
    std::string refusal;                ///< of the gateway, if not empty
    std::function<void()> before_apply; ///< what another program does meanwhile
    std::chrono::milliseconds longest_test{15'000};

private:
    template <typename T>
    static T wait_for(std::optional<T>& result)
    {
        if (!QTest::qWaitFor([&] { return result.has_value(); }, 20'000))
            return failure(ErrorCode::internal, "no answer came");
        return std::move(*result);
    }
    Result<void> apply(config::Config config)
    {
        const std::scoped_lock lock(m_mutex);
        if (!refusal.empty())
            return failure(ErrorCode::config, refusal);
        m_applied.push_back(std::move(config));
        if (before_apply)
            before_apply();
        return {};
    }

    QTemporaryDir m_home;
    app::CliOptions m_options;
    std::map<std::string, std::string> m_env;
    std::mutex m_mutex;
    std::vector<config::Config> m_applied;
    QByteArray m_lines;
    telemetry::Logger m_log{{.to_stderr = false, .sink = [this](std::string_view line) {
                                 const std::scoped_lock lock(m_mutex);
                                 m_lines += bytes(line) + '\n';
                             }}};

public:
    std::optional<app::ConfigReload> reload;
    std::optional<app::FileSettings> settings;
};

} // namespace tokenscope::test
