// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/key_hash.h"
#include "base/sha256.h"

#include <QtTest>

using namespace tokenscope;

/// The digest that client keys are kept as, and what is accepted as one in the configuration.
class TstSha256 : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void known_answers_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("hex");
        // FIPS 180-4's examples.
        QTest::newRow("empty") << QByteArray("")
                               << QByteArray("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        QTest::newRow("abc") << QByteArray("abc")
                             << QByteArray("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        QTest::newRow("two blocks") << QByteArray("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
                                    << QByteArray("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
        QTest::newRow("a million") << QByteArray(1'000'000, 'a')
                                   << QByteArray("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    }

    void known_answers()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, hex);
        const std::string_view view(text.constData(), static_cast<std::size_t>(text.size()));
        QCOMPARE(QByteArray::fromStdString(to_hex(sha256(view))), hex);
        QCOMPARE(QByteArray::fromStdString(hash_key(view)), "sha256:" + hex);
    }

    void digests_differ_in_any_byte()
    {
        const auto digest = sha256("abc");
        QVERIFY(same_digest(digest, sha256("abc")));
        for (std::size_t i = 0; i < digest.size(); ++i) {
            auto other = digest;
            other[i] ^= 0x80;
            QVERIFY(!same_digest(digest, other));
        }
    }

    void hash_texts_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("valid");
        const QByteArray hex = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        QTest::newRow("as written") << "sha256:" + hex << true;
        QTest::newRow("upper-case digits") << "sha256:" + hex.toUpper() << true;
        QTest::newRow("empty") << QByteArray() << false;
        QTest::newRow("prefix alone") << QByteArray("sha256:") << false;
        QTest::newRow("half a prefix") << QByteArray("sha") << false;
        QTest::newRow("no prefix") << hex << false;
        QTest::newRow("another digest") << "sha512:" + hex << false;
        QTest::newRow("a digit short") << "sha256:" + hex.left(63) << false;
        QTest::newRow("a digit long") << "sha256:" + hex + "0" << false;
        QTest::newRow("not hex") << "sha256:" + hex.left(63) + "g" << false;
        QTest::newRow("signs are no digits") << "sha256:" + hex.left(62) + "-1" << false;
        QTest::newRow("trailing line end") << "sha256:" + hex + "\n" << false;
        QTest::newRow("a key in its place") << QByteArray("sk-plain-secret-key-0123456789") << false;
        QTest::newRow("hash of nothing") << QByteArray::fromStdString(hash_key("")) << false;
    }

    void hash_texts()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, valid);
        const auto parsed = parse_key_hash(text.toStdString());
        QCOMPARE(parsed.has_value(), valid);
        if (valid) {
            QVERIFY(same_digest(*parsed, sha256("abc")));
            return;
        }
        QCOMPARE(parsed.error().code, ErrorCode::config);
        // It may be a key that somebody put there.
        QVERIFY(text.size() < 8 || parsed.error().message.find(text.toStdString()) == std::string::npos);
    }

    void keys_that_clients_can_send_data()
    {
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<bool>("usable");
        QTest::newRow("usual") << QByteArray("sk-ts-0123456789abcdef") << true;
        QTest::newRow("longest") << QByteArray(1024, 'k') << true;
        QTest::newRow("empty") << QByteArray() << false;
        QTest::newRow("short") << QByteArray("secret") << false;
        QTest::newRow("too long") << QByteArray(1025, 'k') << false;
        QTest::newRow("line end of echo") << QByteArray("sk-ts-0123456789abcdef\n") << false;
        QTest::newRow("space") << QByteArray("sk-ts-01234567 9abcdef") << false;
        QTest::newRow("not ASCII") << QByteArray("schl\xc3\xbcssel-0123456789") << false;
        QTest::newRow("nul") << QByteArray("sk-ts-0123456789\0bcdef", 22) << false;
    }

    void keys_that_clients_can_send()
    {
        QFETCH(QByteArray, key);
        QFETCH(bool, usable);
        const auto checked = check_key(key.toStdString());
        QCOMPARE(checked.has_value(), usable);
        if (!usable && !key.isEmpty())
            QVERIFY(checked.error().message.find(key.toStdString()) == std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TstSha256)
#include "tst_sha256.moc"
