// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/headers.h"

#include <QtTest>

#include <string>

using namespace tokenscope::net;

class TstHeaders : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void namesAreTheSameWhateverTheirCase()
    {
        QVERIFY(same_header("Content-Type", "content-TYPE"));
        QVERIFY(same_header("", ""));
        QVERIFY(!same_header("content-type", "content-typ"));
        QVERIFY(!same_header("content-type", "content_type"));
        QVERIFY(!same_header("[", "{"));
    }

    /// Every byte at every place of values of all lengths up to where several words are looked at.
    void valuesHaveNoControlCharacters()
    {
        for (std::size_t length = 1; length <= 20; ++length) {
            for (std::size_t at = 0; at < length; ++at) {
                for (int byte = 0; byte < 256; ++byte) {
                    std::string value(length, 'v');
                    value[at] = static_cast<char>(byte);
                    const bool good = byte == '\t' || (byte >= 0x20 && byte != 0x7F);
                    QCOMPARE(is_field_value(value), good);
                    QCOMPARE(is_field_value("\t" + value), good);
                    std::string head;
                    QCOMPARE(append_field(head, "name", value), good);
                    QCOMPARE(head.empty(), !good);
                }
            }
        }
        QVERIFY(is_field_value(""));
        QVERIFY(is_field_value(std::string(64, '\xFF')));
    }

    void namesAreTokens()
    {
        const std::string punctuation = "!#$%&'*+-.^_`|~";
        for (int byte = 0; byte < 256; ++byte) {
            const char c = static_cast<char>(byte);
            const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            QCOMPARE(is_token(std::string("x") + c), letter || punctuation.find(c) != std::string::npos);
        }
        QVERIFY(!is_token(""));
    }
};

QTEST_APPLESS_MAIN(TstHeaders)
#include "tst_headers.moc"
