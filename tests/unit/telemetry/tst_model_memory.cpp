// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/metrics.h"

#include <QtTest>

#include <algorithm>

using namespace tokenscope::telemetry;

namespace {

/// "vram o/phi4 3" of each of the two families' series, in order.
QByteArrayList shown(const Metrics& metrics)
{
    QByteArrayList out;
    for (const auto& family : metrics.collect()) {
        const auto name = QByteArray::fromStdString(family.name);
        if (!name.startsWith("tokenscope_model_"))
            continue;
        for (const auto& series : family.series) {
            QByteArray labels;
            for (const auto& label : series.labels)
                labels += " " + QByteArray::fromStdString(label.name + "=" + label.value);
            out << name.mid(17) + labels + " " + QByteArray::number(std::get<double>(series.value), 'g', 17);
        }
    }
    std::sort(out.begin(), out.end());
    return out;
}

} // namespace

class TstModelMemory : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void only_what_is_loaded_is_there()
    {
        Metrics metrics({});
        QCOMPARE(shown(metrics), QByteArrayList());
        metrics.model_memory().loaded("o", {{"phi4:latest", 11'000'000'000U, 9'000'000'001U}, {"cpu", 5U, 0U}});
        metrics.model_memory().loaded("far", {{"phi4:latest", 7U, std::nullopt}, {"?", std::nullopt, std::nullopt}});
        QCOMPARE(shown(metrics),
                 (QByteArrayList{"memory_bytes model=cpu provider=o 5", "memory_bytes model=phi4:latest provider=far 7",
                                 "memory_bytes model=phi4:latest provider=o 11000000000",
                                 "vram_bytes model=cpu provider=o 0",
                                 "vram_bytes model=phi4:latest provider=o 9000000001"}));
        metrics.model_memory().loaded("o", {{"cpu", 6U, 0U}});
        metrics.model_memory().loaded("far", {});
        QCOMPARE(shown(metrics),
                 (QByteArrayList{"memory_bytes model=cpu provider=o 6", "vram_bytes model=cpu provider=o 0"}));
        metrics.model_memory().loaded("o", {});
        metrics.model_memory().loaded("nobody", {});
        QCOMPARE(shown(metrics), QByteArrayList());
    }

    void a_page_never_has_a_series_twice()
    {
        Metrics metrics({});
        metrics.model_memory().loaded("o", {{"a", 1U, 1U}, {"a", 2U, 2U}, {"\xFF", 3U, 3U}, {"\xFE", 4U, 4U}});
        QCOMPARE(shown(metrics).size(), 4);
    }
};

QTEST_APPLESS_MAIN(TstModelMemory)
#include "tst_model_memory.moc"
