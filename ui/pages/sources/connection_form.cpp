// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/sources/connection_form.h"

#include "pages/sources/header_table.h"
#include "theme/theme.h"
#include "widgets/breaking_label.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include <cmath>

namespace tokenscope::ui {

using sources::AuthKind;
using sources::Connection;
using sources::ConnectionKind;

namespace {

double secondsOf(std::chrono::milliseconds time)
{
    return static_cast<double>(time.count()) / 1000;
}

std::chrono::milliseconds timeOf(const QDoubleSpinBox& box)
{
    return std::chrono::milliseconds(std::llround(box.value() * 1000));
}

std::string textOf(const QLineEdit& edit)
{
    return edit.text().trimmed().toStdString();
}

} // namespace

ConnectionForm::ConnectionForm(const Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_grid(new QGridLayout(this))
{
    const auto& tokens = theme.tokens();
    setObjectName(QStringLiteral("source.form"));
    m_grid->setContentsMargins(0, 0, tokens.space3, 0);
    m_grid->setHorizontalSpacing(tokens.space3);
    m_grid->setVerticalSpacing(0);
    m_grid->setColumnStretch(1, 1);
    m_name = addLine("name", tr("Name"));
    m_kind = addChoices("kind", tr("Kind"), {tr("Prometheus"), tr("Metrics page")});
    m_url = addLine("url", tr("URL"));
    m_auth = addChoices("auth", tr("Authorization"), {tr("None"), tr("User and password"), tr("Bearer token")});
    m_user = addLine("user", tr("User"));
    addSecret();
    m_headers = new HeaderTable;
    addField("headers", tr("Headers"), m_headers, m_headers->findChild<QWidget*>(QStringLiteral("source.headers")));
    m_caFile = addFile("ca_file", tr("Certificate authority"), tr("the system's"));
    m_certificateFile = addFile("certificate_file", tr("Client certificate"), tr("none"));
    m_keyFile = addFile("key_file", tr("Client key"), tr("in the certificate's file"));
    m_timeout = addSeconds("timeout", tr("Time-out"));
    m_interval = addSeconds("interval", tr("Scraped every"));
    m_answer = addMebibytes("answer_mib", tr("Largest answer"));
    m_grid->setRowStretch(m_grid->rowCount(), 1);

    connect(m_headers, &HeaderTable::edited, this, &ConnectionForm::changed);
    connect(&theme, &Theme::changed, this, &ConnectionForm::dress);
    setConnection({});
    dress();
}

void ConnectionForm::addField(const char* param, const QString& label, QWidget* editor, QWidget* buddy)
{
    const QString name = QLatin1StringView(param);
    const int row = m_grid->rowCount();
    const auto& tokens = m_theme.tokens();
    Field field{new QLabel(label), editor, new BreakingLabel};
    field.label->setBuddy(buddy ? buddy : editor);
    field.label->setMinimumHeight(tokens.controlHeight);
    field.problem->setObjectName(QStringLiteral("source.problem.") + name);
    field.problem->setProperty("role", QStringLiteral("error"));
    field.problem->setContentsMargins(0, 2, 0, 0);
    field.problem->hide();
    auto* cell = new QVBoxLayout;
    cell->setContentsMargins(0, 0, 0, tokens.space2);
    cell->setSpacing(0);
    cell->addWidget(editor);
    cell->addWidget(field.problem);
    m_grid->addWidget(field.label, row, 0, Qt::AlignTop);
    m_grid->addLayout(cell, row, 1);
    m_fields[name] = field;
}

QLineEdit* ConnectionForm::addLine(const char* param, const QString& label, const QString& hint)
{
    auto* edit = new QLineEdit;
    edit->setObjectName(QStringLiteral("source.") + QLatin1StringView(param));
    edit->setAccessibleName(label);
    edit->setPlaceholderText(hint);
    addField(param, label, edit);
    connect(edit, &QLineEdit::textChanged, this, &ConnectionForm::changed);
    return edit;
}

QComboBox* ConnectionForm::addChoices(const char* param, const QString& label, const QStringList& choices)
{
    auto* box = new QComboBox;
    box->setObjectName(QStringLiteral("source.") + QLatin1StringView(param));
    box->setAccessibleName(label);
    box->addItems(choices);
    addField(param, label, box);
    connect(box, &QComboBox::currentIndexChanged, this, &ConnectionForm::changed);
    return box;
}

QDoubleSpinBox* ConnectionForm::addSeconds(const char* param, const QString& label)
{
    auto* box = new QDoubleSpinBox;
    box->setObjectName(QStringLiteral("source.") + QLatin1StringView(param));
    box->setAccessibleName(label);
    box->setRange(0.1, 3600);
    box->setDecimals(1);
    box->setSuffix(tr(" s"));
    box->setMaximumWidth(120);
    addField(param, label, box);
    connect(box, &QDoubleSpinBox::valueChanged, this, &ConnectionForm::changed);
    return box;
}

QSpinBox* ConnectionForm::addMebibytes(const char* param, const QString& label)
{
    auto* box = new QSpinBox;
    box->setObjectName(QStringLiteral("source.") + QLatin1StringView(param));
    box->setAccessibleName(label);
    box->setToolTip(
        tr("A larger answer to a query is given up. While it is drawn it takes several times as much memory."));
    box->setRange(1, 8'192);
    box->setSingleStep(64);
    box->setSuffix(tr(" MiB"));
    box->setMaximumWidth(120);
    addField(param, label, box);
    connect(box, &QSpinBox::valueChanged, this, &ConnectionForm::changed);
    return box;
}

QLineEdit* ConnectionForm::addFile(const char* param, const QString& label, const QString& hint)
{
    auto* edit = new QLineEdit;
    const QString name = QStringLiteral("source.") + QLatin1StringView(param);
    edit->setObjectName(name);
    edit->setAccessibleName(label);
    edit->setPlaceholderText(hint);
    auto* browse = new QPushButton(tr("Choose…"));
    browse->setObjectName(name + QStringLiteral(".choose"));
    browse->setAccessibleName(tr("Choose the file: %1").arg(label));
    browse->setAutoDefault(false);
    auto* both = new QWidget;
    auto* row = new QHBoxLayout(both);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(m_theme.tokens().space2);
    row->addWidget(edit, 1);
    row->addWidget(browse);
    addField(param, label, both, edit);
    connect(edit, &QLineEdit::textChanged, this, &ConnectionForm::changed);
    connect(browse, &QPushButton::clicked, this, [this, edit, label] {
        auto* dialog =
            new QFileDialog(this, label, edit->text(), tr("PEM files (*.pem *.crt *.cer *.key);;All files (*)"));
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::ExistingFile);
        connect(dialog, &QFileDialog::fileSelected, edit, &QLineEdit::setText);
        dialog->open();
    });
    return edit;
}

void ConnectionForm::addSecret()
{
    m_secret = new QLineEdit;
    m_secret->setObjectName(QStringLiteral("source.secret"));
    m_secret->setEchoMode(QLineEdit::Password);
    auto* reveal = new QPushButton(tr("Show"));
    reveal->setObjectName(QStringLiteral("source.secret.show"));
    reveal->setAccessibleName(tr("Show the secret"));
    reveal->setCheckable(true);
    reveal->setAutoDefault(false);
    m_secretHint = new QLabel(tr("${NAME} takes it from the environment, ${keychain:NAME} from the keychain."));
    m_secretHint->setProperty("role", QStringLiteral("secondary"));
    m_secretHint->setWordWrap(true);
    auto* both = new QWidget;
    auto* grid = new QGridLayout(both);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(m_theme.tokens().space2);
    grid->setVerticalSpacing(2);
    grid->addWidget(m_secret, 0, 0);
    grid->addWidget(reveal, 0, 1);
    grid->addWidget(m_secretHint, 1, 0, 1, 2);
    addField("secret", tr("Password"), both, m_secret);
    connect(m_secret, &QLineEdit::textChanged, this, &ConnectionForm::changed);
    connect(reveal, &QPushButton::toggled, this, [this, reveal](bool shown) {
        m_secret->setEchoMode(shown ? QLineEdit::Normal : QLineEdit::Password);
        reveal->setText(shown ? tr("Hide") : tr("Show"));
    });
}

void ConnectionForm::setConnection(const Connection& connection)
{
    m_filling = true;
    const auto text = [](const std::string& value) { return QString::fromStdString(value); };
    m_id = connection.id;
    m_name->setText(text(connection.name));
    m_kind->setCurrentIndex(connection.kind == ConnectionKind::page ? 1 : 0);
    m_url->setText(text(connection.url));
    m_auth->setCurrentIndex(static_cast<int>(connection.auth));
    m_user->setText(text(connection.user));
    m_secret->setText(text(connection.secret));
    m_headers->setHeaders(connection.headers);
    m_caFile->setText(text(connection.ca_file));
    m_certificateFile->setText(text(connection.certificate_file));
    m_keyFile->setText(text(connection.key_file));
    m_timeout->setValue(secondsOf(connection.timeout));
    m_interval->setValue(secondsOf(connection.interval));
    m_answer->setValue(static_cast<int>(connection.answer_mib));
    if (auto* reveal = findChild<QPushButton*>(QStringLiteral("source.secret.show")))
        reveal->setChecked(false);
    m_filling = false;
    showFields();
    setProblem({}, {});
}

Connection ConnectionForm::connection() const
{
    Connection connection;
    connection.id = m_id;
    connection.name = textOf(*m_name);
    connection.kind = m_kind->currentIndex() == 1 ? ConnectionKind::page : ConnectionKind::prometheus;
    connection.url = textOf(*m_url);
    connection.auth = static_cast<AuthKind>(m_auth->currentIndex());
    // What is not asked for any more is not kept in the file either; the fields keep it until another one is shown.
    if (connection.auth == AuthKind::basic)
        connection.user = textOf(*m_user);
    if (connection.auth != AuthKind::none)
        connection.secret = m_secret->text().toStdString();
    connection.headers = m_headers->headers();
    connection.ca_file = textOf(*m_caFile);
    connection.certificate_file = textOf(*m_certificateFile);
    connection.key_file = textOf(*m_keyFile);
    connection.timeout = timeOf(*m_timeout);
    connection.interval = timeOf(*m_interval);
    connection.answer_mib = m_answer->value();
    return connection;
}

void ConnectionForm::showFields()
{
    const auto shown = [this](const char* param, bool visible) {
        const auto& field = m_fields.at(QLatin1StringView(param));
        field.label->setVisible(visible);
        field.editor->setVisible(visible);
        if (!visible)
            field.problem->hide();
    };
    const auto auth = static_cast<AuthKind>(m_auth->currentIndex());
    const bool page = m_kind->currentIndex() == 1;
    shown("user", auth == AuthKind::basic);
    shown("secret", auth != AuthKind::none);
    shown("interval", page);
    shown("answer_mib", !page);
    const auto secret = auth == AuthKind::bearer ? tr("Token") : tr("Password");
    m_fields.at(QStringLiteral("secret")).label->setText(secret);
    m_secret->setAccessibleName(secret);
    m_url->setPlaceholderText(page ? QStringLiteral("http://127.0.0.1:8000/metrics")
                                   : QStringLiteral("http://127.0.0.1:9090"));
}

void ConnectionForm::changed()
{
    if (m_filling)
        return;
    showFields();
    Q_EMIT edited();
}

void ConnectionForm::setProblem(const QString& param, const QString& message)
{
    for (const auto& [name, field] : m_fields) {
        const bool here = name == param && !message.isEmpty();
        field.problem->setWords(here ? message : QString());
        field.problem->setVisible(here);
        field.editor->setAccessibleDescription(here ? message : QString());
    }
}

void ConnectionForm::focusName()
{
    m_name->setFocus();
    m_name->selectAll();
}

void ConnectionForm::dress()
{
    const auto& tokens = m_theme.tokens();
    for (const auto& [name, field] : m_fields) {
        field.label->setFont(tokens.body);
        field.problem->setFont(tokens.small);
    }
    m_secretHint->setFont(tokens.small);
}

} // namespace tokenscope::ui
