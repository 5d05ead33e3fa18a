// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>

#include <array>
#include <vector>

class QPushButton;

namespace tokenscope::ui {

class BreakingLabel;
class Theme;

/// Stands in place of tiles and charts where the source measures nothing that they show, and leads to where it is shown.
class ElsewhereNote : public QWidget {
    Q_OBJECT

public:
    struct Offer {
        QString id; ///< of a dashboard
        QString title;
    };
    static constexpr std::size_t mostOffers = 3;

    explicit ElsewhereNote(const Theme& theme, QWidget* parent = nullptr);

    /// `offers`: the dashboards made for the source, in their order; those after the first few are left out. None: Explore.
    void tell(const QString& source, const std::vector<Offer>& offers);

Q_SIGNALS:
    void dashboardWanted(const QString& id);
    void exploreWanted();

protected:
    void showEvent(QShowEvent* event) override;

private:
    void press(std::size_t place);
    void dress();
    void fit();

    const Theme& m_theme;
    BreakingLabel* m_heading;
    BreakingLabel* m_text;
    std::array<QPushButton*, mostOffers> m_buttons{}; ///< the first of them is always there
    std::array<QString, mostOffers> m_ids;            ///< empty: Explore
};

} // namespace tokenscope::ui
