// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/file_access.h"

#include <QTemporaryDir>
#include <QTest>

#include <string>
#include <sys/stat.h>

using namespace tokenscope;
namespace fs = std::filesystem;

class TstFileAccess : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    fs::path m_root{m_folder.path().toStdString()};

    static std::string content(const fs::path& file) { return read_whole(file, 1000).value_or("unreadable"); }
    static unsigned mode(const fs::path& file) { return static_cast<unsigned>(fs::status(file).permissions()); }
    /// Temporary files left behind would be among them.
    static std::ptrdiff_t files_in(const fs::path& folder)
    {
        return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
    }

private Q_SLOTS:
    void makes_the_file_and_its_folders()
    {
        const auto file = m_root / "new" / "deeper" / "a.json";
        QVERIFY(write_whole(file, std::string_view("a\0b", 3)));
        QVERIFY(content(file) == std::string("a\0b", 3));
        QCOMPARE(mode(file), 0600U);
        QCOMPARE(files_in(file.parent_path()), 1);
        QVERIFY(write_whole(file, ""));
        QVERIFY(content(file).empty());
    }

    void what_may_hold_secrets_is_its_owners_only()
    {
        const auto file = m_root / "shared.json";
        QVERIFY(write_whole(file, "old"));
        fs::permissions(file, fs::perms{0644});
        QVERIFY(write_whole(file, "new"));
        QCOMPARE(content(file), std::string("new"));
        QCOMPARE(mode(file), 0600U);
    }

    void a_link_stays_one()
    {
        const auto target = m_root / "dotfiles" / "b.json";
        QVERIFY(write_whole(target, "old"));
        fs::create_symlink("dotfiles/b.json", m_root / "b.json");
        QVERIFY(write_whole(m_root / "b.json", "new"));
        QVERIFY(fs::is_symlink(m_root / "b.json"));
        QCOMPARE(content(target), std::string("new"));
    }

    void says_why_it_cannot_and_leaves_all_as_it_was()
    {
        const auto folder = m_root / "a folder";
        fs::create_directories(folder / "inside");
        const auto into_folder = write_whole(folder, "text");
        QVERIFY(!into_folder);
        QCOMPARE(into_folder.error().code, ErrorCode::internal);
        QVERIFY2(into_folder.error().message.starts_with(folder.string() + " could not be written"),
                 into_folder.error().message.c_str());
        QVERIFY(into_folder.error().detail.find("no regular file") != std::string::npos);
        QCOMPARE(files_in(folder), 1);

        const auto file = m_root / "c.json";
        QVERIFY(write_whole(file, "text"));
        QVERIFY(!write_whole(file / "below", "text"));
        QCOMPARE(content(file), std::string("text"));

        fs::create_symlink("circle", m_root / "circle");
        QVERIFY(!write_whole(m_root / "circle", "text"));
    }

    void reads_files_only_and_no_more_than_it_may()
    {
        const auto file = m_root / "d.json";
        QVERIFY(write_whole(file, std::string(100'000, 'x')));
        QCOMPARE(read_whole(file, 100'000).value().size(), std::size_t(100'000));
        const auto too_large = read_whole(file, 99'999);
        QVERIFY(!too_large);
        QCOMPARE(too_large.error().code, ErrorCode::invalid_request);
        QVERIFY(!read_whole(m_root, 1000));
        QVERIFY(!read_whole(m_root / "absent", 1000));
        const auto pipe = m_root / "pipe";
        QCOMPARE(::mkfifo(pipe.c_str(), 0600), 0);
        QVERIFY(!read_whole(pipe, 1000)); // and does not wait for a writer
    }
};

QTEST_GUILESS_MAIN(TstFileAccess)
#include "tst_file_access.moc"
