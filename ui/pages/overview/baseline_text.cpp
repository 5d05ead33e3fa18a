// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/overview/baseline_text.h"

#include "format/format.h"

#include <QCoreApplication>

#include <cmath>

namespace tokenscope::ui {

namespace {

using telemetry::Comparison;
using telemetry::Measure;

QString tr(const char* text)
{
    return QCoreApplication::translate("tokenscope::ui::BaselinePanel", text);
}

Unit unitOf(Measure measure)
{
    switch (measure) {
    case Measure::speed: return Unit::tokensPerSecond;
    case Measure::errors: return Unit::percent;
    default: return Unit::seconds;
    }
}

/// A share is shown in per cent.
double shown(Measure measure, double value)
{
    return measure == Measure::errors ? value * 100 : value;
}

QString sign(double change)
{
    return change > 0 ? QStringLiteral("+") : change < 0 ? QString(QChar(0x2212)) : QString();
}

/// With its sign: "+58 ms".
QString changeText(const Comparison& comparison, double change)
{
    return sign(change) + formatValue(std::abs(shown(comparison.measure, change)), unitOf(comparison.measure)).joined();
}

/// Of what it was before: " (+12 %)"; nothing for what is a share itself.
QString relativeText(const Comparison& comparison)
{
    const auto change = comparison.difference->value;
    if (comparison.measure == Measure::errors || comparison.before.value_or(0) <= 0 || change == 0)
        return {};
    const auto percent = std::abs(change) / *comparison.before * 100;
    const auto size = formatRound(percent < 10 ? percent : std::round(percent), Unit::percent);
    return QStringLiteral(" (%1%2)").arg(sign(change), size);
}

} // namespace

QString comparedText(const Comparison& comparison, std::optional<double> value)
{
    if (value)
        value = shown(comparison.measure, *value);
    return formatValue(value, unitOf(comparison.measure)).joined();
}

QString verdictText(const Comparison& comparison)
{
    const bool errors = comparison.measure == Measure::errors;
    QString words;
    switch (comparison.verdict) {
    case Comparison::Verdict::unclear: return tr("no clear difference");
    case Comparison::Verdict::too_few: return tr("too few requests");
    case Comparison::Verdict::better: words = errors ? tr("fewer") : tr("faster"); break;
    case Comparison::Verdict::worse: words = errors ? tr("more") : tr("slower"); break;
    }
    return QStringLiteral("%1%2 %3").arg(changeText(comparison, comparison.difference->value), relativeText(comparison),
                                         words);
}

QString intervalText(const Comparison& comparison)
{
    if (!comparison.difference)
        return {};
    return tr("%1 to %2")
        .arg(changeText(comparison, comparison.difference->low), changeText(comparison, comparison.difference->high));
}

QString confidenceText(const Comparison& comparison)
{
    if (!comparison.difference)
        return {};
    return tr("Difference %1; with 95 % confidence between %2 and %3 (bootstrap; errors: Newcombe)")
        .arg(changeText(comparison, comparison.difference->value), changeText(comparison, comparison.difference->low),
             changeText(comparison, comparison.difference->high));
}

} // namespace tokenscope::ui
