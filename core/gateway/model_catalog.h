// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "net/task.h"
#include "providers/provider.h"

#include <boost/asio/steady_timer.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::gateway {

/// Which provider answers for which model. Providers are asked for their models now and then; one that cannot be reached
/// keeps nothing listed until it can. Used on one I/O thread.
class ModelCatalog {
public:
    ModelCatalog(std::vector<std::shared_ptr<providers::Provider>> providers,
                 std::map<std::string, std::string> aliases, const Clock& clock, CancelToken stopping);

    struct Choice {
        providers::Provider* provider = nullptr;
        std::string model;   ///< as the provider knows it
        bool listed = false; ///< the provider names it itself
    };

    /// "provider/model" names the provider; an alias is replaced first; a bare name goes to the first provider that lists
    /// it, where Ollama's "phi4:latest" may be called "phi4". A bare name that nobody lists makes the providers be asked
    /// again, at most once a second.
    /// Error: model_not_found, naming what there is.
    net::Task<Result<Choice>> resolve(std::string name);

    /// Asks every provider for its models. Whoever calls while that is under way waits for it.
    net::Task<void> refresh();

    struct Entry {
        std::string id; ///< what a client sends to get exactly this model
        std::string owned_by;
        std::int64_t created = 0;
    };
    /// All models, in the providers' order. A name that an earlier provider also has is listed as "provider/model".
    std::vector<Entry> list() const;
    bool refreshed() const { return m_last_refresh.has_value(); }

    struct Health {
        const providers::Provider& provider;
        std::size_t models = 0;
        std::optional<Error> error; ///< why requests have no chance; absent: they have
    };
    /// As of the last refresh, in the providers' order.
    std::vector<Health> health() const;

private:
    struct Backend {
        std::shared_ptr<providers::Provider> provider;
        std::vector<providers::ModelInfo> models;
        std::optional<Error> error;
    };
    struct Asking;

    /// How the backend lists the model that a client calls `name`.
    static std::optional<std::string> listed_name(const Backend& backend, std::string_view name);
    std::optional<Choice> find(std::string_view name) const;
    net::Task<void> ask_all();
    net::Task<void> ask(Backend& backend, std::shared_ptr<Asking> asking);

    std::vector<Backend> m_backends;
    const std::map<std::string, std::string> m_aliases;
    const Clock& m_clock;
    const CancelToken m_stopping;
    std::optional<Instant> m_last_refresh;
    /// Never expires; cancelled to wake those who wait for the refresh under way.
    std::shared_ptr<boost::asio::steady_timer> m_refreshing;
};

} // namespace tokenscope::gateway
