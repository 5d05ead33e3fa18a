// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/sources/connection_test.h"

#include "bridge/source_list.h"
#include "pages/common/outcome_box.h"
#include "theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

namespace tokenscope::ui {

ConnectionTest::ConnectionTest(const Theme& theme, SourceList& sources, QWidget* parent)
    : QWidget(parent), m_sources(sources), m_progress(new QProgressBar), m_elapsed(new QLabel), m_waiting(new QWidget),
      m_outcome(new OutcomeBox(theme, QStringLiteral("source.test.outcome")))
{
    const auto& tokens = theme.tokens();
    m_progress->setObjectName(QStringLiteral("source.test.progress"));
    m_progress->setAccessibleName(tr("Testing the connection"));
    m_progress->setRange(0, 0);
    m_progress->setTextVisible(false);
    m_elapsed->setProperty("role", QStringLiteral("secondary"));
    auto* cancel = new QPushButton(tr("Stop"));
    cancel->setObjectName(QStringLiteral("source.test.stop"));
    cancel->setAutoDefault(false);
    cancel->setProperty("flat", true);
    connect(cancel, &QPushButton::clicked, this, &ConnectionTest::stop);
    auto* row = new QHBoxLayout(m_waiting);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(tokens.space3);
    row->addWidget(m_progress, 1);
    row->addWidget(m_elapsed);
    row->addWidget(cancel);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_waiting);
    column->addWidget(m_outcome);
    m_waiting->hide();
    m_ticking.setInterval(1000);
    connect(&m_ticking, &QTimer::timeout, this, &ConnectionTest::showElapsed);
}

ConnectionTest::~ConnectionTest()
{
    m_inquiry.cancel();
}

void ConnectionTest::run(const sources::Connection& connection)
{
    m_outcome->clear();
    m_tried = connection;
    m_trial = m_sources.trial(connection);
    m_since.start();
    setRunning(true);
    auto answer = m_inquiry.begin<std::string>([this](const Result<std::string>& result) { receive(result); });
    m_trial->test(m_inquiry.token(), std::move(answer));
}

void ConnectionTest::stop()
{
    m_inquiry.cancel();
    m_trial.reset();
    m_outcome->clear();
    setRunning(false);
}

void ConnectionTest::keepOnlyFor(sources::Connection connection)
{
    connection.name = m_tried.name;
    connection.id = m_tried.id;
    if (connection != m_tried)
        stop();
}

void ConnectionTest::receive(const Result<std::string>& answer)
{
    setRunning(false);
    m_trial.reset();
    if (answer)
        m_outcome->show(OutcomeBox::Outcome::good,
                        tr("Answered in %2 ms: %1").arg(QString::fromStdString(*answer)).arg(m_since.elapsed()));
    else
        m_outcome->show(OutcomeBox::Outcome::bad, QString::fromStdString(answer.error().message),
                        QString::fromStdString(answer.error().detail));
}

void ConnectionTest::setRunning(bool running)
{
    if (running == m_ticking.isActive())
        return;
    if (running)
        m_ticking.start();
    else
        m_ticking.stop();
    showElapsed();
    m_waiting->setVisible(running);
    Q_EMIT runningChanged(running);
}

void ConnectionTest::showElapsed()
{
    m_elapsed->setText(tr("Testing… %1 s").arg(m_since.isValid() ? m_since.elapsed() / 1000 : 0));
}

} // namespace tokenscope::ui
