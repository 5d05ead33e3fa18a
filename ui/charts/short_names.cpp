// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/short_names.h"

#include <QFontMetrics>
#include <QStringView>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <vector>

namespace tokenscope::ui {
namespace {

using Places = std::vector<qsizetype>;

constexpr QChar dots(u'…');
constexpr qsizetype worthwhile = 3; ///< what is shorter can as well stay
constexpr qsizetype headLength = 4; ///< of what else is told apart by its beginning alone

/// How many characters some names begin and end with alike.
struct Common {
    qsizetype start = 0;
    qsizetype end = 0;
};

Common commonOf(const QStringList& names, const Places& places)
{
    QStringView start = names[places.front()];
    QStringView end = start;
    auto shortest = start.size();
    auto longest = shortest;
    for (const auto place : places) {
        const QStringView name = names[place];
        shortest = std::min(shortest, name.size());
        longest = std::max(longest, name.size());
        start.truncate(std::mismatch(start.begin(), start.end(), name.begin(), name.end()).first - start.begin());
        end = end.last(std::mismatch(end.rbegin(), end.rend(), name.rbegin(), name.rend()).first - end.rbegin());
    }
    if (start.size() == longest)
        return {};                                                    // they are equal
    const auto spare = std::max<qsizetype>(0, shortest - worthwhile); // something is left of each
    const auto begun = std::min(start.size(), spare);
    return {begun, std::min(end.size(), spare - begun)};
}

QString shortened(const QString& name, Common common, const QFontMetrics& metrics, int width)
{
    if (metrics.horizontalAdvance(name) <= width)
        return name;
    const QString rest = common.start < worthwhile ? name : dots + name.mid(common.start);
    if (common.end < worthwhile)
        return metrics.elidedText(rest, Qt::ElideMiddle, width);
    // Its beginning alone is read more easily, as long as all is in it that the others do not have.
    const auto beginning = metrics.elidedText(rest, Qt::ElideRight, width);
    if (beginning.size() > rest.size() - common.end)
        return beginning;
    return metrics.elidedText(rest.chopped(common.end) + dots, Qt::ElideMiddle, width);
}

void shorten(const QStringList& names, const Places& places, const QFontMetrics& metrics, int width, QStringList& shown)
{
    const auto common = commonOf(names, places);
    std::map<QString, Places> alike;
    for (const auto place : places) {
        shown[place] = shortened(names[place], common, metrics, width);
        alike[shown[place]].push_back(place);
    }
    for (const auto& [text, some] : alike) {
        if (some.size() > 1 && some.size() < places.size())
            shorten(names, some, metrics, width, shown);
    }
    // The models of two providers, say: then the provider has to be seen, too.
    std::map<QString, std::set<QString>> before;
    for (const auto& [text, some] : alike) {
        for (const auto place : some)
            before[shown[place]].insert(text);
    }
    for (const auto& [text, some] : alike) {
        for (const auto place : some) {
            if (some.size() > 1 && before[shown[place]].size() > 1)
                shown[place] = metrics.elidedText(text.left(headLength) + shown[place], Qt::ElideRight, width);
        }
    }
}

} // namespace

QStringList shortNames(const QStringList& names, const QFontMetrics& metrics, int width)
{
    QStringList shown = names;
    Places places(static_cast<std::size_t>(names.size()));
    std::iota(places.begin(), places.end(), qsizetype{0});
    if (!places.empty())
        shorten(names, places, metrics, width, shown);
    return shown;
}

} // namespace tokenscope::ui
