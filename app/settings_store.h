// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "base/clock.h"
#include "bridge/settings_store.h"
#include "config_reload.h"
#include "config_source.h"
#include "config/file_watch.h"
#include "job_thread.h"
#include "provider_probe.h"

#include <QObject>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tokenscope::app {

/// The settings of this program: the file that ConfigSource reads, and the gateway that ConfigReload tells.
class FileSettings final : public ui::SettingsStore {
public:
    struct Parts {
        ConfigSource source; ///< of its own, and so is its keychain: used on a thread of this class
        /// What secrets are kept in, used on another thread, where it may wait for the user: nobody else's either. Null: there is
        /// none.
        std::shared_ptr<config::Keychain> keychain;
        config::Env env;
        config::Config config;          ///< in effect since the start
        ConfigReload* reload = nullptr; ///< used until stop(); null: no gateway runs, everything waits for a restart
        std::chrono::milliseconds longest_test{15'000};
    };

    /// On the thread of the windows.
    explicit FileSettings(Parts parts);
    ~FileSettings() override; ///< see stop(); no handler is called any more
    FileSettings(const FileSettings&) = delete;
    FileSettings& operator=(const FileSettings&) = delete;

    /// Saves what was to be saved; what the keychain asks the user is no longer waited for. From now on nothing is answered any more but read() and current().
    void stop();

    Result<Contents> read() const override;
    void watch(std::function<void()> changed) override;
    config::Config current() const override;
    void check(std::string text, CancelToken cancel, Checked handler) override;
    void save(std::string text, std::string expected, CancelToken cancel, SaveHandler handler) override;
    void test_provider(config::Provider provider, CancelToken cancel, Tested handler) override;
    void test_provider(std::string text, std::string name, CancelToken cancel, Tested handler) override;
    void discover(CancelToken cancel, Discovered handler) override;
    void store_secret(std::string name, std::string secret, CancelToken cancel, Stored handler) override;

private:
    template <typename T>
    void deliver(CancelToken cancel, std::function<void(T)> handler, T value);

    Result<Saved> save_now(const std::string& text, const std::string& expected);
    Result<void> still_has(const std::string& expected) const;
    std::vector<std::string> waiting_for_restart(const config::Config& next) const;
    Result<config::Provider> find_provider(const std::string& text, const std::string& name) const;
    Result<void> store_now(const std::string& name, const std::string& secret, const CancelToken& cancel);
    void probe(config::Provider provider, CancelToken cancel, Tested handler);

    const Parts m_parts;
    ConfigReload* m_reload;
    QObject m_context;       ///< handlers are called on its thread, and not after its end
    CancelSource m_stopping; ///< by stop()
    std::optional<ProviderProbe> m_probe;
    std::function<void()> m_file_changed; ///< of the window, on its thread
    std::unique_ptr<config::FileWatch> m_watch;
    // Last, so that they end before what they use.
    JobThread m_disk;     ///< checks and saves
    JobThread m_keepings; ///< of secrets: what the user is asked there must not hold up the disk
};

} // namespace tokenscope::app
