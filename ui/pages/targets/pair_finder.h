// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/console_context.h"
#include "bridge/inquiry.h"
#include "bridge/source_list.h"

#include <QObject>

#include <cstddef>
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

/// Finds the pairs: a page at the provider's host and port, or a Prometheus whose series name it as their instance. Asks all
/// sources at the same time. Used on the UI thread.
class PairFinder : public QObject {
    Q_OBJECT

public:
    PairFinder(SourceList& sources, std::function<std::vector<ProviderAddress>()> providers, QObject* parent = nullptr);

    /// Begins anew.
    void find();
    /// Not over yet, or not begun.
    bool searching() const { return m_missing != 0; }
    /// So far, in the order of the sources.
    std::vector<ServerPair> pairs() const;
    /// That there is something to look for: a provider with an address.
    bool anyProvider() const { return !m_providers.empty(); }

Q_SIGNALS:
    void changed(); ///< pairs were found, or it has begun or is over

private:
    struct Provider {
        std::string name;
        std::string address;
    };

    /// One source, and what it has.
    struct Search {
        sources::Connection connection;
        Inquiry inquiry;
        std::vector<ServerPair> pairs;
    };

    const SourceList::Entry* entryOf(const Search& search) const;
    void askNames(Search& search);
    void askInstances(Search& search, const ServerPair& found);
    void end();

    SourceList& m_sources;
    const std::function<std::vector<ProviderAddress>()> m_ask;
    std::vector<Provider> m_providers;
    std::vector<std::unique_ptr<Search>> m_searches;
    std::size_t m_missing = 1;
};

} // namespace tokenscope::ui
