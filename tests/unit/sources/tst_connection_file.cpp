// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/connection_file.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

#include <fstream>
#include <functional>

using namespace tokenscope;
using namespace tokenscope::sources;
using namespace std::chrono_literals;

namespace {

Connection full()
{
    return {.id = "a1",
            .name = "Prod, „Berlin“",
            .kind = ConnectionKind::page,
            .url = "https://prom.example:9443/metrics?x=1",
            .auth = AuthKind::basic,
            .user = "me",
            .secret = "p\"a\\s\ns",
            .headers = {{"X-Scope-OrgID", "${TENANT}"}, {"X-Other", ""}},
            .ca_file = "/ca.pem",
            .certificate_file = "/c.pem",
            .key_file = "/k.pem",
            .timeout = 1'500ms,
            .interval = 250ms,
            .answer_mib = 512};
}

} // namespace

class TestConnectionFile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_directory = std::make_unique<QTemporaryDir>();
        m_file = m_directory->filePath(QStringLiteral("below/sources.json")).toStdString();
    }

    void roundTrip()
    {
        const std::vector<Connection> connections = {full(), {.id = "b", .name = "plain", .url = "http://h"}};
        QVERIFY(save_connections(m_file, connections));
        QVERIFY(load_connections(m_file) == connections);
        struct stat status = {};
        QCOMPARE(::stat(m_file.c_str(), &status), 0);
        QCOMPARE(status.st_mode & 0777, mode_t(0600));
        // Replaced as a whole, and nothing is left beside it.
        QVERIFY(save_connections(m_file, {}));
        QVERIFY(load_connections(m_file)->empty());
        QCOMPARE(std::distance(std::filesystem::directory_iterator(m_file.parent_path()), {}), 1);
    }

    void aFileThatIsNotThereHoldsNone()
    {
        const auto loaded = load_connections(m_file);
        QVERIFY(loaded && loaded->empty());
    }

    void aLinkStaysOne()
    {
        const auto target = m_directory->filePath(QStringLiteral("real.json")).toStdString();
        QVERIFY(save_connections(target, {}));
        const auto link = m_directory->filePath(QStringLiteral("link.json")).toStdString();
        std::filesystem::create_symlink(target, link);
        QVERIFY(save_connections(link, {full()}));
        QVERIFY(std::filesystem::is_symlink(link));
        QCOMPARE(load_connections(target)->size(), std::size_t{1});
    }

    void aFolderThatCannotBeWrittenIsAnError()
    {
        const auto saved = save_connections("/proc/nothing/sources.json", {});
        QVERIFY(!saved);
        QCOMPARE(saved.error().code, ErrorCode::config);
        QVERIFY(!saved.error().detail.empty());
        QVERIFY(!load_connections("/proc")); // a folder
        const auto fails = m_directory->filePath(QStringLiteral("fails.json")).toStdString();
        std::filesystem::create_symlink("/proc/self/mem", fails); // reading it is an error
        QVERIFY(!load_connections(fails));
        const auto huge = m_directory->filePath(QStringLiteral("huge.json")).toStdString();
        std::ofstream(huge).close();
        std::filesystem::resize_file(huge, std::uintmax_t{5} << 20);
        QVERIFY(load_connections(huge).error().message.find("larger than 4 MiB") != std::string::npos);
    }

    void wrongFilesAreRefused_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("message");
        const auto row = [](const char* name, const char* text, const char* message) {
            QTest::newRow(name) << QByteArray(text) << QByteArray(message);
        };
        row("empty", "", ", line 1: this is not JSON.");
        row("beyond every number", R"({"version": 1e999, "connections": []})", " cannot be read: move it away.");
        row("not JSON", "{\n \"version\": 1,\n oops", ", line 3: this is not JSON.");
        row("a list", "[]", ", at /version: a version is expected here.");
        row("no version", R"({"connections":[]})", ", at /version: a version is expected here.");
        row("later version", R"({"version":2,"connections":[]})",
            ", at /version: this file was written by another version of Tokenscope: use that one, or move the file "
            "away.");
        row("no list", R"({"version":1})", ", at /connections: a list of connections is expected here.");
        row("unknown key", R"({"version":1,"connections":[],"more":1})",
            ", at /more: this key is not known: remove it, or use the version that wrote the file.");
        row("unknown key of a connection",
            R"({"version":1,"connections":[{"id":"a","name":"n","url":"http://h","colour":1}]})",
            ", at /connections/0/colour: this key is not known: remove it, or use the version that wrote the file.");
        row("wrong type", R"({"version":1,"connections":[{"id":"a","name":5,"url":"http://h"}]})",
            ", at /connections/0/name: a text is expected here.");
        row("wrong kind", R"({"version":1,"connections":[{"id":"a","name":"n","url":"http://h","kind":"graphite"}]})",
            ", at /connections/0/kind: 'graphite' is none of prometheus, page.");
        row("wrong time", R"({"version":1,"connections":[{"id":"a","name":"n","url":"http://h","timeout":"5s"}]})",
            ", at /connections/0/timeout: a whole number of milliseconds is expected here.");
        row("wrong size", R"({"version":1,"connections":[{"id":"a","name":"n","url":"http://h","answer_mib":1.5}]})",
            ", at /connections/0/answer_mib: a whole number is expected here.");
        row("no size", R"({"version":1,"connections":[{"id":"a","name":"n","url":"http://h","answer_mib":0}]})",
            ", at /connections/0/answer_mib: The largest answer must be of 1 to 8192 MiB.");
        row("wrong header", R"({"version":1,"connections":[{"id":"a","name":"n","url":"http://h","headers":{"X":1}}]})",
            ", at /connections/0/headers/X: a text is expected here.");
        row("no id", R"({"version":1,"connections":[{"name":"n","url":"http://h"}]})",
            ", at /connections/0/id: an id is expected here.");
        row("not an object", R"({"version":1,"connections":[null]})",
            ", at /connections/0: an object is expected here.");
        row("same name",
            R"({"version":1,"connections":[{"id":"a","name":"n","url":"http://h"},{"id":"b","name":"n","url":"http://h"}]})",
            ", at /connections/1/name: another connection has this name.");
        row("same id",
            R"({"version":1,"connections":[{"id":"a","name":"n","url":"http://h"},{"id":"a","name":"m","url":"http://h"}]})",
            ", at /connections/1/id: another connection has this id.");
        row("invalid", R"({"version":1,"connections":[{"id":"a","name":"n","url":"http://h","key_file":"/k"}]})",
            ", at /connections/0/certificate_file: Give the certificate that belongs to the key.");
    }
    void wrongFilesAreRefused()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, message);
        const auto path = m_directory->filePath(QStringLiteral("sources.json"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
        file.close();
        const auto loaded = load_connections(path.toStdString());
        QVERIFY(!loaded);
        QCOMPARE(loaded.error().code, ErrorCode::config);
        QCOMPARE(QByteArray::fromStdString(loaded.error().message), path.toUtf8() + message);
    }

    void validates_data()
    {
        QTest::addColumn<int>("row");
        QTest::addColumn<QByteArray>("param");
        const char* params[] = {
            "",        "name",    "url",      "url",        "url",        "url",     "url",     "url",
            "url",     "user",    "user",     "secret",     "headers",    "headers", "headers", "certificate_file",
            "timeout", "timeout", "interval", "answer_mib", "answer_mib", ""};
        for (int i = 0; i < int(std::size(params)); ++i)
            QTest::addRow("%d", i) << i << QByteArray(params[i]);
    }
    void validates()
    {
        QFETCH(int, row);
        QFETCH(QByteArray, param);
        const std::function<void(Connection&)> changes[] = {
            [](auto&) {},
            [](auto& c) { c.name = " \t"; },
            [](auto& c) { c.url = ""; },
            [](auto& c) { c.url = "ftp://host"; },
            [](auto& c) { c.url = "http://user:secret@host"; },
            [](auto& c) { c.url = "http://host/#x"; },
            [](auto& c) { c.url = "http://host:99999"; },
            [](auto& c) { c.url = "http://host/a b"; },
            [](auto& c) { (c.kind = ConnectionKind::prometheus), c.url = "http://host/?q"; },
            [](auto& c) { c.user = ""; },
            [](auto& c) { c.user = "a:b"; },
            [](auto& c) { (c.auth = AuthKind::bearer), c.secret = ""; },
            [](auto& c) {
                c.headers = {{"X Y", "z"}};
            },
            [](auto& c) {
                c.headers = {{"X", "a\r\nEvil: 1"}};
            },
            [](auto& c) {
                c.headers = {{"host", "evil"}};
            },
            [](auto& c) { c.certificate_file = ""; },
            [](auto& c) { c.timeout = 0ms; },
            [](auto& c) { c.timeout = 2h; },
            [](auto& c) { c.interval = -1ms; },
            [](auto& c) { c.answer_mib = 0; },
            [](auto& c) { c.answer_mib = 8'193; },
            [](auto& c) { c.answer_mib = 8'192; },
        };
        auto connection = full();
        changes[row](connection);
        const auto error = validate(connection);
        QCOMPARE(error ? QByteArray::fromStdString(error->param) : QByteArray(), param);
        QVERIFY(!error || (error->message.ends_with('.') && error->message.find("secret") == std::string::npos));
    }

private:
    std::unique_ptr<QTemporaryDir> m_directory;
    std::filesystem::path m_file;
};

QTEST_APPLESS_MAIN(TestConnectionFile)
#include "tst_connection_file.moc"
