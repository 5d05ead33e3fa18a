// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "llm/translation.h"

namespace tokenscope::llm {

/// Carries out a request of Anthropic's Messages API by a chat completion. What becomes of the request is told by
/// messages_to_chat, of a whole reply by MessagesWriter, of a stream by MessagesStream, of a refusal by messages_refusal.
/// The reply's id is a new one; its model is the one that the upstream names, else the client's.
Result<std::unique_ptr<Translation>> translate_messages(const ModelRequest& request, WallTime now);

} // namespace tokenscope::llm
