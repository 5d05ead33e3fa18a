// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "providers/demo/reply_text.h"
#include "providers/demo/tokenizer.h"
#include "providers/demo/utf8.h"

#include <QtTest>

#include <set>
#include <string>
#include <string_view>

using namespace tokenscope::providers::demo;
using namespace std::string_view_literals;

namespace {

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

bool contains(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

class TestDemoReplyText : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void is_the_same_for_the_same_seed_and_prompt()
    {
        QCOMPARE(reply_text(5, "Tell me of whales"), reply_text(5, "Tell me of whales"));
        QVERIFY(reply_text(5, "Tell me of whales") != reply_text(6, "Tell me of whales"));
        QVERIFY(reply_text(5, "Tell me of whales") != reply_text(5, "Tell me of sharks"));
    }

    void says_in_its_first_sentence_what_it_is_and_keeps_its_length()
    {
        std::set<std::string> different;
        int blocks = 0;
        for (unsigned seed = 0; seed < 400; ++seed) {
            const std::string text = reply_text(seed, "How do whales navigate across oceans?");
            QVERIFY2(contains(text.substr(0, text.find('.')), "demo (simulated)"), text.c_str());
            QVERIFY2(contains(text, "whales"), text.c_str());
            QVERIFY2(count_tokens(text) >= 60 && count_tokens(text) <= longest_reply, text.c_str());
            different.insert(text);
            blocks += contains(text, "```") || contains(text, "\n- ") || contains(text, "\n1. ");
        }
        QVERIFY(different.size() > 380);
        QVERIFY(blocks > 40);
        QVERIFY(blocks < 360);
    }

    void takes_any_prompt()
    {
        const std::string prompts[] = {
            "",
            "\n\n",
            "hi",
            "日本語で鯨について長い説明を書いてくださいお願いします",
            "🙂🙂🙂🙂",
            "\xFF\xFE invalid \xE6\x97",
            std::string(100'000, 'x'),
            std::string(4095, ' ') + "日",
            "{} {0} %s {nosuch}",
        };
        for (const std::string& prompt : prompts) {
            for (unsigned seed = 0; seed < 50; ++seed) {
                const std::string text = reply_text(seed, prompt);
                QVERIFY(valid_utf8(text));
                QVERIFY2(count_tokens(text) >= 60 && count_tokens(text) <= longest_reply, text.c_str());
            }
        }
    }

    void does_not_repeat_what_could_mislead()
    {
        // A right-to-left override, a zero-width joiner, Markdown and HTML that a prompt might try to have echoed.
        const std::string text =
            reply_text(1, "abcd\u202Eefgh \u200Bzero [link](http://evil.test) <script>alert</script> **bold");
        QVERIFY(!contains(text, "\u202E"));
        QVERIFY(!contains(text, "\u200B"));
        QVERIFY(!contains(text, "<script"));
        QVERIFY(!contains(text, "]("));
        QVERIFY(contains(text, "**abcd, efgh, zero**"));
    }
};

QTEST_APPLESS_MAIN(TestDemoReplyText)
#include "tst_demo_reply_text.moc"
