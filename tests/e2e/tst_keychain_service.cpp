// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>

namespace {

struct Outcome {
    int code = -1;
    QByteArray out;
    QByteArray err;
};

} // namespace

/// Secrets in a real keychain service, on a D-Bus and in a home of its own.
class TstKeychainService : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void stores_and_finds_a_secret();
    void a_locked_keychain_is_an_error();
    void no_keychain_made_yet();
    void no_service_at_all();

private:
    /// Runs `script` in a session with a D-Bus, "$G" being the gateway and "$C" a configuration that needs the entry "key".
    Outcome run(const char* script);
    /// Starts a keyring that is unlocked, and ends it with the session.
    static constexpr const char* unlock = "printf pw | gnome-keyring-daemon --foreground --unlock --components=secrets "
                                          ">/dev/null 2>&1 & keyring=$!; trap 'kill $keyring' EXIT\n"
                                          "until dbus-send --session --print-reply --dest=org.freedesktop.DBus / "
                                          "org.freedesktop.DBus.GetNameOwner string:org.freedesktop.secrets "
                                          ">/dev/null 2>&1; do kill -0 $keyring || exit 99; done\n";
    static constexpr const char* lock =
        "dbus-send --session --print-reply --dest=org.freedesktop.secrets /org/freedesktop/secrets "
        "org.freedesktop.Secret.Service.Lock array:objpath:/org/freedesktop/secrets/collection/login >/dev/null\n";
};

void TstKeychainService::initTestCase()
{
    QByteArray missing;
    for (const char* program : {"dbus-run-session", "dbus-send", "gnome-keyring-daemon"}) {
        if (QStandardPaths::findExecutable(QString::fromLatin1(program)).isEmpty())
            missing = program;
    }
    if (!missing.isEmpty())
        QSKIP(QByteArray("there is no " + missing + "; ./dev deps test installs it").constData());
}

Outcome TstKeychainService::run(const char* script)
{
    QTemporaryDir home;
    QFile config(home.filePath(QStringLiteral("config.yaml")));
    if (!config.open(QIODevice::WriteOnly))
        return {};
    config.write("providers: [{ name: claude, kind: anthropic, api_key: \"${keychain:key}\" }]\n");
    config.close();
    QDir(home.path())
        .mkdir(QStringLiteral("run"), QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner);
    QProcessEnvironment environment;
    environment.insert(QStringLiteral("PATH"), QString::fromLocal8Bit(qgetenv("PATH")));
    environment.insert(QStringLiteral("HOME"), home.path());
    environment.insert(QStringLiteral("XDG_RUNTIME_DIR"), home.filePath(QStringLiteral("run")));
    environment.insert(QStringLiteral("G"), QString::fromLocal8Bit(qgetenv("TOKENSCOPE_GATEWAY")));
    environment.insert(QStringLiteral("C"), config.fileName());
    for (const char* name : {"ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"}) {
        if (qEnvironmentVariableIsSet(name))
            environment.insert(QString::fromLatin1(name), QString::fromLocal8Bit(qgetenv(name)));
    }
    QProcess process;
    process.setProcessEnvironment(environment);
    process.start(QStringLiteral("dbus-run-session"),
                  {QStringLiteral("--"), QStringLiteral("sh"), QStringLiteral("-c"), QString::fromLatin1(script)});
    process.waitForFinished(60'000);
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardOutput(),
            process.readAllStandardError()};
}

void TstKeychainService::stores_and_finds_a_secret()
{
    const QByteArray script =
        QByteArray(unlock)
        + "$G --check-config --config $C && exit 90\n"
          "printf 'sk-first\\n' | $G --store-key key || exit 91\n"
          "$G --check-config --config $C || exit 92\n"
          // A key of the same name replaces it; a client's key shows that it has.
          "printf sk-second | $G --store-key key || exit 93\n"
          "printf 'auth: { keys: [\"${keychain:key}\"] }' > $C; $G --print-config --config $C || exit 94\n"
          "printf sk-second | $G --hash-key\n";
    const auto outcome = run(script.constData());
    const QByteArray all = outcome.err + outcome.out;
    QVERIFY2(outcome.code == 0, all.constData());
    QVERIFY2(
        outcome.err.contains("config.yaml:1:55: providers[0].api_key: the system keychain has no entry 'key'; store "
                             "it with tokenscope-gateway --store-key key"),
        outcome.err);
    QVERIFY2(outcome.out.contains("stored; use it as \"${keychain:key}\"\n"), outcome.out);
    QVERIFY2(outcome.out.contains("config.yaml is valid.\n"), outcome.out);
    const auto hash = outcome.out.split('\n').at(outcome.out.count('\n') - 1);
    QVERIFY(hash.startsWith("sha256:"));
    QCOMPARE(outcome.out.count(hash), 2);
    QVERIFY(!all.contains("sk-"));
}

void TstKeychainService::a_locked_keychain_is_an_error()
{
    const QByteArray script = QByteArray(unlock) + "printf sk-first | $G --store-key key || exit 91\n" + lock
                              + "$G --check-config --config $C\n";
    const auto outcome = run(script.constData());
    QCOMPARE(outcome.code, 2);
    QVERIFY2(outcome.err.contains("config.yaml:1:55: providers[0].api_key: the system keychain is locked; unlock it"),
             outcome.err);
}

void TstKeychainService::no_keychain_made_yet()
{
    const auto outcome = run("printf sk-first | $G --store-key key; code=$?\n"
                             // The service was started by the D-Bus, in a process that has the home in its environment.
                             "for each in /proc/[0-9]*; do if tr '\\0' '\\n' <$each/environ 2>/dev/null | grep -qx "
                             "\"HOME=$HOME\" && grep -q gnome-keyring $each/comm; then kill ${each#/proc/}; fi; done\n"
                             "exit $code");
    QCOMPARE(outcome.code, 2);
    QVERIFY2(outcome.err.contains("the system has no keychain yet; make one in its password manager"), outcome.err);
}

void TstKeychainService::no_service_at_all()
{
    const auto outcome = run("export DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent\n"
                             "$G --check-config --config $C; echo sk-first | $G --store-key key");
    QCOMPARE(outcome.code, 2);
    QVERIFY2(outcome.err.contains("config.yaml:1:55: providers[0].api_key: no keychain service can be reached ("),
             outcome.err);
    QVERIFY2(outcome.err.contains("\nno keychain service can be reached ("), outcome.err);
}

QTEST_GUILESS_MAIN(TstKeychainService)
#include "tst_keychain_service.moc"
