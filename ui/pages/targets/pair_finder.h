// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/console_context.h"
#include "bridge/inquiry.h"
#include "bridge/source_list.h"

#include <QObject>

#include <memory>
#include <string>
#include <vector>

namespace tokenscope::ui {

/// A provider of the gateway whose server reports its own latencies to a source of the console.
struct ServerPair {
    std::string provider;
    QString source;                 ///< its id
    QString title;                  ///< "ollama · vLLM page"
    std::string first_token, total; ///< the server's metrics; empty: it has none such
    std::string instance;           ///< in a Prometheus; empty: all that the source has
};

/// Finds the pairs: a page at the provider's host and port, or a Prometheus whose series name it as their instance. Asks every
/// source, one after the other. Used on the UI thread.
class PairFinder : public QObject {
    Q_OBJECT

public:
    PairFinder(SourceList& sources, std::function<std::vector<ProviderAddress>()> providers, QObject* parent = nullptr);

    /// Begins anew.
    void find();
    bool searching() const { return m_searching; }
    const std::vector<ServerPair>& pairs() const { return m_pairs; }
    /// That there is something to look for: a provider with an address.
    bool anyProvider() const { return !m_providers.empty(); }

Q_SIGNALS:
    void finished();

private:
    struct Provider {
        std::string name;
        std::string address;
    };

    void next();
    void askNames(const sources::Connection& connection);
    void askInstances(ServerPair found, bool prometheus, const std::string& address);
    void addPairs(const ServerPair& found, const std::vector<std::string>& instances);

    SourceList& m_sources;
    const std::function<std::vector<ProviderAddress>()> m_ask;
    std::vector<Provider> m_providers;
    std::vector<sources::Connection> m_left;
    std::vector<ServerPair> m_pairs;
    bool m_searching = false;
    Inquiry m_inquiry;
};

} // namespace tokenscope::ui
