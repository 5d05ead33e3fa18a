// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "arch/layer_rules.h"

#include <QProcess>
#include <QRegularExpression>
#include <QTest>

#include <fstream>
#include <iterator>

using namespace tokenscope::arch;
namespace fs = std::filesystem;

namespace {

const fs::path source_dir = TOKENSCOPE_SOURCE_DIR;

std::string content(const fs::path& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<fs::path> files_below(const char* folder)
{
    std::vector<fs::path> files;
    std::error_code absent;
    for (auto it = fs::recursive_directory_iterator(source_dir / folder, absent); it != fs::end(it); ++it) {
        if (it->is_directory() && it->path().filename() == "node_modules") {
            it.disable_recursion_pending();
        } else if (it->is_regular_file()) {
            files.push_back(it->path());
        }
    }
    return files;
}

bool is_cpp(const fs::path& path)
{
    return path.extension() == ".h" || path.extension() == ".cpp";
}

void report(const std::vector<std::string>& findings)
{
    for (const auto& finding : findings) {
        qWarning("%s", finding.c_str());
    }
}

/// The output of a program, or nothing where it could not run.
QString output_of(const QString& program, const QStringList& arguments)
{
    QProcess process;
    process.start(program, arguments);
    if (!process.waitForFinished(30'000) || process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0) {
        return {};
    }
    return QString::fromLocal8Bit(process.readAllStandardOutput());
}

const QRegularExpression& screen_library()
{
    static const QRegularExpression pattern(
        QStringLiteral("libQt6(Gui|Widgets|Charts|Svg|OpenGL|Quick|Qml|PrintSupport)\\w*\\.so|libX11\\.so|libGL\\.so"));
    return pattern;
}

} // namespace

class TestLayers : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sourcesKeepTheRules()
    {
        std::vector<std::string> findings;
        std::size_t seen = 0;
        for (const char* folder : {"core", "ui"}) {
            for (const auto& path : files_below(folder)) {
                if (is_cpp(path)) {
                    ++seen;
                    const auto found =
                        m_rules.violations(fs::relative(path, source_dir).generic_string(), content(path));
                    findings.insert(findings.end(), found.begin(), found.end());
                }
            }
        }
        report(findings);
        QVERIFY2(seen > 20, "the source tree was not found");
        QCOMPARE(findings.size(), std::size_t{0});
    }

    void everySourceNamesItsLicence()
    {
        std::vector<std::string> findings;
        std::vector<fs::path> files = {source_dir / "CMakeLists.txt", source_dir / "dev", source_dir / ".ci/run",
                                       source_dir / "tests/arch/lint"};
        for (const char* folder : {"app", "core", "ui", "tests", "resources", "installer", "cmake"}) {
            for (const auto& path : files_below(folder)) {
                if (is_cpp(path) || path.extension() == ".cmake" || path.filename() == "CMakeLists.txt") {
                    files.push_back(path);
                }
            }
        }
        for (const auto& path : files) {
            if (!has_spdx_header(content(path))) {
                findings.push_back(fs::relative(path, source_dir).generic_string()
                                   + ": the two SPDX lines are missing");
            }
        }
        report(findings);
        QCOMPARE(findings.size(), std::size_t{0});
    }

    void gatewayNeedsNoScreen()
    {
        const QString binary = QStringLiteral(TOKENSCOPE_GATEWAY);
        if (binary.isEmpty()) {
            QSKIP("there is no gateway program in this build");
        }
        const QString direct = output_of(QStringLiteral("readelf"), {QStringLiteral("-d"), binary});
        QVERIFY2(direct.contains(QLatin1StringView("NEEDED")), "readelf said nothing of libraries");
        QVERIFY2(!direct.contains(screen_library()), qPrintable(direct));
        // What those libraries need in turn.
        const QString all = output_of(QStringLiteral("ldd"), {binary});
        QVERIFY2(all.contains(QLatin1StringView("libc.so")), "ldd said nothing of libraries");
        QVERIFY2(!all.contains(screen_library()), qPrintable(all));
    }

    void screenLibrariesAreRecognised()
    {
        QVERIFY(QStringLiteral(" 0x01 (NEEDED) Shared library: [libQt6Gui.so.6]").contains(screen_library()));
        QVERIFY(QStringLiteral("libQt6OpenGLWidgets.so.6 => /usr/lib/x").contains(screen_library()));
        QVERIFY(!QStringLiteral("[libQt6Core.so.6] [libQt6Network.so.6]").contains(screen_library()));
    }

    void plantedViolationsAreFound_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("text");
        const auto row = [](const char* name, const char* path, const char* text) {
            QTest::newRow(name) << QString::fromLatin1(path) << QString::fromLatin1(text);
        };
        row("module", "core/net/a.cpp", "#include <QtWidgets/QWidget>\n");
        row("class", "core/net/a.cpp", "#include <QColor>\n");
        row("lower-case header", "core/net/a.cpp", "#include <qapplication.h>\n");
        row("quoted", "core/net/a.cpp", "#include \"QGuiApplication\"\n");
        row("charts", "core/query/a.h", "#include <QtCharts/QChart>\n");
        row("spaces", "core/net/a.cpp", "  #  include\t<QWidget>\n");
        row("no space", "core/net/a.cpp", "#include<QWidget>\n");
        row("after a comment", "core/net/a.cpp", "/* why */ #include <QWidget> // because\n");
        row("after an unbalanced quote in a comment", "core/net/a.cpp", "// don't say \"\n#include <QWidget>\n");
        row("no newline at the end", "core/net/a.cpp", "#include <QWidget>");
        row("carriage returns", "core/net/a.cpp", "#pragma once\r\n#include <QWidget>\r\n");
        row("ui by path", "core/query/a.cpp", "#include \"ui/theme/theme.h\"\n");
        row("ui by folder", "core/query/a.cpp", "#include \"theme/theme.h\"\n");
        row("app", "core/gateway/a.cpp", "#include \"app/composition.h\"\n");
        row("higher layer", "core/net/a.cpp", "#include \"gateway/gateway.h\"\n");
        row("higher layer from the top", "core/base/a.h", "#include \"core/config/config.h\"\n");
        row("sideways", "core/system/a.cpp", "#include \"query/frame.h\"\n");
        row("nested folder", "core/providers/demo/a.cpp", "#include \"gateway/router.h\"\n");
        row("up and over", "core/net/a.cpp", "#include \"../gateway/gateway.h\"\n");
        row("unknown folder", "core/misc/a.cpp", "");
        row("page to page", "ui/pages/overview/a.cpp", "#include \"pages/playground/playground_page.h\"\n");
        row("page to page from the top", "ui/pages/overview/a.cpp", "#include \"ui/pages/playground/b.h\"\n");
        row("flat pages", "ui/pages/overview_page.cpp", "#include \"playground_page.h\"\n");
        row("ui to app", "ui/shell/main_window.cpp", "#include \"app/composition.h\"\n");
    }

    void plantedViolationsAreFound()
    {
        QFETCH(QString, path);
        QFETCH(QString, text);
        QCOMPARE(m_rules.violations(path.toStdString(), text.toStdString()).size(), std::size_t{1});
    }

    void innocentFilesPass_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("text");
        const auto row = [](const char* name, const char* path, const char* text) {
            QTest::newRow(name) << QString::fromLatin1(path) << QString::fromLatin1(text);
        };
        row("lower layer", "core/gateway/a.cpp", "#include \"net/http_client.h\"\n#include \"base/result.h\"\n");
        row("own folder", "core/providers/demo/a.cpp", "#include \"providers/demo/engine.h\"\n");
        row("Qt Core and Network", "core/sources/a.h", "#include <QObject>\n#include <QtNetwork/QNetworkReply>\n");
        row("standard <format>-like names", "core/net/a.cpp", "#include <charconv>\n#include <fmt/format.h>\n");
        row("line comment", "core/net/a.cpp", "// #include <QWidget>\n");
        row("block comment", "core/net/a.cpp", "/*\n#include <QWidget>\n*/\n");
        row("a slash in a string", "core/net/a.cpp", "const char* u = \"http://x/*\";\nint include;\n");
        row("page to itself", "ui/pages/overview/a.cpp", "#include \"pages/overview/b.h\"\n#include \"c.h\"\n");
        row("page to what pages share", "ui/pages/overview/a.cpp", "#include \"pages/common/panel.h\"\n");
        row("shell to pages", "ui/shell/a.cpp", "#include \"pages/overview/b.h\"\n#include <QWidget>\n");
    }

    void innocentFilesPass()
    {
        QFETCH(QString, path);
        QFETCH(QString, text);
        const auto found = m_rules.violations(path.toStdString(), text.toStdString());
        report(found);
        QCOMPARE(found.size(), std::size_t{0});
    }

    void includesCarryTheirLine()
    {
        const auto found = includes_of("/* one\ntwo */\n#include <a>\n\n#include \"b/c.h\"");
        QCOMPARE(found.size(), std::size_t{2});
        QCOMPARE(found[0].line, std::size_t{3});
        QCOMPARE(found[0].path, std::string("a"));
        QCOMPARE(found[1].line, std::size_t{5});
        QCOMPARE(found[1].path, std::string("b/c.h"));
    }

    void licenceLinesAreRecognised()
    {
        const std::string lines = "// SPDX-FileCopyrightText: 2026 x\n// SPDX-License-Identifier: GPL-3.0-or-later\n";
        QVERIFY(has_spdx_header(lines));
        QVERIFY(has_spdx_header("#!/bin/bash\n" + lines));
        QVERIFY(!has_spdx_header("#include <a>\n" + lines));
        QVERIFY(!has_spdx_header("// SPDX-FileCopyrightText: 2026 x\n// SPDX-License-Identifier: MIT\n"));
        QVERIFY(!has_spdx_header(""));
        QVERIFY(!has_spdx_header("#!"));
    }

private:
    LayerRules m_rules{gui_headers(TOKENSCOPE_QT_HEADERS)};
};

QTEST_GUILESS_MAIN(TestLayers)
#include "tst_layers.moc"
