// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/time_series_chart.h"

namespace tokenscope::ui {

void ChartGroup::setTime(std::optional<std::int64_t> msSinceEpoch)
{
    if (msSinceEpoch == m_time)
        return;
    m_time = msSinceEpoch;
    Q_EMIT timeChanged();
}

} // namespace tokenscope::ui
