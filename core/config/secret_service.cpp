// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/secret_service.h"

#include <fmt/format.h>

#include <dlfcn.h>
#include <libsecret/secret.h>

#include <functional>
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

template <typename T>
using Owned = std::unique_ptr<T, std::function<void(T*)>>;

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
    decltype(&secret_service_store_sync) store = nullptr;
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
    decltype(&g_object_unref) object_unref = nullptr;
    decltype(&g_error_free) error_free = nullptr;

    bool load();

    /// A connection to the service, made anew each time: it may have been restarted since.
    Result<Owned<SecretService>> service() const;
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
        && resolve(search, "secret_service_search_sync") && resolve(store, "secret_service_store_sync")
        && resolve(item_locked, "secret_item_get_locked") && resolve(item_secret, "secret_item_get_secret")
        && resolve(value_new, "secret_value_new") && resolve(value_get, "secret_value_get")
        && resolve(value_unref, "secret_value_unref") && resolve(secret_error, "secret_error_get_quark")
        && resolve(dbus_error, "g_dbus_error_quark") && resolve(table_new, "g_hash_table_new")
        && resolve(table_insert, "g_hash_table_insert") && resolve(table_unref, "g_hash_table_unref")
        && resolve(str_hash, "g_str_hash") && resolve(str_equal, "g_str_equal") && resolve(list_free, "g_list_free")
        && resolve(object_unref, "g_object_unref") && resolve(error_free, "g_error_free");
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
    if (!service) {
        const Owned<GError> owner(error, error_free);
        return failure(ErrorCode::config,
                       fmt::format("no keychain service can be reached ({}); start one, such as GNOME Keyring or "
                                   "KeePassXC, or use an environment variable",
                                   error->message));
    }
    return Owned<SecretService>(service, object_unref);
}

/// Refers to `name`.
Owned<GHashTable> SecretServiceKeychain::Api::attributes(const std::string& name) const
{
    Owned<GHashTable> table(table_new(str_hash, str_equal), table_unref);
    table_insert(table.get(), const_cast<char*>("name"), const_cast<char*>(name.c_str()));
    return table;
}

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

Result<void> SecretServiceKeychain::store(const std::string& name, const std::string& secret)
{
    const auto loaded = api();
    if (!loaded)
        return tl::make_unexpected(loaded.error());
    const Api& lib = **loaded;
    const auto service = lib.service();
    if (!service)
        return tl::make_unexpected(service.error());
    const auto wanted = lib.attributes(name);
    auto* value = lib.value_new(secret.data(), static_cast<gssize>(secret.size()), "text/plain");
    GError* error = nullptr;
    const bool stored = lib.store(service->get(), &schema, wanted.get(), SECRET_COLLECTION_DEFAULT,
                                  fmt::format("Tokenscope: {}", name).c_str(), value, nullptr, &error)
                        != FALSE;
    lib.value_unref(value);
    if (!stored)
        return lib.failed(error);
    return {};
}

} // namespace tokenscope::config
