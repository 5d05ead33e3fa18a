// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/settings_store.h"
#include "config/loader.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tokenscope::test {

/// A configuration whose file is a text here, judged by the real loader with an environment of its own.
class FakeSettingsStore : public ui::SettingsStore {
public:
    std::string path = "/home/me/.config/tokenscope/config.yaml";
    std::string disk;
    bool exists = true;
    std::vector<std::string> overridden;
    std::map<std::string, std::string> environment{{"OPENAI_API_KEY", "sk-from-the-environment"}};
    config::Config config;
    std::vector<std::string> afterRestart;
    std::optional<Error> readError;
    std::optional<Error> keychainError;
    std::vector<std::string> ollamas;
    std::map<std::string, std::string> keychain;
    bool keychainAsks = false; ///< the user, who does not answer
    CancelToken storeToken;
    Stored pendingStore; ///< of the secret that the user is asked for
    int saves = 0;
    bool holdSaves = false; ///< until finishSave()

    /// Of the test that is waited for.
    Tested pendingTest;
    std::string testedName;
    std::string testedText;
    CancelToken testToken;

    Result<Contents> read() const override
    {
        if (readError)
            return failure(*readError);
        return Contents{path, disk, exists, overridden};
    }
    void watch(std::function<void()> changed) override { m_changed = std::move(changed); }
    bool watched() const { return static_cast<bool>(m_changed); }
    /// As another program does it.
    void write(const std::string& text)
    {
        disk = text;
        if (m_changed)
            m_changed();
    }
    config::Config current() const override { return config; }

    Result<std::vector<std::string>> judge(const std::string& text) const
    {
        const config::Env env = [this](const std::string& name) {
            const auto found = environment.find(name);
            return found == environment.end() ? std::nullopt : std::optional(found->second);
        };
        std::vector<std::string> warnings;
        const auto loaded = config::load_config(text, path, env, &warnings);
        if (!loaded)
            return failure(loaded.error());
        return warnings;
    }
    void check(std::string text, CancelToken, Checked handler) override { handler(judge(text)); }

    void save(std::string text, std::string expected, CancelToken, SaveHandler handler) override
    {
        ++saves;
        m_save = [this, text, expected, handler = std::move(handler)] {
            if (disk != expected)
                return handler(failure(ErrorCode::conflict, "config.yaml has changed"));
            auto judged = judge(text);
            if (!judged)
                return handler(failure(judged.error()));
            disk = text;
            exists = true;
            handler(Saved{*judged, afterRestart});
        };
        if (!holdSaves)
            finishSave();
    }
    void finishSave() { std::exchange(m_save, nullptr)(); }

    void test_provider(config::Provider, CancelToken, Tested) override {}
    void test_provider(std::string text, std::string name, CancelToken cancel, Tested handler) override
    {
        testedText = std::move(text);
        testedName = std::move(name);
        testToken = std::move(cancel);
        pendingTest = std::move(handler);
    }
    void discover(CancelToken, Discovered handler) override { handler(ollamas); }
    void store_secret(std::string name, std::string secret, CancelToken cancel, Stored handler) override
    {
        storeToken = std::move(cancel);
        if (keychainAsks) {
            pendingStore = std::move(handler);
            return;
        }
        if (keychainError)
            return handler(failure(*keychainError));
        keychain[name] = std::move(secret);
        handler({});
    }

private:
    std::function<void()> m_save;
    std::function<void()> m_changed;
};

} // namespace tokenscope::test
