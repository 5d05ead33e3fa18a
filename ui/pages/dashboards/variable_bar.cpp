// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/dashboards/variable_bar.h"

#include "bridge/metric_catalogue.h"
#include "bridge/source_list.h"
#include "pages/dashboards/value_picker.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSettings>
#include <QSignalBlocker>

#include <algorithm>
#include <utility>

namespace tokenscope::ui {

namespace {

constexpr std::size_t mostValues = 1000; ///< nobody finds one among more
constexpr int narrowest = 90;
constexpr int widest = 220;

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
        Entry entry{.variable = variable, .inquiry = std::make_unique<Inquiry>()};
        auto* box = makeBox(entry);
        box->setAccessibleName(title);
        label->setBuddy(box);
        row->addWidget(label);
        row->addWidget(box);
        row->addSpacing(8);
        m_entries.push_back(std::move(entry));
    }
    row->addStretch(1);
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        fill(m_entries[i], {});
        const auto tell = [this, i] {
            keep(m_entries[i]);
            Q_EMIT changed();
        };
        if (auto* picker = m_entries[i].picker)
            connect(picker, &ValuePicker::chosenChanged, this, tell);
        else
            connect(m_entries[i].box, &QComboBox::currentIndexChanged, this, tell);
    }
    // Shown with its parent: alone it would be a window for a moment, and take the focus.
    if (m_entries.empty())
        hide();
}

QComboBox* VariableBar::makeBox(Entry& entry)
{
    if (entry.variable.multi)
        entry.box = entry.picker = new ValuePicker;
    else
        entry.box = new QComboBox;
    entry.box->setObjectName(QStringLiteral("variable.") + QString::fromStdString(entry.variable.name));
    entry.box->setMinimumWidth(narrowest);
    entry.box->setMaximumWidth(widest);
    entry.box->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    entry.box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    return entry.box;
}

QString VariableBar::keyOf(const Entry& entry) const
{
    return QStringLiteral("dashboards/choices/") + m_dashboard + QLatin1Char('/')
           + QString::fromStdString(entry.variable.name);
}

QStringList VariableBar::chosen(const Entry& entry) const
{
    auto values = m_settings.value(keyOf(entry)).toStringList();
    values.removeAll(QString());
    for (const auto& unknown : entry.unknownHere)
        values.removeAll(unknown);
    return entry.variable.multi ? values : values.mid(0, 1);
}

void VariableBar::keep(Entry& entry)
{
    entry.ofAnother = false;
    entry.unknownHere.clear();
    if (entry.picker)
        m_settings.setValue(keyOf(entry), entry.picker->chosen());
    else
        m_settings.setValue(keyOf(entry), entry.box->currentData());
}

void VariableBar::fill(Entry& entry, const std::vector<std::string>& values)
{
    const QSignalBlocker quiet(entry.box);
    if (entry.picker) {
        QStringList texts;
        for (std::size_t i = 0; i < std::min(values.size(), mostValues); ++i) {
            if (!values[i].empty())
                texts << QString::fromStdString(values[i]);
        }
        entry.picker->setValues(texts);
        entry.picker->setChosen(chosen(entry));
        return;
    }
    fillBox(entry, values);
}

void VariableBar::fillBox(Entry& entry, const std::vector<std::string>& values)
{
    const auto chosen = this->chosen(entry).value(0);
    const auto before = entry.box->currentData().toString();
    const bool one = !entry.variable.first.empty();
    entry.box->clear();
    if (!one)
        entry.box->addItem(tr("All"), QString());
    std::vector<std::string> offered;
    for (std::size_t i = 0; i < std::min(values.size(), mostValues); ++i) {
        const auto value = QString::fromStdString(values[i]);
        if (value.isEmpty())
            continue;
        entry.box->addItem(value, value);
        offered.push_back(values[i]);
    }
    if (!chosen.isEmpty() && entry.box->findData(chosen) < 0)
        entry.box->insertItem(one ? 0 : 1, chosen, chosen);
    const auto otherwise = one ? static_cast<int>(dashboards::first_value(entry.variable, offered)) : 0;
    const auto wanted = one && chosen.isEmpty() ? before : chosen; // a new value does not push the one shown aside
    const auto found = wanted.isEmpty() ? -1 : entry.box->findData(wanted);
    entry.box->setCurrentIndex(found >= 0 ? found : otherwise);
    // Nobody has chosen it, and yet it is another one.
    if (one && entry.box->currentData().toString() != before)
        Q_EMIT changed();
}

void VariableBar::reset()
{
    const QSignalBlocker quiet(this); // what is asked next waits for the new source's metrics
    for (auto& entry : m_entries) {
        entry.inquiry->cancel();
        entry.unknownHere.clear();
        entry.ofAnother = true;
        fill(entry, {});
    }
}

/// A filter that this source cannot meet would leave every panel empty, or be passed over unsaid.
void VariableBar::received(Entry& entry, const std::vector<std::string>& values)
{
    const auto before = chosen(entry);
    if (std::exchange(entry.ofAnother, false)) {
        for (const auto& value : before) {
            if (std::ranges::find(values, value.toStdString()) == values.end())
                entry.unknownHere << value;
        }
    }
    fill(entry, values);
    if (chosen(entry) != before)
        Q_EMIT changed();
}

void VariableBar::refresh(sources::Range shown)
{
    for (auto& entry : m_entries) {
        const auto& metrics = entry.variable.metrics;
        const auto metric = std::find_if(metrics.begin(), metrics.end(),
                                         [this](const auto& name) { return m_catalogue.names().contains(name); });
        if (m_catalogue.known() && metric == metrics.end()) {
            entry.inquiry->cancel();
            received(entry, {});
            continue;
        }
        auto answer = entry.inquiry->begin<sources::MetricSource::Texts>([this, &entry](const auto& values) {
            if (values)
                received(entry, *values);
        });
        const auto name = metric != metrics.end() ? *metric : metrics.empty() ? std::string() : metrics.front();
        m_sources.current().source->label_values_in(shown, entry.variable.label, name, entry.inquiry->token(),
                                                    std::move(answer));
    }
}

dashboards::Choices VariableBar::choices() const
{
    dashboards::Choices choices;
    for (const auto& entry : m_entries) {
        auto& values = choices[entry.variable.name];
        const auto single = entry.box->currentData().toString();
        const auto chosen = entry.picker       ? entry.picker->chosen()
                            : single.isEmpty() ? QStringList()
                                               : QStringList{single};
        for (const auto& value : chosen)
            values.push_back(value.toStdString());
    }
    return choices;
}

} // namespace tokenscope::ui
