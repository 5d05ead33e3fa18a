// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/settings/problem_lines.h"

#include <QRegularExpression>

namespace tokenscope::ui {

namespace {

ProblemLine readLine(const QString& line, bool warning)
{
    // The file's name may have colons; what comes first and looks like a place is one.
    static const QRegularExpression place(QStringLiteral(R"(^.*?:(\d+):(\d+): (.*)$)"));
    static const QRegularExpression whole(QStringLiteral(R"(^/?[^ ]*\.ya?ml: (.*)$)"));
    if (const auto match = place.match(line); match.hasMatch())
        return {match.captured(1).toInt(), match.captured(2).toInt(), match.captured(3), warning};
    if (const auto match = whole.match(line); match.hasMatch())
        return {0, 0, match.captured(1), warning};
    return {0, 0, line, warning};
}

} // namespace

std::vector<ProblemLine> readProblems(const std::string& message)
{
    std::vector<ProblemLine> out;
    for (const auto& line : QString::fromStdString(message).split(QLatin1Char('\n'), Qt::SkipEmptyParts))
        out.push_back(readLine(line, false));
    return out;
}

std::vector<ProblemLine> readWarnings(const std::vector<std::string>& warnings)
{
    std::vector<ProblemLine> out;
    for (const auto& line : warnings)
        out.push_back(readLine(QString::fromStdString(line).simplified(), true));
    return out;
}

QString problemOf(const ProblemLine& problem, const std::string& path)
{
    const auto key = QString::fromStdString(path);
    if (!problem.text.startsWith(key) || problem.text.size() == key.size())
        return {};
    const auto rest = QStringView(problem.text).mid(key.size());
    if (rest.startsWith(QLatin1StringView(": ")))
        return rest.mid(2).toString();
    // Of an element: what it is called stays.
    if (rest.startsWith(QLatin1Char('.')) || rest.startsWith(QLatin1Char('[')))
        return rest.mid(rest.startsWith(QLatin1Char('.')) ? 1 : 0).toString();
    return {};
}

} // namespace tokenscope::ui
