// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/inquiry.h"
#include "pages/common/completion_popup.h"
#include "pages/common/promql_completion.h"

#include <QObject>
#include <QString>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace tokenscope::ui {

class MetricCatalogue;
class SourceList;

/// What can be written at a place, from what the source that is shown says of its metrics and labels. Used on the UI thread.
class CompletionData : public QObject {
    Q_OBJECT

public:
    static constexpr std::size_t most = 200; ///< choices; nobody reads on

    CompletionData(SourceList& sources, const MetricCatalogue& catalogue, QObject* parent = nullptr);

    /// The best first. What the source has to be asked for is asked for, and arrived() says when it is there.
    std::vector<CompletionItem> choices(const CompletionSpot& spot);

Q_SIGNALS:
    void arrived();

private:
    using Texts = std::vector<std::string>;
    using Key = std::pair<std::string, std::string>; ///< metric and label; no label: its labels' names

    std::vector<CompletionItem> expressions() const;
    static std::vector<CompletionItem> durations(const QString& prefix);
    const Texts* labels(const Key& key);
    void forget();

    SourceList& m_sources;
    const MetricCatalogue& m_catalogue;
    std::map<Key, Texts> m_known;
    Key m_asked;
    Inquiry m_inquiry;
};

} // namespace tokenscope::ui
