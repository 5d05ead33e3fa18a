// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/dashboards/variable_bar.h"

#include "bridge/metric_catalogue.h"
#include "bridge/source_list.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSettings>
#include <QSignalBlocker>

#include <algorithm>

namespace tokenscope::ui {

namespace {

constexpr std::size_t mostValues = 1000; ///< nobody finds one among more
constexpr int narrowest = 90;
constexpr int widest = 180;

} // namespace

VariableBar::VariableBar(const dashboards::Dashboard& dashboard, SourceList& sources, const MetricCatalogue& catalogue,
                         QSettings& settings, QWidget* parent)
    : QWidget(parent), m_dashboard(QString::fromStdString(dashboard.id)), m_sources(sources), m_catalogue(catalogue),
      m_settings(settings)
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    for (const auto& variable : dashboard.variables) {
        const auto title = QString::fromStdString(variable.title.empty() ? variable.name : variable.title);
        auto* label = new QLabel(title);
        label->setProperty("role", QStringLiteral("secondary"));
        auto* box = new QComboBox;
        box->setObjectName(QStringLiteral("variable.") + QString::fromStdString(variable.name));
        box->setAccessibleName(title);
        box->setMinimumWidth(narrowest);
        box->setMaximumWidth(widest);
        box->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        label->setBuddy(box);
        row->addWidget(label);
        row->addWidget(box);
        row->addSpacing(8);
        m_entries.push_back({variable, box, std::make_unique<Inquiry>()});
    }
    row->addStretch(1);
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        fill(m_entries[i], {});
        connect(m_entries[i].box, &QComboBox::currentIndexChanged, this, [this, i] {
            m_settings.setValue(keyOf(m_entries[i]), m_entries[i].box->currentData());
            Q_EMIT changed();
        });
    }
    // Shown with its parent: alone it would be a window for a moment, and take the focus.
    if (m_entries.empty())
        hide();
}

QString VariableBar::keyOf(const Entry& entry) const
{
    return QStringLiteral("dashboards/choices/") + m_dashboard + QLatin1Char('/')
           + QString::fromStdString(entry.variable.name);
}

void VariableBar::fill(Entry& entry, const std::vector<std::string>& values)
{
    const QSignalBlocker quiet(entry.box);
    const auto chosen = m_settings.value(keyOf(entry)).toString();
    entry.box->clear();
    entry.box->addItem(tr("All"), QString());
    bool found = chosen.isEmpty();
    for (std::size_t i = 0; i < std::min(values.size(), mostValues); ++i) {
        const auto value = QString::fromStdString(values[i]);
        if (value.isEmpty())
            continue;
        entry.box->addItem(value, value);
        found = found || value == chosen;
    }
    if (!found)
        entry.box->insertItem(1, chosen, chosen);
    entry.box->setCurrentIndex(std::max(0, entry.box->findData(chosen)));
}

void VariableBar::refresh()
{
    for (auto& entry : m_entries) {
        const auto& metrics = entry.variable.metrics;
        const auto metric = std::find_if(metrics.begin(), metrics.end(),
                                         [this](const auto& name) { return m_catalogue.names().contains(name); });
        if (m_catalogue.known() && metric == metrics.end()) {
            entry.inquiry->cancel();
            fill(entry, {});
            continue;
        }
        auto answer = entry.inquiry->begin<sources::MetricSource::Texts>([this, &entry](const auto& values) {
            if (values)
                fill(entry, *values);
        });
        m_sources.current().source->label_values(entry.variable.label,
                                                 metric != metrics.end() ? *metric
                                                 : metrics.empty()       ? std::string()
                                                                         : metrics.front(),
                                                 entry.inquiry->token(), std::move(answer));
    }
}

dashboards::Choices VariableBar::choices() const
{
    dashboards::Choices choices;
    for (const auto& entry : m_entries) {
        const auto value = entry.box->currentData().toString();
        choices[entry.variable.name] =
            value.isEmpty() ? std::vector<std::string>() : std::vector<std::string>{value.toStdString()};
    }
    return choices;
}

} // namespace tokenscope::ui
