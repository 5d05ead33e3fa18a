// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboards/dashboard_json.h"
#include "base/json_text.h"
#include "dashboards/library.h"
#include "dashboards/names.h"

#include <nlohmann/json.hpp>

#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <sys/resource.h>
#include <sys/stat.h>

using namespace tokenscope;
using namespace tokenscope::dashboards;

namespace fs = std::filesystem;

namespace {

const char* const small = R"({"version": 1, "title": "Mine", "rows": [{"panels": [
  {"id": "p", "title": "P", "queries": [{"query": {"metric": "m"}}]}]}]})";

std::string text_of(const fs::path& file)
{
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    return text.str();
}

void put(const fs::path& file, std::string_view text)
{
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
}

/// Files may grow to so many bytes, as if the disk were full after that.
class FullDisk {
public:
    explicit FullDisk(rlim_t bytes)
    {
        m_handler = std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &m_before);
        const rlimit limit{bytes, m_before.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FullDisk()
    {
        ::setrlimit(RLIMIT_FSIZE, &m_before);
        std::signal(SIGXFSZ, m_handler);
    }

private:
    rlimit m_before{};
    void (*m_handler)(int) = nullptr;
};

std::size_t files_in(const fs::path& folder)
{
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

} // namespace

class TestDashboardLibrary : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void shippedOnly();
    void userShadowsShipped();
    void usersOwn();
    void brokenFilesAreTold();
    void oddThingsInTheFolder();
    void saveRefusesWhatCannotBeRead();
    void saveKeepsABrokenFile();
    void saveDropsNeedsNobodyReads();
    void saveThroughALink();
    void fullDiskLosesNothing();
    void folderThatCannotBe();
    void removeErrors();
    void importing();
    void importingHostileText();
    void importedNames_data();
    void importedNames();
    void duplicates();
    void exporting();

private:
    fs::path folder() const { return fs::path(m_directory->path().toStdString()) / "dash" / "boards"; }
    Dashboard mine(const std::string& id) const
    {
        auto dashboard = parse_dashboard(small, id);
        return *dashboard;
    }

    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<Library> m_library;
};

void TestDashboardLibrary::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    QVERIFY(m_directory->isValid());
    m_library = std::make_unique<Library>(folder());
    m_library->load();
}

void TestDashboardLibrary::shippedOnly()
{
    QVERIFY2(m_library->problems().empty(), m_library->problems().empty() ? "" : m_library->problems().front().c_str());
    QCOMPARE(m_library->all().size(), shipped_files().size());
    QCOMPARE(m_library->all().front().id, std::string("overview"));
    QVERIFY(std::ranges::all_of(m_library->all(), &Dashboard::shipped));
    QVERIFY(m_library->find("vllm"));
    QVERIFY(!m_library->find("nothing"));
    QVERIFY(!m_library->shadows("vllm"));
    QVERIFY2(!fs::exists(folder()), "looking makes no folder");
}

void TestDashboardLibrary::userShadowsShipped()
{
    auto changed = *m_library->find("vllm");
    changed.title = "Our vLLM";
    const auto saved = m_library->save(changed);
    QVERIFY2(saved, saved ? "" : saved.error().message.c_str());
    QCOMPARE(m_library->all().size(), shipped_files().size());
    QCOMPARE(m_library->find("vllm")->title, std::string("Our vLLM"));
    QVERIFY(!m_library->find("vllm")->shipped);
    QVERIFY(m_library->shadows("vllm"));
    QVERIFY(!m_library->shadows("sglang"));
    QCOMPARE(files_in(folder()), std::size_t(1));

    Library again(folder());
    again.load();
    QCOMPARE(again.find("vllm")->title, std::string("Our vLLM"));
    // It stays where the shipped one is offered.
    QCOMPARE(again.find("vllm") - again.all().data(), m_library->find("vllm") - m_library->all().data());

    QVERIFY(again.remove("vllm"));
    QCOMPARE(again.find("vllm")->title, std::string("vLLM"));
    QVERIFY(again.find("vllm")->shipped);
    QVERIFY(!fs::exists(folder() / "vllm.json"));
}

void TestDashboardLibrary::usersOwn()
{
    QVERIFY(m_library->save(mine("zeta")));
    QVERIFY(m_library->save(mine("alpha")));
    QCOMPARE(m_library->all().size(), shipped_files().size() + 2);
    QCOMPARE(m_library->all()[shipped_files().size()].id, std::string("alpha"));
    QVERIFY(!m_library->shadows("alpha"));
    QVERIFY(m_library->remove("alpha"));
    QVERIFY(!m_library->find("alpha"));
}

void TestDashboardLibrary::brokenFilesAreTold()
{
    put(folder() / "vllm.json", "{\"version\": 1,");
    put(folder() / "future.json", R"({"version": 99, "title": "x", "rows": []})");
    put(folder() / "mine.json", small);
    m_library->load();
    QCOMPARE(m_library->problems().size(), std::size_t(2));
    QVERIFY(m_library->problems()[0].find((folder() / "future.json").string()) == 0);
    QVERIFY(m_library->problems()[0].find("/version: ") != std::string::npos);
    QVERIFY(m_library->problems()[1].find("line 1") != std::string::npos);
    QVERIFY2(m_library->find("vllm")->shipped, "the shipped one is shown in place of the broken one");
    QVERIFY(m_library->find("mine"));
    QCOMPARE(text_of(folder() / "vllm.json"), std::string("{\"version\": 1,"));
}

void TestDashboardLibrary::oddThingsInTheFolder()
{
    put(folder() / "My Board.json", small);
    put(folder() / "notes.txt", "no dashboard");
    put(folder() / ".hidden.json", "{");
    put(folder() / "mine.json~", "{");
    put(folder() / "large.json", std::string(max_file_bytes + 1, ' '));
    fs::create_directory(folder() / "folder.json");
    QCOMPARE(::mkfifo((folder() / "pipe.json").c_str(), 0600), 0);
    fs::create_symlink("nowhere", folder() / "link.json");
    m_library->load();
    QCOMPARE(m_library->all().size(), shipped_files().size());
    std::string told;
    for (const auto& problem : m_library->problems())
        told += problem + "\n";
    QCOMPARE(m_library->problems().size(), std::size_t(5));
    for (const auto* const part :
         {"My Board.json: the name is no dashboard's; rename it to my-board.json", "large.json: The file is larger",
          "folder.json: It is not a file", "pipe.json: It is not a file", "link.json: The file cannot be opened"})
        QVERIFY2(told.find(part) != std::string::npos, told.c_str());
}

void TestDashboardLibrary::saveRefusesWhatCannotBeRead()
{
    auto dashboard = mine("../escape");
    QVERIFY(!m_library->save(dashboard));
    dashboard.id = "";
    QVERIFY(!m_library->save(dashboard));
    dashboard.id = "mine";
    dashboard.rows[0].panels[0].width = 13;
    auto saved = m_library->save(dashboard);
    QVERIFY(!saved);
    QCOMPARE(saved.error().param, std::string("/rows/0/panels/0/width"));
    dashboard.rows[0].panels[0].width = 12;
    dashboard.rows[0].panels[0].queries[0].alternatives[0].where["a"] = "$nobody";
    QVERIFY(!m_library->save(dashboard));
    QVERIFY(!fs::exists(folder()));
}

void TestDashboardLibrary::saveKeepsABrokenFile()
{
    put(folder() / "mine.json", "{broken");
    m_library->load();
    QVERIFY(m_library->save(mine("mine")));
    QVERIFY(m_library->find("mine"));
    QVERIFY(m_library->problems().empty());
    QCOMPARE(text_of(folder() / "mine.json.broken"), std::string("{broken"));
    put(folder() / "mine.json", "{broken again");
    QVERIFY(m_library->save(mine("mine")));
    QCOMPARE(text_of(folder() / "mine.json.broken"), std::string("{broken"));
    QCOMPARE(text_of(folder() / "mine.json.broken2"), std::string("{broken again"));
}

void TestDashboardLibrary::saveDropsNeedsNobodyReads()
{
    auto dashboard = mine("mine");
    dashboard.needs = {"gone", "m"};
    QVERIFY(m_library->save(dashboard));
    QCOMPARE(m_library->find("mine")->needs, std::vector<std::string>{"m"});
}

void TestDashboardLibrary::saveThroughALink()
{
    const auto real = fs::path(m_directory->path().toStdString()) / "dotfiles" / "board.json";
    put(real, small);
    fs::create_directories(folder());
    fs::create_symlink(real, folder() / "mine.json");
    auto dashboard = mine("mine");
    dashboard.title = "Changed";
    QVERIFY(m_library->save(dashboard));
    QVERIFY(fs::is_symlink(folder() / "mine.json"));
    QVERIFY(text_of(real).find("Changed") != std::string::npos);
}

void TestDashboardLibrary::fullDiskLosesNothing()
{
    QVERIFY(m_library->save(mine("mine")));
    const auto before = text_of(folder() / "mine.json");
    auto changed = mine("mine");
    changed.title = "Changed";
    {
        const FullDisk full(100);
        const auto saved = m_library->save(changed);
        QVERIFY(!saved);
        QCOMPARE(saved.error().code, ErrorCode::internal);
        QVERIFY2(saved.error().message.find("mine.json could not be written") != std::string::npos,
                 saved.error().message.c_str());
        QVERIFY(!saved.error().detail.empty());
        QVERIFY(!m_library->import(small, "other"));
        QVERIFY(!m_library->duplicate("vllm"));
    }
    QCOMPARE(text_of(folder() / "mine.json"), before);
    QCOMPARE(files_in(folder()), std::size_t(1));
    QCOMPARE(m_library->find("mine")->title, std::string("Mine"));
    QVERIFY(m_library->save(changed));
    QCOMPARE(m_library->find("mine")->title, std::string("Changed"));
}

void TestDashboardLibrary::folderThatCannotBe()
{
    const auto file = fs::path(m_directory->path().toStdString()) / "file";
    put(file, "x");
    Library library(file / "boards");
    library.load();
    QCOMPARE(library.all().size(), shipped_files().size());
    const auto saved = library.save(mine("mine"));
    QVERIFY(!saved);
    QCOMPARE(saved.error().code, ErrorCode::internal);
    QVERIFY(!library.find("mine"));
}

void TestDashboardLibrary::removeErrors()
{
    QVERIFY(!m_library->remove("nothing"));
    const auto removed = m_library->remove("vllm");
    QVERIFY(!removed);
    QVERIFY(removed.error().message.find("shipped") != std::string::npos);
}

void TestDashboardLibrary::importing()
{
    QCOMPARE(m_library->import(small, "/home/me/My Board.json").value(), std::string("my-board"));
    QCOMPARE(m_library->import(small, "My Board.json").value(), std::string("my-board-2"));
    QCOMPARE(m_library->import(small, "vllm.json").value(), std::string("vllm-2"));
    QVERIFY(m_library->find("vllm")->shipped);
    QCOMPARE(m_library->find("my-board-2")->title, std::string("Mine"));
    // A file that cannot be read has its name all the same.
    put(folder() / "taken.json", "{");
    QCOMPARE(m_library->import(small, "taken").value(), std::string("taken-2"));
    QCOMPARE(text_of(folder() / "taken.json"), std::string("{"));
}

void TestDashboardLibrary::importingHostileText()
{
    for (const auto& text : {std::string(), std::string("{}"), std::string(1'000'000, '['),
                             std::string(max_file_bytes + 1, 'x'), std::string("\xff\xfe{\0}", 5)})
        QVERIFY(!m_library->import(text, "x"));
    QVERIFY(!fs::exists(folder()));
    QCOMPARE(m_library->all().size(), shipped_files().size());
}

void TestDashboardLibrary::importedNames_data()
{
    QTest::addColumn<QString>("name");
    for (const auto* const name :
         {"", "..", "../../etc/passwd", "C:\\x\\board.json", "a/b/", ".json", "日本", "  ", "CON.JSON"})
        QTest::newRow(name) << QString::fromUtf8(name);
    QTest::newRow("long") << QString(500, QLatin1Char('a'));
    QTest::newRow("NUL") << QString::fromUtf8("a\0b", 3);
}

void TestDashboardLibrary::importedNames()
{
    QFETCH(QString, name);
    for (int i = 0; i < 3; ++i) {
        const auto id = m_library->import(small, name.toStdString());
        QVERIFY2(id, id ? "" : id.error().message.c_str());
        QVERIFY2(is_id(*id), id->c_str());
        QVERIFY(fs::is_regular_file(folder() / (*id + ".json")));
    }
    QCOMPARE(files_in(folder()), std::size_t(3));
}

void TestDashboardLibrary::duplicates()
{
    const auto id = m_library->duplicate("vllm");
    QVERIFY2(id, id ? "" : id.error().message.c_str());
    QCOMPARE(*id, std::string("vllm-copy"));
    QCOMPARE(m_library->find(*id)->title, std::string("vLLM (copy)"));
    QVERIFY(!m_library->find(*id)->shipped);
    QCOMPARE(m_library->duplicate("vllm").value(), std::string("vllm-copy-2"));
    QVERIFY(!m_library->duplicate("nothing"));
}

void TestDashboardLibrary::exporting()
{
    for (const auto& dashboard : m_library->all()) {
        const auto text = m_library->export_json(dashboard.id);
        QVERIFY(text);
        const auto read = parse_dashboard(*text, dashboard.id);
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QCOMPARE(to_json(*read).dump(), to_json(dashboard).dump());
    }
    QVERIFY(!m_library->export_json("nothing"));
    QVERIFY(m_library->save(mine("mine")));
    QCOMPARE(m_library->export_json("mine").value(), text_of(folder() / "mine.json"));
}

QTEST_APPLESS_MAIN(TestDashboardLibrary)
#include "tst_dashboard_library.moc"
