// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/archive/compact.h"

#include <QtTest>

#include <limits>
#include <random>

using namespace tokenscope;
using namespace tokenscope::telemetry;

namespace {

const Instant start{std::chrono::hours(5)};

bool same(const std::vector<ChunkMark>& a, const std::vector<ChunkMark>& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const ChunkMark& x, const ChunkMark& y) {
        return x.at == y.at && x.bytes == y.bytes && x.tokens == y.tokens;
    });
}

std::string bytes(std::initializer_list<int> values)
{
    std::string out;
    for (const int value : values)
        out += static_cast<char>(value);
    return out;
}

} // namespace

class TstArchiveCompact : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theFormat()
    {
        QCOMPARE(pack_chunks(start, {}), std::string());
        // 2 chunks: +150 ns (zigzag 300 = 0xAC 0x02), 5 bytes, 1 token; -1 ns (zigzag 1), 128 bytes, 0 tokens
        QCOMPARE(pack_chunks(start, {{start + Nanos(150), 5, 1}, {start + Nanos(149), 128, 0}}),
                 bytes({2, 0xAC, 0x02, 5, 1, 1, 0x80, 0x01, 0}));
        StageTimes stages;
        QCOMPARE(pack_stages(stages), std::string());
        stages[1] = Nanos(0);
        stages[2] = Nanos(199);
        QCOMPARE(pack_stages(stages), bytes({10, 0, 1, 0xC8, 0x01, 0, 0, 0, 0, 0, 0, 0}));
    }

    void whatIsPackedComesBack()
    {
        std::mt19937_64 random(7);
        constexpr auto most = std::numeric_limits<std::uint32_t>::max();
        for (int round = 0; round < 200; ++round) {
            std::vector<ChunkMark> chunks(random() % 50);
            auto at = start;
            for (auto& chunk : chunks) {
                at += Nanos(static_cast<std::int64_t>(random() >> (1 + random() % 63)) / 64);
                chunk = {at, static_cast<std::uint32_t>(random() % most), static_cast<std::uint32_t>(random() % 9)};
            }
            const auto back = unpack_chunks(start, pack_chunks(start, chunks));
            QVERIFY(back);
            QVERIFY(same(*back, chunks));
            StageTimes stages;
            for (auto& stage : stages)
                stage = random() % 2 == 0
                            ? std::nullopt
                            : std::optional(Nanos(static_cast<std::int64_t>(random() >> (1 + random() % 63))));
            stages[0] = Nanos(std::numeric_limits<std::int64_t>::max() - 1);
            QVERIFY(unpack_stages(pack_stages(stages)) == stages);
        }
        const std::vector<ChunkMark> largest{{start, most, most}};
        QVERIFY(same(*unpack_chunks(start, pack_chunks(start, largest)), largest));
    }

    void gaps()
    {
        ChunkGaps gaps;
        QCOMPARE(pack_gaps(gaps), std::string());
        gaps.add(std::chrono::milliseconds(5)); // the first bucket
        gaps.add(std::chrono::milliseconds(15));
        gaps.add(std::chrono::milliseconds(15));
        QCOMPARE(pack_gaps(gaps), bytes({0x80, 0xBB, 0xB0, 0x21, 1, 2})); // 35,000,000 ns, doubled
        for (const auto gap : {std::chrono::hours(1), std::chrono::hours(2)}) {
            const auto back = unpack_gaps(pack_gaps(gaps));
            QVERIFY(back && back->counts == gaps.counts && back->sum == gaps.sum);
            gaps.add(gap);
        }
        QVERIFY(unpack_gaps("")->empty());
        QVERIFY(!unpack_gaps(bytes({1, 0x80})));
        QVERIFY(!unpack_gaps(bytes({1, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F})));
        QVERIFY(!unpack_gaps(std::string(1 + gaps.counts.size() + 1, '\1'))); // more buckets than there are
    }

    void aLongReplyIsSmall()
    {
        std::vector<ChunkMark> chunks;
        for (int i = 0; i < 4096; ++i)
            chunks.push_back({start + std::chrono::milliseconds(20 * i), 210, 1});
        QVERIFY(pack_chunks(start, chunks).size() < 4096 * 8);
    }

    void brokenBytesAreNoticed_data()
    {
        QTest::addColumn<QByteArray>("packed");
        const auto row = [](const char* name, std::initializer_list<int> values) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes(values));
        };
        row("cut in a chunk", {2, 1, 1, 1, 1, 1});
        row("cut in a number", {1, 1, 1, 0x80});
        row("more than it says", {1, 1, 1, 1, 1});
        row("too many for its size", {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01});
        row("a number without an end",
            {1, 1, 1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80});
        row("bytes of a chunk that is too large", {1, 1, 0x80, 0x80, 0x80, 0x80, 0x10, 1});
    }

    void brokenBytesAreNoticed()
    {
        QFETCH(const QByteArray, packed);
        QVERIFY(!unpack_chunks(start, packed.toStdString()));
    }

    void stagesOfOtherVersions()
    {
        StageTimes one;
        one[0] = Nanos(4);
        QVERIFY(unpack_stages(bytes({1, 5})) == one);                                   // knew fewer
        QVERIFY(unpack_stages(bytes({12, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 9})) == one); // knew more
        QVERIFY(!unpack_stages(bytes({3, 5})));
        QVERIFY(!unpack_stages(bytes({1, 5, 5})));
        QVERIFY(!unpack_stages(bytes({1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01})));
    }

    void noBytesDoHarm()
    {
        std::mt19937_64 random(11);
        for (int round = 0; round < 20'000; ++round) {
            std::string any(random() % 40, '\0');
            for (auto& byte : any)
                byte = static_cast<char>(random() % 3 == 0 ? random() % 4 : random());
            (void)unpack_chunks(start, any);
            (void)unpack_stages(any);
            (void)unpack_gaps(any);
        }
    }
};

QTEST_APPLESS_MAIN(TstArchiveCompact)
#include "tst_archive_compact.moc"
