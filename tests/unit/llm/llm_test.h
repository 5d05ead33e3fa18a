// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "llm/stream_facts.h"

#include <nlohmann/json.hpp>

#include <QByteArray>
#include <QFile>
#include <QTest>

#include <string>
#include <string_view>
#include <vector>

/// What the tests of this folder share.
namespace llmtest {

inline QByteArray bytes(std::string_view text)
{
    return {text.data(), static_cast<qsizetype>(text.size())};
}

inline std::string fixture(const char* name)
{
    QFile file(QStringLiteral(TOKENSCOPE_UPSTREAMS "/") + QLatin1StringView(name));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot read %s", name);
    return file.readAll().toStdString();
}

inline std::string replaced(std::string text, std::string_view from, std::string_view to)
{
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
        text.replace(at, from.size(), to);
    return text;
}

/// What a stream came to: the bytes for the client and all facts.
struct Outcome {
    std::string out;
    tokenscope::llm::StreamFacts facts;

    /// Everything that matters, as one text, so that two outcomes can be compared and shown.
    QByteArray text() const
    {
        const auto number = [](std::optional<std::uint64_t> n) { return n ? std::to_string(*n) : std::string("-"); };
        std::string line =
            "tokens " + std::to_string(facts.tokens) + " visible " + std::to_string(facts.visible_tokens);
        if (facts.usage) {
            line += " usage " + number(facts.usage->prompt) + "/" + number(facts.usage->completion) + "/"
                    + number(facts.usage->total) + "/" + number(facts.usage->cached) + "/"
                    + number(facts.usage->reasoning);
            if (facts.usage->cache_creation)
                line += " written " + number(facts.usage->cache_creation);
        }
        line += " model " + facts.response_model.value_or("-") + " finish " + facts.finish_reason.value_or("-");
        line += facts.done ? " done" : " open";
        if (facts.error)
            line += " error " + std::string(to_string(facts.error->code)) + ": " + facts.error->detail;
        return bytes(line + "\n" + out);
    }
    QByteArray facts_text() const { return text().left(text().indexOf('\n')); }
};

/// Feeds the stream in pieces that end at `cuts`.
template <typename Reader>
Outcome run(Reader reader, std::string_view stream, const std::vector<std::size_t>& cuts = {})
{
    Outcome outcome;
    std::size_t from = 0;
    for (const std::size_t cut : cuts) {
        // A copy of its own, so that a reader which keeps a view into it is found out by the sanitizer.
        const std::string piece(stream.substr(from, cut - from));
        reader.feed(piece, outcome.out, outcome.facts);
        from = cut;
    }
    reader.feed(stream.substr(from), outcome.out, outcome.facts);
    reader.finish(outcome.out, outcome.facts);
    return outcome;
}

inline std::vector<std::size_t> every_byte(std::string_view stream)
{
    std::vector<std::size_t> cuts;
    for (std::size_t at = 1; at < stream.size(); ++at)
        cuts.push_back(at);
    return cuts;
}

/// Split in two at every position, and into single bytes, the stream must come to what it comes to in one piece.
template <typename Make>
void check_all_splits(Make make, std::string_view stream)
{
    const QByteArray whole = run(make(), stream).text();
    QCOMPARE(run(make(), stream, every_byte(stream)).text(), whole);
    for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
        const QByteArray split = run(make(), stream, {cut}).text();
        if (split != whole)
            QFAIL(qPrintable(QStringLiteral("split at %1:\n%2\n--- in one piece:\n%3")
                                 .arg(cut)
                                 .arg(QString::fromUtf8(split), QString::fromUtf8(whole))));
    }
}

} // namespace llmtest
