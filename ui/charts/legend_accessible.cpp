// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/legend_accessible.h"

#include "charts/chart_legend.h"

#include <QPointer>

#include <algorithm>

namespace tokenscope::ui {
namespace {

const QString isolateAction = QStringLiteral("Isolate");

/// One series of a legend. It is known by its identity: others come and go before it while somebody holds it.
class AccessibleSeries : public QAccessibleInterface, public QAccessibleActionInterface {
public:
    AccessibleSeries(ChartLegend* legend, const QString& identity) : m_legend(legend), m_identity(identity) {}

    const QString& identity() const { return m_identity; }
    int index() const;

    bool isValid() const override { return index() >= 0; }
    QObject* object() const override { return nullptr; }
    QWindow* window() const override { return isValid() ? parent()->window() : nullptr; }
    QAccessibleInterface* parent() const override { return QAccessible::queryAccessibleInterface(m_legend); }
    QAccessibleInterface* child(int) const override { return nullptr; }
    QAccessibleInterface* childAt(int, int) const override { return nullptr; }
    int childCount() const override { return 0; }
    int indexOfChild(const QAccessibleInterface*) const override { return -1; }
    QString text(QAccessible::Text kind) const override;
    void setText(QAccessible::Text, const QString&) override {}
    QRect rect() const override;
    QAccessible::Role role() const override { return alone() ? QAccessible::StaticText : QAccessible::CheckBox; }
    QAccessible::State state() const override;
    void* interface_cast(QAccessible::InterfaceType type) override;

    QStringList actionNames() const override;
    QString localizedActionName(const QString& name) const override;
    QString localizedActionDescription(const QString& name) const override;
    void doAction(const QString& name) override;
    QStringList keyBindingsForAction(const QString&) const override { return {}; }

private:
    const LegendEntry& entry() const { return m_legend->entries()[static_cast<std::size_t>(index())]; }
    /// The only line of a chart cannot be hidden.
    bool alone() const { return !m_legend || m_legend->entries().size() < 2; }
    bool shown() const { return index() < static_cast<int>(m_legend->places().size()); }

    QPointer<ChartLegend> m_legend;
    QString m_identity;
};

int AccessibleSeries::index() const
{
    if (!m_legend)
        return -1;
    const auto& all = m_legend->entries();
    const auto found = std::ranges::find(all, m_identity, &LegendEntry::identity);
    return found == all.end() ? -1 : static_cast<int>(found - all.begin());
}

QString AccessibleSeries::text(QAccessible::Text kind) const
{
    if (kind != QAccessible::Name || !isValid())
        return {};
    return entry().value.isEmpty() ? entry().name : ChartLegend::tr("%1: %2").arg(entry().name, entry().value);
}

QRect AccessibleSeries::rect() const
{
    if (!isValid() || !shown())
        return {};
    const auto& place = m_legend->places()[static_cast<std::size_t>(index())];
    return {m_legend->mapToGlobal(place.topLeft()), place.size()};
}

QAccessible::State AccessibleSeries::state() const
{
    QAccessible::State state;
    if (!isValid()) {
        state.invalid = true;
        return state;
    }
    state.invisible = !m_legend->isVisible();
    state.offscreen = !shown();
    state.checkable = !alone();
    state.checked = state.checkable && entry().visible;
    state.focusable = state.checkable && shown();
    state.focused = m_legend->hasFocus() && m_legend->current() == index();
    return state;
}

void* AccessibleSeries::interface_cast(QAccessible::InterfaceType type)
{
    return type == QAccessible::ActionInterface ? static_cast<QAccessibleActionInterface*>(this) : nullptr;
}

QStringList AccessibleSeries::actionNames() const
{
    if (!isValid() || alone())
        return {};
    QStringList names{toggleAction(), isolateAction};
    if (shown())
        names << setFocusAction();
    return names;
}

QString AccessibleSeries::localizedActionName(const QString& name) const
{
    return name == isolateAction ? ChartLegend::tr("Isolate") : QAccessibleActionInterface::localizedActionName(name);
}

QString AccessibleSeries::localizedActionDescription(const QString& name) const
{
    if (name == isolateAction)
        return ChartLegend::tr("Shows this series alone, or all again");
    return name == toggleAction() ? ChartLegend::tr("Shows or hides this series")
                                  : QAccessibleActionInterface::localizedActionDescription(name);
}

void AccessibleSeries::doAction(const QString& name)
{
    if (!actionNames().contains(name))
        return;
    if (name == isolateAction)
        Q_EMIT m_legend->isolateRequested(m_identity);
    else if (name == toggleAction())
        Q_EMIT m_legend->toggleRequested(m_identity);
    else {
        m_legend->setFocus(Qt::OtherFocusReason);
        m_legend->setCurrent(index());
    }
}

} // namespace

AccessibleLegend::AccessibleLegend(ChartLegend* legend) : QAccessibleWidget(legend, QAccessible::Grouping) {}

AccessibleLegend::~AccessibleLegend()
{
    for (const auto& [identity, id] : m_children)
        QAccessible::deleteAccessibleInterface(id);
}

ChartLegend& AccessibleLegend::legend() const
{
    return *static_cast<ChartLegend*>(widget());
}

int AccessibleLegend::childCount() const
{
    return static_cast<int>(legend().entries().size());
}

QAccessibleInterface* AccessibleLegend::child(int index) const
{
    if (index < 0 || index >= childCount())
        return nullptr;
    forgetGone();
    const auto& identity = legend().entries()[static_cast<std::size_t>(index)].identity;
    auto& id = m_children[identity];
    if (!id)
        id = QAccessible::registerAccessibleInterface(new AccessibleSeries(&legend(), identity));
    return QAccessible::accessibleInterface(id);
}

void AccessibleLegend::forgetGone() const
{
    std::erase_if(m_children, [this](const auto& child) {
        const bool gone =
            std::ranges::find(legend().entries(), child.first, &LegendEntry::identity) == legend().entries().end();
        if (gone)
            QAccessible::deleteAccessibleInterface(child.second);
        return gone;
    });
}

int AccessibleLegend::indexOfChild(const QAccessibleInterface* child) const
{
    const auto* series = dynamic_cast<const AccessibleSeries*>(child);
    return series ? series->index() : -1;
}

QAccessibleInterface* AccessibleLegend::childAt(int x, int y) const
{
    return child(legend().entryAt(legend().mapFromGlobal(QPoint(x, y))));
}

QAccessibleInterface* AccessibleLegend::focusChild() const
{
    return legend().hasFocus() ? child(legend().current()) : nullptr;
}

} // namespace tokenscope::ui
