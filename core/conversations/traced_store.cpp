// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "conversations/traced_store.h"

#include "conversations/conversation_chain.h"
#include "telemetry/tracing/span_errors.h"

#include <span>

namespace tokenscope::conversations {

namespace {

/// How many elements a JSON array has; 0 for what is none. It is ours, and known to be valid.
std::size_t count_elements(std::string_view array)
{
    std::size_t commas = 0;
    std::size_t depth = 0;
    bool in_string = false;
    bool any = false;
    for (std::size_t i = 0; i < array.size(); ++i) {
        const char c = array[i];
        if (in_string) {
            i += c == '\\' ? 1 : 0;
            in_string = c != '"';
            continue;
        }
        switch (c) {
        case '[':
        case '{':
            any = any || depth > 0;
            ++depth;
            break;
        case ']':
        case '}': --depth; break;
        case ',': commas += depth == 1 ? 1 : 0; break;
        case ' ':
        case '\t':
        case '\r':
        case '\n': break;
        default: any = true; in_string = c == '"';
        }
    }
    return any ? commas + 1 : 0;
}

std::size_t count_messages(std::span<const StoredResponse> responses)
{
    std::size_t count = 0;
    for (const auto& response : responses)
        count += count_elements(response.input) + (response.held_upstream() ? 0 : 1);
    return count;
}

void note_found(telemetry::Span& span, std::span<const StoredResponse> responses)
{
    if (!span.recording() || responses.empty())
        return;
    if (!responses.back().model.empty())
        span.set("conversation.model", responses.back().model);
    if (!responses.back().held_upstream())
        span.set("conversation.message_count", count_messages(responses));
}

/// That there is nothing of that name is the client's business, and no failure of the store.
void note_failure(telemetry::Span& span, const Error& error)
{
    if (error.code == ErrorCode::internal)
        telemetry::note_error(span, error);
    else
        span.abandon(to_string(error.code), error.message);
}

} // namespace

telemetry::Span TracedStore::begin(std::string_view operation, std::string_view id)
{
    if (!m_parent.recording() || m_spans >= most_spans)
        return {};
    ++m_spans;
    auto span = m_parent.child(operation);
    span.set("conversation.id", id);
    span.set("conversation.backend", backend());
    return span;
}

net::Task<Result<void>> TracedStore::create(StoredResponse response)
{
    auto span = begin("conversation.create", response.id);
    note_found(span, {&response, 1});
    auto kept = co_await m_store.create(std::move(response));
    if (!kept)
        note_failure(span, kept.error());
    co_return kept;
}

net::Task<Result<std::optional<StoredResponse>>> TracedStore::get(std::string id)
{
    auto span = begin("conversation.get", id);
    auto found = co_await m_store.get(std::move(id));
    if (!found)
        note_failure(span, found.error());
    else if (*found)
        note_found(span, {&**found, 1});
    co_return found;
}

net::Task<Result<bool>> TracedStore::erase(std::string id)
{
    auto span = begin("conversation.delete", id);
    auto erased = co_await m_store.erase(std::move(id));
    if (!erased)
        note_failure(span, erased.error());
    co_return erased;
}

net::Task<Result<std::vector<StoredResponse>>> TracedStore::chain(std::string id)
{
    auto span = begin("conversation.get", id);
    auto loaded = co_await load_chain(m_store, std::move(id));
    if (!loaded)
        note_failure(span, loaded.error());
    else
        note_found(span, *loaded);
    co_return loaded;
}

} // namespace tokenscope::conversations
