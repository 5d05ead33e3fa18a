// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/settings/provider_test.h"

#include "bridge/settings_store.h"
#include "format/format.h"
#include "pages/common/outcome_box.h"
#include "pages/settings/edit_session.h"
#include "theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace tokenscope::ui {

namespace {

constexpr int mostNames = 8;

} // namespace

ProviderTest::ProviderTest(const SettingServices& services, QWidget* parent)
    : QWidget(parent), m_services(services), m_button(new QPushButton), m_state(new QLabel),
      m_outcome(new OutcomeBox(services.theme, QStringLiteral("settings.provider.outcome")))
{
    const auto& tokens = services.theme.tokens();
    m_button->setObjectName(QStringLiteral("settings.provider.test"));
    m_button->setAutoDefault(false);
    m_state->setObjectName(QStringLiteral("settings.provider.testing"));
    m_state->setProperty("role", QStringLiteral("secondary"));
    auto* row = new QHBoxLayout;
    row->setSpacing(tokens.space3);
    row->addWidget(m_button);
    row->addWidget(m_state, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(tokens.space2);
    column->addLayout(row);
    column->addWidget(m_outcome);
    m_ticking.setInterval(std::chrono::milliseconds(100));
    connect(&m_ticking, &QTimer::timeout, this, &ProviderTest::showState);
    connect(m_button, &QPushButton::clicked, this, &ProviderTest::toggle);
    showState();
}

void ProviderTest::setProvider(const QString& name)
{
    if (name == m_name)
        return;
    stop();
    m_name = name;
    m_outcome->clear();
}

void ProviderTest::toggle()
{
    if (running())
        return stop();
    m_outcome->clear();
    auto answer = m_inquiry.begin<std::vector<std::string>>([this](const auto& models) { receive(models); });
    m_since.start();
    m_ticking.start();
    showState();
    Q_EMIT started(m_name);
    m_services.store.test_provider(m_services.session.text(), m_name.toStdString(), m_inquiry.token(),
                                   std::move(answer));
}

void ProviderTest::stop()
{
    const bool was = running();
    m_inquiry.cancel();
    m_ticking.stop();
    showState();
    if (!was)
        return;
    m_state->setText(tr("Stopped"));
    Q_EMIT stopped(m_name);
}

void ProviderTest::receive(const Result<std::vector<std::string>>& models)
{
    m_ticking.stop();
    showState();
    if (!models) {
        const auto& error = models.error();
        m_outcome->show(OutcomeBox::Outcome::bad, QString::fromStdString(error.message),
                        QString::fromStdString(error.detail));
        Q_EMIT finished(m_name, false, tr("failed"));
        return;
    }
    QStringList names;
    for (const auto& model : *models)
        names << QString::fromStdString(model);
    const auto took = formatValue(static_cast<double>(m_since.elapsed()) / 1000.0, Unit::seconds).joined();
    const auto count = names.size() == 1 ? tr("1 model") : tr("%1 models").arg(names.size());
    const auto shown = names.mid(0, mostNames).join(QStringLiteral(", "));
    m_outcome->show(OutcomeBox::Outcome::good,
                    names.isEmpty()
                        ? tr("It answers, in %1, and lists no models.").arg(took)
                        : tr("%1 in %2: %3%4")
                              .arg(count, took, shown, names.size() > mostNames ? QStringLiteral(", …") : QString()),
                    names.size() > mostNames ? names.join(QLatin1Char('\n')) : QString());
    Q_EMIT finished(m_name, true, count);
}

void ProviderTest::showState()
{
    m_button->setText(running() ? tr("Stop") : tr("Test"));
    m_button->setAccessibleName(running() ? tr("Stop the test of the provider") : tr("Test the provider"));
    m_state->setText(
        running() ? tr("Asking for its models… %1")
                        .arg(formatValue(static_cast<double>(m_since.elapsed()) / 1000.0, Unit::seconds).joined())
                  : QString());
}

} // namespace tokenscope::ui
