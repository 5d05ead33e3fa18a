// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/config.h"
#include "config/environment.h"
#include "conversations/conversation_store.h"
#include "conversations/degrading_store.h"

#include <filesystem>
#include <memory>

namespace tokenscope::conversations {

/// $XDG_DATA_HOME/tokenscope/conversations.db, else ~/.local/share/tokenscope/conversations.db. Empty where neither
/// XDG_DATA_HOME nor HOME is an absolute path.
std::filesystem::path default_database(const config::Env& env);

/// The configured store; the database is opened at once, which may take seconds. A disk that does not work makes it a
/// store in memory, with a warning rather than an error, so that requests can be served. Errors have ErrorCode::config:
/// the path is a mistake, or a newer version's. `clock` must outlive the store. `fallback`: where settings.path is empty.
Result<std::unique_ptr<ConversationStore>> make_store(const config::Conversations& settings,
                                                      const std::filesystem::path& fallback, const Clock& clock,
                                                      Warn warn);

} // namespace tokenscope::conversations
