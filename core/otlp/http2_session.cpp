// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "otlp/http2_session.h"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <new>
#include <utility>
#include <vector>

namespace tokenscope::otlp {

struct Http2Session::Call {
    std::int32_t id = 0;
    std::string body;
    std::size_t sent = 0;
    Reply reply;
    std::size_t field_bytes = 0;
    bool ended = false;
    bool closed = false; ///< for both sides
};

namespace {

std::string_view view(const std::uint8_t* bytes, std::size_t size)
{
    return {reinterpret_cast<const char*>(bytes), size};
}

nghttp2_nv field(const std::pair<std::string, std::string>& from)
{
    const auto bytes = [](const std::string& text) {
        return const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(text.data()));
    };
    // No header of ours gets into the compression's tables: some are secrets, which others could then guess at.
    const bool pseudo = from.first.starts_with(':');
    return {bytes(from.first), bytes(from.second), from.first.size(), from.second.size(),
            static_cast<std::uint8_t>(pseudo ? NGHTTP2_NV_FLAG_NONE : NGHTTP2_NV_FLAG_NO_INDEX)};
}

} // namespace

/// nghttp2 calls these with the session as `user_data`. They throw nothing: there are C frames below them.
struct Http2Session::Callbacks {
    static Call* call_of(void* user_data, std::int32_t stream)
    {
        auto* const call = static_cast<Http2Session*>(user_data)->m_call.get();
        return call != nullptr && call->id == stream && !call->ended ? call : nullptr;
    }

    /// Ends a request that went wrong on our side.
    static int give_up(nghttp2_session* session, Call& call, std::string_view why) noexcept
    {
        call.reply.fault = why;
        call.ended = true;
        return nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, call.id, NGHTTP2_CANCEL);
    }

    static int on_header(nghttp2_session* session, const nghttp2_frame* frame, const std::uint8_t* name,
                         std::size_t name_size, const std::uint8_t* value, std::size_t value_size, std::uint8_t,
                         void* user_data) noexcept
    {
        auto* const call = call_of(user_data, frame->hd.stream_id);
        if (call == nullptr)
            return 0;
        call->field_bytes += name_size + value_size + 32; // as HTTP/2 counts
        if (call->field_bytes > max_fields)
            return give_up(session, *call, "its headers are too long");
        const auto text = view(value, value_size);
        if (view(name, name_size) != ":status") {
            call->reply.fields.emplace_back(view(name, name_size), text);
            return 0;
        }
        call->reply.fields.clear(); // those of an interim answer
        call->reply.status = 0;
        std::from_chars(text.data(), text.data() + text.size(), call->reply.status);
        return 0;
    }

    static int on_data(nghttp2_session* session, std::uint8_t, std::int32_t stream, const std::uint8_t* bytes,
                       std::size_t size, void* user_data) noexcept
    {
        auto* const call = call_of(user_data, stream);
        if (call == nullptr)
            return 0;
        if (call->reply.body.size() + size > max_body)
            return give_up(session, *call, "its reply is too long");
        call->reply.body.append(view(bytes, size));
        return 0;
    }

    static int on_frame(nghttp2_session*, const nghttp2_frame* frame, void* user_data) noexcept
    {
        ++static_cast<Http2Session*>(user_data)->m_frames;
        auto* const call = call_of(user_data, frame->hd.stream_id);
        const bool carries_end = frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA;
        if (call != nullptr && carries_end && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) {
            call->reply.complete = true;
            call->ended = true;
        }
        return 0;
    }

    static int on_close(nghttp2_session*, std::int32_t stream, std::uint32_t code, void* user_data) noexcept
    {
        auto* const own = static_cast<Http2Session*>(user_data)->m_call.get();
        if (own != nullptr && own->id == stream)
            own->closed = true;
        if (auto* const call = call_of(user_data, stream)) {
            call->reply.reset = code;
            call->ended = true;
        }
        return 0;
    }

    static int on_error(nghttp2_session*, int, const char* text, std::size_t size, void* user_data) noexcept
    {
        auto* const self = static_cast<Http2Session*>(user_data);
        if (self->m_fault.empty())
            self->m_fault.assign(text, std::min<std::size_t>(size, 200));
        return 0;
    }

    static ssize_t read_body(nghttp2_session*, std::int32_t stream, std::uint8_t* out, std::size_t size,
                             std::uint32_t* flags, nghttp2_data_source*, void* user_data) noexcept
    {
        auto* const call = static_cast<Http2Session*>(user_data)->m_call.get();
        if (call == nullptr || call->id != stream)
            return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
        const auto count = std::min(size, call->body.size() - call->sent);
        std::copy_n(call->body.data() + call->sent, count, reinterpret_cast<char*>(out));
        call->sent += count;
        if (call->sent == call->body.size())
            *flags |= NGHTTP2_DATA_FLAG_EOF;
        return static_cast<ssize_t>(count);
    }
};

Http2Session::Http2Session() : m_session(nullptr, &nghttp2_session_del)
{
    nghttp2_session_callbacks* made = nullptr;
    if (nghttp2_session_callbacks_new(&made) != 0)
        throw std::bad_alloc();
    const std::unique_ptr<nghttp2_session_callbacks, decltype(&nghttp2_session_callbacks_del)> callbacks(
        made, &nghttp2_session_callbacks_del);
    nghttp2_session_callbacks_set_on_header_callback(made, &Callbacks::on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(made, &Callbacks::on_data);
    nghttp2_session_callbacks_set_on_frame_recv_callback(made, &Callbacks::on_frame);
    nghttp2_session_callbacks_set_on_stream_close_callback(made, &Callbacks::on_close);
    nghttp2_session_callbacks_set_error_callback2(made, &Callbacks::on_error);
    nghttp2_session* session = nullptr;
    if (nghttp2_session_client_new(&session, made, this) != 0)
        throw std::bad_alloc();
    m_session.reset(session);
    const std::array<nghttp2_settings_entry, 2> settings{
        {{NGHTTP2_SETTINGS_ENABLE_PUSH, 0}, {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, max_fields}}};
    nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, settings.data(), settings.size());
}

Http2Session::~Http2Session() = default;

bool Http2Session::may_submit() const
{
    return alive() && nghttp2_session_check_request_allowed(m_session.get()) != 0;
}

bool Http2Session::submit(Request request)
{
    std::vector<nghttp2_nv> fields;
    fields.reserve(request.fields.size());
    for (const auto& one : request.fields)
        fields.push_back(field(one));
    m_call = std::make_unique<Call>();
    m_call->body = std::move(request.body);
    nghttp2_data_provider body{};
    body.read_callback = &Callbacks::read_body;
    m_call->id = nghttp2_submit_request(m_session.get(), nullptr, fields.data(), fields.size(), &body, nullptr);
    if (m_call->id < 0)
        m_call.reset();
    return m_call != nullptr;
}

bool Http2Session::ended() const
{
    return m_call != nullptr && m_call->ended;
}

Http2Session::Reply Http2Session::take()
{
    if (!m_call)
        return {};
    // A server may answer before it has read everything; the rest is not worth sending.
    if (!m_call->closed && m_call->reply.fault.empty())
        nghttp2_submit_rst_stream(m_session.get(), NGHTTP2_FLAG_NONE, m_call->id, NGHTTP2_CANCEL);
    auto reply = std::move(m_call->reply);
    m_call.reset();
    return reply;
}

bool Http2Session::receive(std::string_view bytes)
{
    constexpr std::size_t frame_head = 9;
    m_first.append(bytes.substr(0, frame_head - std::min(m_first.size(), frame_head)));
    const auto count =
        nghttp2_session_mem_recv(m_session.get(), reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    if (count < 0 && m_fault.empty())
        m_fault = nghttp2_strerror(static_cast<int>(count));
    return count >= 0 && alive();
}

std::string Http2Session::output(std::size_t limit)
{
    std::string out;
    while (out.size() < limit) {
        const std::uint8_t* bytes = nullptr;
        const auto count = nghttp2_session_mem_send(m_session.get(), &bytes);
        if (count < 0 && m_fault.empty())
            m_fault = nghttp2_strerror(static_cast<int>(count));
        if (count <= 0)
            break;
        out.append(view(bytes, static_cast<std::size_t>(count)));
    }
    return out;
}

bool Http2Session::alive() const
{
    return nghttp2_session_want_read(m_session.get()) != 0 || nghttp2_session_want_write(m_session.get()) != 0;
}

} // namespace tokenscope::otlp
