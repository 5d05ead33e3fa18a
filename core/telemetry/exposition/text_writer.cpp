// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/exposition.h"
#include "telemetry/exposition/page_order.h"
#include "telemetry/exposition/sample_writer.h"

namespace tokenscope::telemetry {

std::string_view content_type(TextFormat format)
{
    return format == TextFormat::openmetrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                                             : "text/plain; version=0.0.4; charset=utf-8";
}

std::string write_page(const Snapshot& snapshot, TextFormat format)
{
    return format == TextFormat::openmetrics ? write_openmetrics(snapshot) : write_text(snapshot);
}

std::string write_text(const Snapshot& snapshot)
{
    const auto families = in_page_order(snapshot);
    std::string out;
    out.reserve(text_size(families));
    for (const auto& [family, all_series] : families) {
        if (!family->help.empty()) {
            out.append("# HELP ").append(family->name).append(" ");
            append_escaped(out, family->help, Quotes::kept);
            out += '\n';
        }
        out.append("# TYPE ").append(family->name).append(" ").append(type_name(family->kind)).append("\n");
        SampleWriter writer(out, TextFormat::prometheus, family->name);
        for (const auto* series : all_series)
            writer.write(*series);
    }
    return out;
}

} // namespace tokenscope::telemetry
