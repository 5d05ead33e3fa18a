// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/secret_service.h"

#include <fmt/format.h>

#include <dlfcn.h>
#include <libsecret/secret.h>

#include <chrono>
#include <functional>
#include <thread>
#include <utility>

namespace tokenscope::config {
namespace {

const SecretSchema schema = {
    "org.tokenscope.Secret",
    SECRET_SCHEMA_NONE,
    {{"name", SECRET_SCHEMA_ATTRIBUTE_STRING}, {nullptr, SECRET_SCHEMA_ATTRIBUTE_STRING}},
    0,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
};

/// For how long a service that was told to stop may take to say that it has.
constexpr std::chrono::milliseconds patience{1'000};

template <typename T>
using Owned = std::unique_ptr<T, std::function<void(T*)>>;

tl::unexpected<Error> stopped()
{
    return failure(ErrorCode::config, "the system keychain was no longer waited for");
}

tl::unexpected<Error> locked()
{
    return failure(ErrorCode::config,
                   "the system keychain is locked; unlock it, by logging in to the desktop or in its "
                   "password manager, and try again");
}

} // namespace

/// The functions of libsecret, and of the libraries below it, that are used here. All are there or none.
struct SecretServiceKeychain::Api {
    decltype(&secret_service_get_sync) connect = nullptr;
    decltype(&secret_service_disconnect) disconnect = nullptr;
    decltype(&secret_service_search_sync) search = nullptr;
    decltype(&secret_service_get) connect_async = nullptr;
    decltype(&secret_service_get_finish) connect_finish = nullptr;
    decltype(&secret_service_store) store = nullptr;
    decltype(&secret_service_store_finish) store_finish = nullptr;
    decltype(&secret_item_get_locked) item_locked = nullptr;
    decltype(&secret_item_get_secret) item_secret = nullptr;
    decltype(&secret_value_new) value_new = nullptr;
    decltype(&secret_value_get) value_get = nullptr;
    decltype(&secret_value_unref) value_unref = nullptr;
    decltype(&secret_error_get_quark) secret_error = nullptr;
    decltype(&g_dbus_error_quark) dbus_error = nullptr;
    decltype(&g_hash_table_new) table_new = nullptr;
    decltype(&g_hash_table_insert) table_insert = nullptr;
    decltype(&g_hash_table_unref) table_unref = nullptr;
    decltype(&g_str_hash) str_hash = nullptr;
    decltype(&g_str_equal) str_equal = nullptr;
    decltype(&g_list_free) list_free = nullptr;
    decltype(&g_cancellable_new) cancellable_new = nullptr;
    decltype(&g_cancellable_cancel) cancellable_cancel = nullptr;
    decltype(&g_main_context_new) context_new = nullptr;
    decltype(&g_main_context_unref) context_unref = nullptr;
    decltype(&g_main_context_push_thread_default) context_push = nullptr;
    decltype(&g_main_context_pop_thread_default) context_pop = nullptr;
    decltype(&g_main_context_iteration) context_iteration = nullptr;
    decltype(&g_main_context_wakeup) context_wakeup = nullptr;
    decltype(&g_object_ref) object_ref = nullptr;
    decltype(&g_object_unref) object_unref = nullptr;
    decltype(&g_error_free) error_free = nullptr;

    bool load();

    /// A connection to the service, made anew each time: it may have been restarted since.
    Result<Owned<SecretService>> service() const;
    tl::unexpected<Error> unreachable(GError* error) const;
    Owned<GHashTable> attributes(const std::string& name) const;
    tl::unexpected<Error> failed(GError* error) const;
};

bool SecretServiceKeychain::Api::load()
{
    // Never unloaded: GLib cannot be.
    void* library = dlopen("libsecret-1.so.0", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (!library)
        return false;
    const auto resolve = [library](auto& function, const char* name) {
        function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(dlsym(library, name));
        return function != nullptr;
    };
    const bool complete =
        resolve(connect, "secret_service_get_sync") && resolve(disconnect, "secret_service_disconnect")
        && resolve(search, "secret_service_search_sync") && resolve(store, "secret_service_store")
        && resolve(store_finish, "secret_service_store_finish") && resolve(connect_async, "secret_service_get")
        && resolve(connect_finish, "secret_service_get_finish") && resolve(item_locked, "secret_item_get_locked")
        && resolve(item_secret, "secret_item_get_secret") && resolve(value_new, "secret_value_new")
        && resolve(value_get, "secret_value_get") && resolve(value_unref, "secret_value_unref")
        && resolve(secret_error, "secret_error_get_quark") && resolve(dbus_error, "g_dbus_error_quark")
        && resolve(table_new, "g_hash_table_new") && resolve(table_insert, "g_hash_table_insert")
        && resolve(table_unref, "g_hash_table_unref") && resolve(str_hash, "g_str_hash")
        && resolve(str_equal, "g_str_equal") && resolve(list_free, "g_list_free")
        && resolve(cancellable_new, "g_cancellable_new") && resolve(cancellable_cancel, "g_cancellable_cancel")
        && resolve(context_new, "g_main_context_new") && resolve(context_unref, "g_main_context_unref")
        && resolve(context_push, "g_main_context_push_thread_default")
        && resolve(context_pop, "g_main_context_pop_thread_default")
        && resolve(context_iteration, "g_main_context_iteration") && resolve(context_wakeup, "g_main_context_wakeup")
        && resolve(object_ref, "g_object_ref") && resolve(object_unref, "g_object_unref")
        && resolve(error_free, "g_error_free");
    dlclose(library);
    return complete;
}

/// Takes the error over.
tl::unexpected<Error> SecretServiceKeychain::Api::failed(GError* error) const
{
    if (!error) // an unlocking that the user, or the lack of a window to ask in, ended
        return locked();
    const Owned<GError> owner(error, error_free);
    if (error->domain == secret_error() && error->code == SECRET_ERROR_IS_LOCKED)
        return locked();
    const bool no_collection = error->domain == secret_error() && error->code == SECRET_ERROR_NO_SUCH_OBJECT;
    const bool no_object =
        error->domain == dbus_error()
        && (error->code == G_DBUS_ERROR_UNKNOWN_OBJECT || error->code == G_DBUS_ERROR_UNKNOWN_METHOD);
    if (no_collection || no_object)
        return failure(ErrorCode::config,
                       "the system has no keychain yet; make one in its password manager, or log in to "
                       "the desktop once");
    return failure(ErrorCode::config, fmt::format("the system keychain failed: {}", error->message));
}

Result<Owned<SecretService>> SecretServiceKeychain::Api::service() const
{
    disconnect();
    GError* error = nullptr;
    auto* service = connect(SECRET_SERVICE_OPEN_SESSION, nullptr, &error);
    if (!service)
        return unreachable(error);
    return Owned<SecretService>(service, object_unref);
}

/// Takes the error over.
tl::unexpected<Error> SecretServiceKeychain::Api::unreachable(GError* error) const
{
    const Owned<GError> owner(error, error_free);
    return failure(ErrorCode::config,
                   fmt::format("no keychain service can be reached ({}); start one, such as GNOME Keyring or "
                               "KeePassXC, or use an environment variable",
                               error->message));
}

/// Refers to `name`.
Owned<GHashTable> SecretServiceKeychain::Api::attributes(const std::string& name) const
{
    Owned<GHashTable> table(table_new(str_hash, str_equal), table_unref);
    table_insert(table.get(), const_cast<char*>("name"), const_cast<char*>(name.c_str()));
    return table;
}

/// Calls that can be stopped, on this thread, with events of their own. What a service has not answered by the end of this is
/// never heard of again: these events are not waited for any more.
class SecretServiceKeychain::Call {
public:
    Call(const Api& lib, const CancelToken& cancel)
        : m_lib(lib), m_cancel(cancel), m_context(lib.context_new(), lib.context_unref),
          m_cancellable(lib.cancellable_new(), lib.object_unref)
    {
        lib.context_push(m_context.get());
    }
    ~Call()
    {
        // libsecret keeps the connection, whose events are those of this call: later nobody would see to them.
        m_lib.disconnect();
        // What GLib puts off, such as freeing what a subscription held.
        for (int i = 0; i < 100 && m_lib.context_iteration(m_context.get(), FALSE) != FALSE; ++i) {}
        m_lib.context_pop(m_context.get());
    }
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

    GCancellable* cancellable() const { return m_cancellable.get(); }

    static void answered(GObject*, GAsyncResult* result, gpointer self)
    {
        auto& call = *static_cast<Call*>(self);
        call.m_answer.reset(static_cast<GAsyncResult*>(call.m_lib.object_ref(result)));
    }
    /// What the call under way was answered; null: it was stopped, and the service did not even answer that.
    Owned<GAsyncResult> wait()
    {
        const auto wake = m_cancel.on_cancel([this] { m_lib.context_wakeup(m_context.get()); });
        std::chrono::steady_clock::time_point end;
        bool told = false;
        while (!m_answer) {
            if (m_cancel.cancelled() && !std::exchange(told, true)) {
                m_lib.cancellable_cancel(
                    m_cancellable.get()); // libsecret dismisses its prompt, and waits for the service
                end = std::chrono::steady_clock::now() + patience;
            }
            if (told && std::chrono::steady_clock::now() > end)
                break;
            if (m_lib.context_iteration(m_context.get(), told ? FALSE : TRUE) == FALSE && told)
                std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        return std::exchange(m_answer, Owned<GAsyncResult>(nullptr, m_lib.object_unref));
    }

private:
    const Api& m_lib;
    const CancelToken& m_cancel;
    Owned<GMainContext> m_context;
    Owned<GCancellable> m_cancellable;
    Owned<GAsyncResult> m_answer{nullptr, m_lib.object_unref};
};

SecretServiceKeychain::SecretServiceKeychain() = default;
SecretServiceKeychain::~SecretServiceKeychain() = default;

Result<const SecretServiceKeychain::Api*> SecretServiceKeychain::api()
{
    if (m_api)
        return m_api.get();
    auto loaded = std::make_unique<Api>();
    if (!loaded->load())
        return failure(ErrorCode::config, "the system keychain needs libsecret, which is not installed (on Debian: "
                                          "libsecret-1-0)");
    m_api = std::move(loaded);
    return m_api.get();
}

Result<std::optional<std::string>> SecretServiceKeychain::lookup(const std::string& name)
{
    const auto loaded = api();
    if (!loaded)
        return tl::make_unexpected(loaded.error());
    const Api& lib = **loaded;
    const auto service = lib.service();
    if (!service)
        return tl::make_unexpected(service.error());
    const auto wanted = lib.attributes(name);
    GError* error = nullptr;
    constexpr auto flags = static_cast<SecretSearchFlags>(SECRET_SEARCH_ALL | SECRET_SEARCH_LOAD_SECRETS);
    const Owned<GList> items(lib.search(service->get(), &schema, wanted.get(), flags, nullptr, &error), lib.list_free);
    if (error)
        return lib.failed(error);
    std::optional<std::string> found;
    bool any_locked = false;
    for (const GList* each = items.get(); each; each = each->next) {
        auto* item = static_cast<SecretItem*>(each->data);
        any_locked = any_locked || lib.item_locked(item) != FALSE;
        if (SecretValue* value = found ? nullptr : lib.item_secret(item)) {
            gsize size = 0;
            const char* text = lib.value_get(value, &size);
            found.emplace(text, size);
            lib.value_unref(value);
        }
        lib.object_unref(item);
    }
    if (!found && any_locked)
        return locked();
    return found;
}

Result<void> SecretServiceKeychain::store(const std::string& name, const std::string& secret, const CancelToken& cancel)
{
    const auto loaded = api();
    if (!loaded)
        return tl::make_unexpected(loaded.error());
    if (cancel.cancelled())
        return stopped();
    const Api& lib = **loaded;
    lib.disconnect();
    Call call(lib, cancel);
    GError* error = nullptr;
    lib.connect_async(SECRET_SERVICE_OPEN_SESSION, call.cancellable(), &Call::answered, &call);
    auto answer = call.wait();
    const Owned<SecretService> service(answer ? lib.connect_finish(answer.get(), &error) : nullptr, lib.object_unref);
    if (!service) {
        const Owned<GError> unwanted(cancel.cancelled() ? error : nullptr, lib.error_free);
        return cancel.cancelled() ? stopped() : lib.unreachable(error);
    }
    const auto wanted = lib.attributes(name);
    auto* value = lib.value_new(secret.data(), static_cast<gssize>(secret.size()), "text/plain");
    lib.store(service.get(), &schema, wanted.get(), SECRET_COLLECTION_DEFAULT,
              fmt::format("Tokenscope: {}", name).c_str(), value, call.cancellable(), &Call::answered, &call);
    lib.value_unref(value);
    answer = call.wait();
    if (answer && lib.store_finish(service.get(), answer.get(), &error) != FALSE)
        return {};
    if (!cancel.cancelled())
        return lib.failed(error);
    const Owned<GError> unwanted(error, lib.error_free);
    return stopped();
}

} // namespace tokenscope::config
