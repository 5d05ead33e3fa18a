// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/word_match.h"

#include <algorithm>
#include <limits>

namespace tokenscope::ui {

namespace {

constexpr int wordStart = 10;
constexpr int inARow = 6;
constexpr int letter = 1;
constexpr int skipped = 1; ///< off for every letter between two that fit, up to mostSkipped
constexpr int mostSkipped = 5;
constexpr int nothing = std::numeric_limits<int>::min() / 2;

/// Comparable letter by letter: as long as the text, without case and accents.
QString plain(const QString& text)
{
    QString out;
    out.reserve(text.size());
    for (const QChar c : text)
        out += c.decompositionTag() == QChar::Canonical && !c.decomposition().isEmpty()
                   ? c.decomposition().front().toLower()
                   : c.toLower();
    return out;
}

bool startsWord(const QString& text, int place)
{
    return place == 0 || !text[place - 1].isLetterOrNumber() || (text[place].isUpper() && text[place - 1].isLower());
}

} // namespace

std::optional<WordMatch> matchWords(const QString& typed, const QString& text)
{
    QString wanted = plain(typed);
    wanted.remove(QLatin1Char(' '));
    const QString given = plain(text);
    const int rows = static_cast<int>(wanted.size());
    const int columns = static_cast<int>(given.size());
    if (rows == 0)
        return WordMatch();
    if (rows > columns)
        return std::nullopt;

    // best[i][j]: of the first i+1 letters with the last of them at j; from[i][j]: where the one before was.
    std::vector<std::vector<int>> best(static_cast<std::size_t>(rows),
                                       std::vector<int>(static_cast<std::size_t>(columns), nothing));
    auto from = best;
    for (int i = 0; i < rows; ++i) {
        for (int j = i; j < columns; ++j) {
            if (wanted[i] != given[j])
                continue;
            const int own = letter + (startsWord(text, j) ? wordStart : 0);
            auto& cell = best[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)];
            if (i == 0) {
                cell = own - std::min(j, mostSkipped) * skipped;
                continue;
            }
            for (int k = i - 1; k < j; ++k) {
                const int before = best[static_cast<std::size_t>(i - 1)][static_cast<std::size_t>(k)];
                if (before == nothing)
                    continue;
                const int gap = j - k - 1;
                const int sum = before + own + (gap == 0 ? inARow : -std::min(gap, mostSkipped) * skipped);
                if (sum > cell) {
                    cell = sum;
                    from[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)] = k;
                }
            }
        }
    }
    const auto& last = best.back();
    const auto found = std::max_element(last.begin(), last.end());
    if (*found == nothing)
        return std::nullopt;
    WordMatch match{.score = *found, .places = std::vector<int>(static_cast<std::size_t>(rows))};
    int place = static_cast<int>(found - last.begin());
    for (int i = rows; i-- > 0;) {
        match.places[static_cast<std::size_t>(i)] = place;
        place = from[static_cast<std::size_t>(i)][static_cast<std::size_t>(place)];
    }
    return match;
}

} // namespace tokenscope::ui
