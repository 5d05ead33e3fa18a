// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/page_judges.h"

#include <QProcess>
#include <QStandardPaths>
#include <QStringList>

namespace tokenscope::test {

namespace {

/// Debian's, which has the package; another in the path may not.
const QString python = QStringLiteral("/usr/bin/python3");

const QString reader = QStringLiteral(R"(
import json, sys
from prometheus_client import parser
from prometheus_client.openmetrics import parser as openmetrics

def sample(s):
    exemplar = s.exemplar and {"labels": s.exemplar.labels, "value": repr(float(s.exemplar.value)),
                               "timestamp": s.exemplar.timestamp and float(s.exemplar.timestamp)}
    labels = {k: repr(float(v)) if k == "le" else v for k, v in s.labels.items()}
    return {"name": s.name, "labels": labels, "value": repr(float(s.value)), "exemplar": exemplar}

read = openmetrics if sys.argv[1] == "openmetrics" else parser
page = sys.stdin.buffer.read().decode("utf-8")
print(json.dumps([{"name": f.name, "type": f.type, "unit": f.unit, "help": f.documentation,
                   "samples": [sample(s) for s in f.samples]} for f in read.text_string_to_metric_families(page)]))
)");

Judgement run(const QString& program, const QStringList& arguments, const QByteArray& input)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(program, arguments);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(30'000))
        return {};
    return {process.exitCode(), process.readAll()};
}

} // namespace

Judgement promtool(const QByteArray& page)
{
    return run(QStringLiteral("promtool"), {QStringLiteral("check"), QStringLiteral("metrics")}, page);
}

bool have_promtool()
{
    return !QStandardPaths::findExecutable(QStringLiteral("promtool")).isEmpty();
}

Judgement python_client(const QByteArray& page, PageFormat format)
{
    const auto name = format == PageFormat::openmetrics ? QStringLiteral("openmetrics") : QStringLiteral("text");
    return run(python, {QStringLiteral("-c"), reader, name}, page);
}

bool have_python_client()
{
    return run(python, {QStringLiteral("-c"), QStringLiteral("import prometheus_client")}, {}).code == 0;
}

} // namespace tokenscope::test
