// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "providers/demo/random.h"
#include "providers/demo/tokenizer.h"
#include "providers/demo/utf8.h"

#include <QtTest>

#include <string>
#include <string_view>
#include <vector>

using namespace tokenscope::providers::demo;
using namespace std::string_view_literals;

namespace {

std::vector<std::string> pieces(std::string_view text)
{
    std::vector<std::string> out;
    for (const std::string_view token : tokenise(text))
        out.emplace_back(token);
    return out;
}

bool valid_utf8(std::string_view text)
{
    while (!text.empty()) {
        const CodePoint point = first_code_point(text);
        if (!point.valid)
            return false;
        text.remove_prefix(point.bytes);
    }
    return true;
}

bool lossless(std::string_view text)
{
    const auto tokens = tokenise(text);
    for (const std::string_view token : tokens) {
        if (token.empty())
            return false;
    }
    return detokenise(tokens) == text && count_tokens(text) == tokens.size();
}

} // namespace

class TestDemoTokenizer : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void no_text_no_tokens()
    {
        QCOMPARE(tokenise("").size(), 0U);
        QCOMPARE(count_tokens(""), 0U);
        QCOMPARE(detokenise({}), std::string());
    }

    void splits_as_documented()
    {
        QCOMPARE(pieces("Hello, world!"), (std::vector<std::string>{"Hello", ",", " world", "!"}));
        QCOMPARE(pieces("internationalisation"), (std::vector<std::string>{"interna", "tionali", "sation"}));
        QCOMPARE(pieces("in 2026123"), (std::vector<std::string>{"in", " ", "202", "612", "3"}));
        QCOMPARE(pieces("a   b"), (std::vector<std::string>{"a", "  ", " b"}));
        QCOMPARE(pieces("a\n\n\nb"), (std::vector<std::string>{"a", "\n\n", "\n", "b"}));
        QCOMPARE(pieces("\tx \t y"), (std::vector<std::string>{"\t", "x", " \t", " y"}));
        QCOMPARE(pieces(" "), (std::vector<std::string>{" "}));
    }

    void foreign_scripts_cost_about_what_they_cost_elsewhere()
    {
        QCOMPARE(pieces("日本語"), (std::vector<std::string>{"日", "本", "語"}));
        QCOMPARE(pieces("👩‍🚀").size(), 3U); // woman, joiner, rocket
        QCOMPARE(pieces("Привет"), (std::vector<std::string>{"При", "вет"}));
        QCOMPARE(pieces("a\u00A0b").size(), 3U);
    }

    void invalid_bytes_stand_alone()
    {
        QCOMPARE(pieces("a\xFF\xFE"sv).size(), 3U);
        QCOMPARE(pieces("\xE6\x97"sv).size(), 2U);         // a cut ideograph
        QCOMPARE(pieces("\xC0\xAF"sv).size(), 2U);         // overlong
        QCOMPARE(pieces("\xED\xA0\x80"sv).size(), 3U);     // a surrogate
        QCOMPARE(pieces("\xF4\x90\x80\x80"sv).size(), 4U); // above U+10FFFF
        QCOMPARE(pieces("\xF4\x8F\xBF\xBF"sv).size(), 1U); // U+10FFFF
        QCOMPARE(pieces("\0\0"sv), (std::vector<std::string>{std::string(2, '\0')}));
    }

    void loses_nothing_of_random_bytes()
    {
        SplitMix64 random(7);
        for (int round = 0; round < 2000; ++round) {
            std::string text(random.below(60), ' ');
            for (char& c : text)
                c = static_cast<char>(random.below(round % 2 == 0 ? 256 : 128));
            QVERIFY2(lossless(text), QByteArray(text.data(), static_cast<qsizetype>(text.size())).toHex().constData());
        }
    }

    void tokens_of_valid_text_are_valid()
    {
        constexpr std::string_view alphabet[] = {"a", "Z", "7", " ",  "\n",   "\t",     ".", "é",
                                                 "ß", "Ж", "ع", "日", "🙂", "\u200D", "한"};
        SplitMix64 random(11);
        for (int round = 0; round < 500; ++round) {
            std::string text;
            for (std::size_t i = random.below(80); i > 0; --i)
                text += alphabet[random.below(std::size(alphabet))];
            QVERIFY2(lossless(text), text.c_str());
            for (const std::string_view token : tokenise(text))
                QVERIFY2(valid_utf8(token), text.c_str());
        }
    }

    void long_runs_make_many_tokens()
    {
        QVERIFY(count_tokens(std::string(70'000, 'a')) >= 10'000);
        QVERIFY(count_tokens(std::string(80'000, ' ')) >= 10'000);
        QVERIFY(lossless(std::string(80'001, ' ') + "x"));
    }
};

QTEST_APPLESS_MAIN(TestDemoTokenizer)
#include "tst_demo_tokenizer.moc"
