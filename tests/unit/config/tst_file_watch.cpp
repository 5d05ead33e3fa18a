// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/file_watch.h"
#include "unit/config/config_support.h"

#include <QtTest>

#include <QTemporaryDir>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <thread>
#include <unistd.h>

using namespace tokenscope;
using namespace tokenscope::config;
using namespace tokenscope::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

void write(const fs::path& file, const std::string& text)
{
    std::ofstream(file, std::ios::binary) << text;
}

std::string read(const fs::path& file)
{
    std::ifstream stream(file);
    return {std::istreambuf_iterator<char>(stream), {}};
}

/// A folder with a watched file, and what the file said at each call.
class Watched {
public:
    explicit Watched(const fs::path& name = "config.yaml", FileWatch::Options options = {.settle = 20ms},
                     const std::function<void(const fs::path&)>& prepare = {})
        : file(root() / name)
    {
        if (prepare)
            prepare(root());
        else
            write(file, "first");
        auto started = FileWatch::start(
            file,
            [this] {
                const std::scoped_lock lock(m_mutex);
                m_seen.push_back(fs::is_regular_file(file) ? read(file) : "(absent)");
            },
            options);
        if (started)
            watch = std::move(*started);
    }

    fs::path root() const { return fs::path(m_folder.path().toStdString()); }
    std::vector<std::string> seen()
    {
        const std::scoped_lock lock(m_mutex);
        return m_seen;
    }
    std::string last()
    {
        const std::scoped_lock lock(m_mutex);
        return m_seen.empty() ? "(nothing)" : m_seen.back();
    }

private:
    QTemporaryDir m_folder;
    std::mutex m_mutex;
    std::vector<std::string> m_seen;

public:
    const fs::path file;
    std::unique_ptr<FileWatch> watch;
};

using Texts = std::vector<std::string>;

} // namespace

class TestFileWatch : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void written_in_place();
    void replaced_as_editors_do();
    void deleted_and_made_again();
    void made_later_with_its_folders();
    void its_folder_replaced();
    void swapped_as_kubernetes_does();
    void through_links_and_dots();
    void a_link_in_a_circle_and_one_to_nowhere();
    void what_changes_nothing_is_not_told();
    void permissions_lost_and_found();
    void a_burst_is_told_once();
    void an_endless_burst_is_told_all_the_same();
    void a_folder_in_its_place();
    void ends_in_the_middle_of_everything();
};

void TestFileWatch::written_in_place()
{
    Watched watched;
    QVERIFY(watched.watch);
    write(watched.file, "second");
    QTRY_VERIFY((watched.seen() == Texts{"second"}));
    std::ofstream(watched.file, std::ios::app) << " and more";
    QTRY_VERIFY((watched.seen() == Texts{"second", "second and more"}));
}

void TestFileWatch::replaced_as_editors_do()
{
    Watched watched;
    // Vim: the old one aside, a new one in its place, the old one away.
    fs::rename(watched.file, watched.file.string() + "~");
    write(watched.file, "by vim");
    fs::remove(watched.file.string() + "~");
    QTRY_VERIFY((watched.seen() == Texts{"by vim"}));
    // Most others: a new one beside it, then over it; again and again.
    for (const char* text : {"a", "b", "c"}) {
        write(watched.root() / ".config.yaml.tmp", text);
        fs::rename(watched.root() / ".config.yaml.tmp", watched.file);
        QTRY_COMPARE(bytes(watched.last()), QByteArray(text));
    }
    QCOMPARE(watched.seen().size(), std::size_t{4});
}

void TestFileWatch::deleted_and_made_again()
{
    Watched watched;
    fs::remove(watched.file);
    QTRY_VERIFY((watched.seen() == Texts{"(absent)"}));
    write(watched.file, "first");
    QTRY_VERIFY((watched.seen() == Texts{"(absent)", "first"}));
}

void TestFileWatch::made_later_with_its_folders()
{
    Watched watched("a/b/config.yaml", {.settle = 20ms}, [](const auto&) {});
    QVERIFY(watched.watch);
    fs::create_directory(watched.root() / "a");
    fs::create_directories(watched.root() / "a/b");
    write(watched.file, "there");
    QTRY_VERIFY((watched.seen() == Texts{"there"}));
    fs::remove_all(watched.root() / "a");
    QTRY_COMPARE(bytes(watched.last()), QByteArray("(absent)"));
    fs::create_directories(watched.root() / "a/b");
    write(watched.file, "again");
    QTRY_COMPARE(bytes(watched.last()), QByteArray("again"));
    write(watched.file, "and written");
    QTRY_COMPARE(bytes(watched.last()), QByteArray("and written"));
}

void TestFileWatch::its_folder_replaced()
{
    Watched watched("a/config.yaml", {.settle = 20ms}, [](const fs::path& root) {
        for (const char* folder : {"a", "b"}) {
            fs::create_directory(root / folder);
            write(root / folder / "config.yaml", folder);
        }
    });
    fs::rename(watched.root() / "a", watched.root() / "old");
    fs::rename(watched.root() / "b", watched.root() / "a");
    QTRY_VERIFY((watched.seen() == Texts{"b"}));
    write(watched.root() / "old/config.yaml", "of no interest");
    write(watched.file, "in the new folder");
    QTRY_COMPARE(bytes(watched.last()), QByteArray("in the new folder"));
    QCOMPARE(watched.seen().size(), std::size_t{2});
}

void TestFileWatch::swapped_as_kubernetes_does()
{
    const auto version = [](const fs::path& root, const std::string& name) {
        fs::create_directory(root / name);
        write(root / name / "config.yaml", name);
        fs::create_symlink(name, root / "..data_tmp");
        fs::rename(root / "..data_tmp", root / "..data");
    };
    Watched watched("config.yaml", {.settle = 20ms}, [&](const fs::path& root) {
        version(root, "..1");
        fs::create_symlink("..data/config.yaml", root / "config.yaml");
    });
    for (const char* name : {"..2", "..3"}) {
        version(watched.root(), name);
        QTRY_COMPARE(bytes(watched.last()), QByteArray(name));
    }
    fs::remove_all(watched.root() / "..1");
    write(watched.root() / "..3/config.yaml", "in the target");
    QTRY_COMPARE(bytes(watched.last()), QByteArray("in the target"));
    QCOMPARE(watched.seen().size(), std::size_t{3});
}

void TestFileWatch::through_links_and_dots()
{
    Watched watched("here/../link/./config.yaml", {.settle = 20ms}, [](const fs::path& root) {
        fs::create_directories(root / "real/deep");
        fs::create_directory(root / "here");
        fs::create_directory_symlink(root / "real", root / "absolute");
        fs::create_directory_symlink("absolute/deep/../deep", root / "link");
        write(root / "real/deep/target.yaml", "first");
        fs::create_symlink("../deep/target.yaml", root / "real/deep/config.yaml");
    });
    write(watched.root() / "real/deep/target.yaml", "second");
    QTRY_COMPARE(bytes(watched.last()), QByteArray("second"));
    fs::create_directories(watched.root() / "other/deep");
    write(watched.root() / "other/deep/config.yaml", "elsewhere");
    fs::create_directory_symlink("other", watched.root() / "new");
    fs::rename(watched.root() / "new", watched.root() / "absolute");
    QTRY_COMPARE(bytes(watched.last()), QByteArray("elsewhere"));
}

void TestFileWatch::a_link_in_a_circle_and_one_to_nowhere()
{
    Watched watched("config.yaml", {.settle = 20ms},
                    [](const fs::path& root) { fs::create_symlink("config.yaml", root / "config.yaml"); });
    QVERIFY(watched.watch);
    fs::remove(watched.file);
    fs::create_symlink("missing/target", watched.file);
    fs::create_directory(watched.root() / "missing");
    write(watched.root() / "missing/target", "found");
    QTRY_COMPARE(bytes(watched.last()), QByteArray("found"));
}

void TestFileWatch::what_changes_nothing_is_not_told()
{
    Watched watched;
    fs::last_write_time(watched.file, fs::file_time_type::clock::now());
    write(watched.file, "first");
    write(watched.root() / "other.yaml", "x");
    write(watched.root() / "config.yaml.tmp", "first");
    fs::rename(watched.root() / "config.yaml.tmp", watched.file);
    write(watched.root() / "other.yaml", "y");
    write(watched.file, "second");
    QTRY_COMPARE(bytes(watched.last()), QByteArray("second"));
    QCOMPARE(watched.seen().size(), std::size_t{1});
}

void TestFileWatch::permissions_lost_and_found()
{
    if (geteuid() == 0)
        QSKIP("root may read everything");
    Watched watched;
    fs::permissions(watched.file, fs::perms::none);
    QTRY_COMPARE(watched.seen().size(), std::size_t{1});
    fs::permissions(watched.file, fs::perms::owner_read | fs::perms::owner_write);
    QTRY_COMPARE(bytes(watched.last()), QByteArray("first"));
}

void TestFileWatch::a_burst_is_told_once()
{
    Watched watched("config.yaml", {.settle = 300ms, .longest_wait = 60s});
    for (int i = 1; i <= 100; ++i) {
        write(watched.root() / "tmp", std::to_string(i));
        fs::rename(watched.root() / "tmp", watched.file);
    }
    QTRY_COMPARE(bytes(watched.last()), QByteArray("100"));
    QCOMPARE(watched.seen().size(), std::size_t{1});
}

void TestFileWatch::an_endless_burst_is_told_all_the_same()
{
    Watched watched("config.yaml", {.settle = 1h, .longest_wait = 50ms});
    std::atomic<bool> enough = false;
    std::thread writer([&] {
        for (int i = 0; !enough; ++i)
            write(watched.file, std::to_string(i));
    });
    const auto end = qScopeGuard([&] {
        enough = true;
        writer.join();
    });
    QTRY_VERIFY_WITH_TIMEOUT(watched.seen().size() >= 3, 30'000);
}

void TestFileWatch::a_folder_in_its_place()
{
    Watched watched;
    fs::remove(watched.file);
    fs::create_directory(watched.file);
    QTRY_COMPARE(watched.seen().size(), std::size_t{1});
    fs::remove(watched.file);
    write(watched.file, ""); // not the same as a folder
    QTRY_COMPARE(watched.seen().size(), std::size_t{2});
}

void TestFileWatch::ends_in_the_middle_of_everything()
{
    for (int i = 0; i < 50; ++i) {
        Watched watched("config.yaml", {.settle = 0ms});
        write(watched.file, "second");
        watched.watch.reset();
        const auto calls = watched.seen().size();
        write(watched.file, "third");
        QCOMPARE(watched.seen().size(), calls);
    }
}

QTEST_GUILESS_MAIN(TestFileWatch)
#include "tst_file_watch.moc"
