// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "providers/demo/reply_text.h"

#include "providers/demo/random.h"
#include "providers/demo/tokenizer.h"
#include "providers/demo/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace tokenscope::providers::demo {

namespace {

constexpr std::array<std::string_view, 4> openings{
    "This is a demo (simulated) reply: no language model has read your message.",
    "A demo (simulated) answer follows; no model was run for it, only its timing is acted out.",
    "Demo mode: what you read is a demo (simulated) reply, written by a small generator and not by a model.",
    "Please note that this is a demo (simulated) reply, made of ready sentences and of your own words.",
};
constexpr std::array<std::string_view, 3> topics{
    "You wrote about **{}**, and a real model would take it from there.",
    "The words that stood out in your message are **{}**.",
    "If a model were behind this, it would now have something to say about **{}**.",
};
constexpr std::array<std::string_view, 3> no_topics{
    "Your message had no word that this generator could pick up.",
    "There was little to go by in your message, so the rest is about the engine itself.",
    "Nothing in your message gave this generator a theme.",
};
constexpr std::array<std::string_view, 12> sentences{
    "Your request really waited in a queue until one of the engine's workers was free.",
    "The pause before the first word grows with the length of the prompt, as the prefill of a real model does.",
    "After that the words come at a steady pace, with a little jitter so that the charts have something to show.",
    "The tokens are counted by a real tokenizer, so the usage below this reply is exact for this engine.",
    "Send the same message again with the same seed and you will get the same text.",
    "Raise the number of parallel requests and watch how the queue, and with it the time to the first token, grows.",
    "A slow reader does not lose anything: what piles up is delivered together.",
    "Stop the generation at any moment; the worker is free for the next request at once.",
    "Averages hide the rare slow token, so look at the high percentiles too.",
    "A larger demo model writes the same kind of text, only more slowly.",
    "Nothing left this machine to produce these lines.",
    "The console measures this reply in the same way as one that comes from a real backend.",
};
constexpr std::array<std::string_view, 6> blocks{
    "Three things to watch while this streams:\n\n- **queue wait**: from the accept until a worker is free\n"
    "- **time to first token**: the queue, then the prefill\n- **inter-token latency**: the gap between two pieces",
    "What happens to a request, in order:\n\n1. it is tokenised and queued\n2. a worker takes it and prefills\n"
    "3. tokens are generated one by one\n4. usage is counted and the worker is freed",
    "The two numbers to remember:\n\n```python\nttft = first_token - accepted\n"
    "tpot = (last_token - first_token) / (tokens - 1)\n```",
    "To read the metrics yourself, at the default address:\n\n```sh\ncurl -s http://127.0.0.1:8080/metrics | grep "
    "first_token\n```",
    "How the models compare:\n\n| model | pace |\n| --- | --- |\n| `demo-tiny` | fast |\n| `demo-small` | as "
    "configured |\n"
    "| `demo-large` | slow |",
    "> Measure first, and change one thing at a time.",
};
constexpr std::array<std::string_view, 24> dull_words{
    "about", "could", "does",  "from",  "have", "hello", "into", "just", "like",  "please", "should", "some",
    "that",  "their", "there", "these", "they", "this",  "what", "when", "which", "with",   "would",  "your",
};

constexpr std::size_t scanned_bytes = 4096; // a theme is found in the first lines or not at all
constexpr std::size_t most_words = 3;
constexpr std::size_t longest_word = 16; // in code points
constexpr std::size_t shortest_ascii_word = 4;

/// Letters and digits of any script. Left out: marks that Markdown would act on, controls, and invisible or
/// direction-changing characters, which could make the reply look like something else.
bool is_word_part(const CodePoint& point)
{
    const char32_t c = point.value;
    if (!point.valid)
        return false;
    if (c < 0x80)
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    const bool letters = c >= 0xC0 && c < 0x2000 && c != 0xD7 && c != 0xF7 && c != 0x61C && c != 0x180E;
    const bool syllables = (c >= 0x3041 && c < 0xD800) || (c >= 0xF900 && c < 0xFB00);
    return letters || syllables;
}

bool is_telling(std::string_view word)
{
    std::string lower(word);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return word.size() >= shortest_ascii_word
           && std::find(dull_words.begin(), dull_words.end(), lower) == dull_words.end();
}

/// The first telling words of the prompt, each once.
std::vector<std::string_view> theme_of(std::string_view prompt)
{
    std::vector<std::string_view> words;
    prompt = prompt.substr(0, scanned_bytes);
    std::size_t begin = 0;
    std::size_t length = 0;
    std::size_t at = 0;
    const auto close = [&] {
        const std::string_view word = prompt.substr(begin, at - begin);
        if (is_telling(word) && std::find(words.begin(), words.end(), word) == words.end())
            words.push_back(word);
        length = 0;
    };
    while (at < prompt.size() && words.size() < most_words) {
        const CodePoint point = first_code_point(prompt.substr(at));
        const bool part = is_word_part(point);
        if (length > 0 && (!part || length == longest_word))
            close();
        if (part && length++ == 0)
            begin = at;
        at += point.bytes;
    }
    if (length > 0 && words.size() < most_words)
        close();
    return words;
}

template <std::size_t N>
std::string_view pick(SplitMix64& random, const std::array<std::string_view, N>& from)
{
    return from[random.below(N)];
}

std::string about(SplitMix64& random, const std::vector<std::string_view>& theme)
{
    if (theme.empty())
        return std::string(pick(random, no_topics));
    return fmt::format(fmt::runtime(pick(random, topics)), fmt::join(theme, ", "));
}

} // namespace

std::string reply_text(std::uint64_t seed, std::string_view prompt)
{
    SplitMix64 random(derived_seed(seed, hash_of(prompt)));
    std::string text(pick(random, openings));
    text += ' ';
    text += about(random, theme_of(prompt));

    auto order = sentences;
    for (std::size_t i = order.size(); i > 1; --i)
        std::swap(order[i - 1], order[random.below(i)]);
    const std::uint64_t target = 60 + random.below(125);
    const bool with_block = random.below(2) == 0;
    const std::size_t block_after = 1 + random.below(2);

    std::uint64_t tokens = count_tokens(text);
    std::string_view gap = "\n\n";
    const auto add = [&](std::string_view piece) {
        const std::string addition = std::string(gap).append(piece);
        const std::uint64_t more = count_tokens(addition);
        if (tokens + more > longest_reply)
            return;
        text += addition;
        tokens += more;
    };
    for (std::size_t i = 0; i < order.size() && tokens < target; ++i) {
        add(order[i]);
        gap = i % 3 == 2 ? "\n\n" : " ";
        if (with_block && i == block_after) {
            gap = "\n\n";
            add(pick(random, blocks));
        }
    }
    return text;
}

} // namespace tokenscope::providers::demo
