// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/source_list.h"
#include "fake_source.h"

#include <QTemporaryDir>

#include <map>
#include <memory>
#include <string>

namespace tokenscope::test {

/// A list of sources whose remote ones are fakes, to be found by the connection's name: the last one made of each.
struct SourceFixture {
    explicit SourceFixture(bool answersAtOnce = true) : local(answersAtOnce), remoteAtOnce(answersAtOnce) {}

    std::filesystem::path file() const
    {
        return std::filesystem::path(directory.filePath(QStringLiteral("sources.json")).toStdString());
    }
    ui::SourceFactory factory()
    {
        return [this](const sources::Connection& connection) {
            auto source = std::make_shared<FakeSource>(remoteAtOnce, connection.name);
            if (prepare)
                prepare(*source);
            remote[connection.name] = source;
            return source;
        };
    }
    static tokenscope::sources::Connection connection(const std::string& name)
    {
        return {.id = {}, .name = name, .url = "http://127.0.0.1:9"};
    }
    /// Saved; its id.
    QString add(const std::string& name)
    {
        const auto id = sources.save(connection(name));
        return id ? *id : QString();
    }

    QTemporaryDir directory;
    FakeSource local;
    bool remoteAtOnce;
    std::function<void(FakeSource&)> prepare;
    std::map<std::string, std::shared_ptr<FakeSource>> remote;
    ui::SourceList sources{local, factory(), file()};
};

} // namespace tokenscope::test
