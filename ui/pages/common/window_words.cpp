// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/common/window_words.h"

#include "query/duration_text.h"

namespace tokenscope::ui {

QString windowText(const query::Query& query)
{
    using query::Function;
    switch (query.function) {
    case Function::value:
    case Function::heatmap: return {};
    case Function::share: return query.parts.empty() ? QString() : windowText(query.parts.front());
    case Function::rate:
    case Function::increase:
    case Function::mean:
    case Function::quantile: break;
    }
    return QString::fromStdString(query::duration_text(query.window));
}

} // namespace tokenscope::ui
