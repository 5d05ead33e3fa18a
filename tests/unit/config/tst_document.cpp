// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/document.h"
#include "config/loader.h"
#include "config/writer.h"
#include "unit/config/config_support.h"
#include "unit/config/random_document.h"

#include <QtTest>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <set>

using namespace tokenscope;
using namespace tokenscope::config;
using namespace tokenscope::test;

namespace {

/// Every value by its path, as another reader of the text sees it.
using Values = std::map<std::string, std::string>;

void collect(const YAML::Node& node, const std::string& path, Values& out)
{
    if (node.IsMap()) {
        if (node.size() == 0)
            out[path] = "{}";
        for (const auto& entry : node)
            collect(entry.second, path.empty() ? entry.first.Scalar() : path + "." + entry.first.Scalar(), out);
    } else if (node.IsSequence()) {
        if (node.size() == 0)
            out[path] = "[]";
        for (std::size_t i = 0; i < node.size(); ++i)
            collect(node[i], fmt::format("{}[{}]", path, i), out);
    } else {
        out[path] = node.IsScalar() ? "=" + node.Scalar() : "~";
    }
}

Values values(const std::string& text)
{
    Values out;
    collect(YAML::Load(text), "", out);
    return out;
}

std::multiset<std::string> comments(const std::string& text)
{
    std::multiset<std::string> out;
    for (const auto& line : QByteArray::fromStdString(text).split('\n')) {
        if (line.trimmed().startsWith('#'))
            out.insert(line.trimmed().toStdString());
    }
    return out;
}

void rows(std::initializer_list<std::array<const char*, 5>> all)
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("after");
    for (const auto& [name, before, path, value, after] : all)
        QTest::newRow(name) << QByteArray(before) << QByteArray(path) << QByteArray(value) << QByteArray(after);
}

} // namespace

class TestDocument : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void reads();
    void reads_through_aliases();
    void what_is_no_document_data();
    void what_is_no_document();
    void sets_data();
    void sets();
    void removes_data();
    void removes();
    void refuses_data();
    void refuses();
    void bad_paths_data();
    void bad_paths();
    void any_text_can_be_a_value();
    void the_shipped_file();
    void random_edits_leave_the_rest();
    void garbage();
};

void TestDocument::reads()
{
    const auto document =
        Document::parse("listen: \"127.0.0.1:1\" # c\n"
                        "providers:\n- name: o\n  api_key: ${OPENAI_API_KEY}\n  demo: {seed: 3}\n- {name: p}\n"
                        "aliases: {\"gpt-4.1\": a, b: }\nnone:\n");
    QVERIFY(document);
    QCOMPARE(bytes(document->scalar("listen").value_or("-")), QByteArray("127.0.0.1:1"));
    QCOMPARE(bytes(document->scalar("providers[0].api_key").value_or("-")), QByteArray("${OPENAI_API_KEY}"));
    QCOMPARE(bytes(document->scalar("providers[0].demo.seed").value_or("-")), QByteArray("3"));
    QCOMPARE(bytes(document->scalar("aliases.\"gpt-4.1\"").value_or("-")), QByteArray("a"));
    QCOMPARE(document->size("providers"), std::size_t{2});
    QCOMPARE(document->size("listen"), std::size_t{0});
    QVERIFY(document->has("none") && document->has("providers[1]") && document->has("aliases.b"));
    QVERIFY(!document->has("providers[2]") && !document->has("nope") && !document->has("listen.x"));
    QVERIFY(!document->scalar("none") && !document->scalar("providers") && !document->scalar("aliases.b"));
    QCOMPARE(document->keys(""), (std::vector<std::string>{"listen", "providers", "aliases", "none"}));
    QCOMPARE(document->keys("aliases"), (std::vector<std::string>{"gpt-4.1", "b"}));
    QVERIFY(document->keys("providers").empty());
    const auto empty = Document::parse("");
    QVERIFY(empty && empty->keys("").empty() && !empty->has("a"));
}

void TestDocument::reads_through_aliases()
{
    const auto document = Document::parse("a: &x\n  b: 1\nc: *x\nd: [*x]\n");
    QVERIFY(document);
    QCOMPARE(bytes(document->scalar("c.b").value_or("-")), QByteArray("1"));
    QCOMPARE(bytes(document->scalar("d[0].b").value_or("-")), QByteArray("1"));
}

void TestDocument::what_is_no_document_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("error");
    QTest::newRow("list") << QByteArray("# c\n- a\n") << QByteArray("2:1: must be a mapping");
    QTest::newRow("scalar") << QByteArray("abc") << QByteArray("1:1: must be a mapping");
    QTest::newRow("syntax") << QByteArray("a: 1\nb: [\n") << QByteArray("not valid YAML");
    QTest::newRow("tab") << QByteArray("a:\n\tb: 1\n")
                         << QByteArray("2:1: not valid YAML: lines must be indented by spaces");
    QTest::newRow("comma") << QByteArray(",") << QByteArray("1:1: not valid YAML: neither a key nor a value");
    QTest::newRow("comma in a second") << QByteArray("a: 1\n...\n,") << QByteArray("3:1: a second document");
    QTest::newRow("open quote") << QByteArray("a: \"x\n") << QByteArray("not valid YAML");
    QTest::newRow("two") << QByteArray("a: 1\n---\nb: 2\n") << QByteArray("3:1: a second document");
    QTest::newRow("nul") << QByteArray("a: \0b", 5) << QByteArray("NUL");
    QTest::newRow("latin-1") << QByteArray("a: \xE9\n") << QByteArray("is not UTF-8");
    QTest::newRow("no such anchor") << QByteArray("a: *b\n") << QByteArray("not valid YAML");
    QTest::newRow("deep") << QByteArray(100'000, '[') << QByteArray("not valid YAML");
    QTest::newRow("large") << QByteArray((1 << 20) + 1, ' ') << QByteArray("larger than 1 MiB");
}

void TestDocument::what_is_no_document()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, error);
    const auto document = Document::parse(text.toStdString());
    QVERIFY(!document);
    QCOMPARE(document.error().code, ErrorCode::config);
    QVERIFY2(bytes(document.error().message).contains(error), document.error().message.c_str());
}

void TestDocument::sets_data()
{
    rows({
        {"plain", "a: 1 # c\nb: 2\n", "a", "10s", "a: 10s # c\nb: 2\n"},
        {"the same", "a: 'x'\n", "a", "x", "a: 'x'\n"},
        {"keeps double quotes", "a: \"x\"\n", "a", "y z", "a: \"y z\"\n"},
        {"keeps single quotes", "a: 'x'  # c\n", "a", "it's", "a: 'it''s'  # c\n"},
        {"quotes a hash", "a: x\n", "a", "b #c", "a: \"b #c\"\n"},
        {"quotes null", "a: x\n", "a", "null", "a: \"null\"\n"},
        {"quotes nothing", "a: x\n", "a", "", "a: \"\"\n"},
        {"escapes", "a: x\n", "a", "q\"\\\n", "a: \"q\\\"\\\\\\x0a\"\n"},
        {"a variable", "a: x\n", "a", "${KEY}", "a: \"${KEY}\"\n"},
        {"an address", "a: x\n", "a", "127.0.0.1:8080", "a: 127.0.0.1:8080\n"},
        {"negative", "a: x\n", "a", "-1.5", "a: -1.5\n"},
        {"a dash", "a: x\n", "a", "- b", "a: \"- b\"\n"},
        {"no value", "a:   # c\nb: 2\n", "a", "1", "a: 1   # c\nb: 2\n"},
        {"a written null", "a: ~ # c\n", "a", "1", "a: 1 # c\n"},
        {"multi-line plain", "a: x\n  y\n\n  z # c\nb: 2\n", "a", "1", "a: 1 # c\nb: 2\n"},
        {"multi-line quoted", "a: \"x\n  # y\"\nb: 2\n", "a", "1", "a: \"1\"\nb: 2\n"},
        {"block scalar", "a: |\n  x\n  # y\n\n# c\nb: 2\n", "a", "1", "a: 1\n\n# c\nb: 2\n"},
        {"kept lines", "a: |+\n  x\n\nb: 2\n", "a", "1", "a: 1\nb: 2\n"},
        {"on the next line", "a:\n  x\nb: 2\n", "a", "1", "a:\n  1\nb: 2\n"},
        {"carriage returns", "a: 1\r\nb:\r\n  c: 1\r\n", "b.d", "2", "a: 1\r\nb:\r\n  c: 1\r\n  d: 2\r\n"},
        {"byte order mark",
         "\xEF\xBB\xBF"
         "a: 1\n",
         "b", "2",
         "\xEF\xBB\xBF"
         "a: 1\nb: 2\n"},
        {"no line end", "a: 1", "b", "2", "a: 1\nb: 2"},
        {"empty", "", "a.b[0].c", "1", "a:\n  b:\n    - c: 1\n"},
        {"only comments", "# x\n", "a", "1", "# x\na: 1\n"},
        {"only a comment, no line end", "# x", "a", "1", "# x\na: 1\n"},
        {"only a mark", "\xEF\xBB\xBF", "a", "1",
         "\xEF\xBB\xBF"
         "a: 1\n"},
        {"markers", "%YAML 1.2\n---\na: 1\n...\n", "b", "2", "%YAML 1.2\n---\na: 1\nb: 2\n...\n"},
        {"nothing between markers", "---\n# c\n...\n", "b", "2", "---\n# c\nb: 2\n...\n"},
        {"a new key", "x:\n    a: 1 # one\n    # b: 2\n\n# y\ny: 1\n", "x.c", "3",
         "x:\n    a: 1 # one\n    # b: 2\n    c: 3\n\n# y\ny: 1\n"},
        {"all commented out", "x:\n  # a: 1\n\n# y\ny: 1\n", "x.a", "2", "x:\n  # a: 1\n  a: 2\n\n# y\ny: 1\n"},
        {"a new section", "x:\n   a: 1\n", "y.z", "1", "x:\n   a: 1\n\ny:\n   z: 1\n"},
        {"behind a deep one", "x:\n  a:\n    b: 1\n  # c\n", "z", "1", "x:\n  a:\n    b: 1\n  # c\nz: 1\n"},
        {"behind a block scalar", "x:\n  a: |\n    t\n\nz: 1\n", "x.b", "1", "x:\n  a: |\n    t\n  b: 1\n\nz: 1\n"},
        {"a list's next", "l:\n- a # c\n# about m\nm: 1\n", "l[1]", "b", "l:\n- a # c\n- b\n# about m\nm: 1\n"},
        {"a list's next mapping", "l:\n  - name: a\n    kind: b\n", "l[1].name", "c",
         "l:\n  - name: a\n    kind: b\n  - name: c\n"},
        {"into the element", "l:\n  - name: a # c\n    kind: b\n", "l[0].seed", "1",
         "l:\n  - name: a # c\n    kind: b\n    seed: 1\n"},
        {"an empty element", "l:\n  -\n  - b\n", "l[0].a", "1", "l:\n  - a: 1\n  - b\n"},
        {"an empty element's value", "l:\n  - # c\n  - b\n", "l[0]", "1", "l:\n  - 1 # c\n  - b\n"},
        {"empty braces", "aliases: {} # c\nb: 1\n", "aliases.\"gpt-4.1\"", "x", "aliases: # c\n  gpt-4.1: x\nb: 1\n"},
        {"empty brackets", "b:\n  l: []\n", "b.l[0].x", "1", "b:\n  l:\n    - x: 1\n"},
        {"flow value", "a: {b: 1, c: [x, 'y']} # c\n", "a.c[1]", "z", "a: {b: 1, c: [x, 'z']} # c\n"},
        {"flow key", "a: {b: 1}\n", "a.c.d", "2", "a: {b: 1, c: {d: 2}}\n"},
        {"flow element", "a: [x]\n", "a[1]", "y, z", "a: [x, \"y, z\"]\n"},
        {"flow, empty inside", "a: {b: {}, c: []}\n", "a.c[0]", "x", "a: {b: {}, c: [x]}\n"},
        {"flow, no value", "a: {b: , c}\n", "a.c", "x", "a: {b: , c: x}\n"},
        {"flow, null to mapping", "a: {b: , c: 1}\n", "a.b.d", "x", "a: {b: {d: x} , c: 1}\n"},
        {"flow over lines", "a: [\n  x, # one\n  y # two\n]\n", "a[2]", "z", "a: [\n  x, # one\n  y, # two\n  z\n]\n"},
        {"flow, last comma", "a: [\n  x,\n  y, # two\n]\n", "a[2]", "z", "a: [\n  x,\n  y, # two\n  z,\n]\n"},
        {"flow, comma in a line", "a: [x, ]\n", "a[1]", "y", "a: [x, y, ]\n"},
        {"flow root", "{a: 1}\n", "b", "2", "{a: 1, b: 2}\n"},
        {"quoted key", "\"a b\": 1\n", "\"a b\"", "2", "\"a b\": 2\n"},
        {"a key with a colon", "m:\n  x: 1\n", "m.\"llama3:8b\"", "y", "m:\n  x: 1\n  \"llama3:8b\": y\n"},
        {"an alias becomes a value", "a: &x 1\nb: *x\n", "b", "2", "a: &x 1\nb: 2\n"},
        {"beside an alias", "a: &x {k: 1}\nb: *x\nc: 1\n", "c", "2", "a: &x {k: 1}\nb: *x\nc: 2\n"},
        {"an anchor nobody uses", "a: &x 1\n", "a", "2", "a: &x 2\n"},
        {"not a null", "a:\nnull: 3\n", "a", "1", "a: 1\nnull: 3\n"},
        {"hash in a value", "a: x#y # c\n", "a", "1", "a: 1 # c\n"},
        {"umlauts", "# \xC3\xA4\xC3\xB6\na: \xC3\xBC\nb: 1\n", "b", "\xC3\x9F",
         "# \xC3\xA4\xC3\xB6\na: \xC3\xBC\nb: \xC3\x9F\n"},
    });
}

void TestDocument::sets()
{
    QFETCH(QByteArray, before);
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, value);
    QFETCH(QByteArray, after);
    auto document = Document::parse(before.toStdString());
    QVERIFY(document);
    const auto done = document->set(path.toStdString(), value.toStdString());
    QVERIFY2(done, done ? "" : done.error().message.c_str());
    QCOMPARE(bytes(document->text()), after);
    QCOMPARE(bytes(document->scalar(path.toStdString()).value_or("-")), value);
}

void TestDocument::removes_data()
{
    rows({
        {"a line", "a: 1\nb: 2 # c\nc: 3\n", "b", "", "a: 1\nc: 3\n"},
        {"nothing there", "a: 1\n", "x.y[3]", "", "a: 1\n"},
        {"with its comments", "# head\n\n# a\na: 1\n# b\n# more\nb: 2\n# c\nc: 3\n", "b", "",
         "# head\n\n# a\na: 1\n# c\nc: 3\n"},
        {"one empty line stays", "a: 1\n\n# b\nb: 2\n\nc: 3\n", "b", "", "a: 1\n\nc: 3\n"},
        {"the last", "a: 1\nb: 2", "b", "", "a: 1\n"},
        {"the only one", "# c\n\na: 1\n", "a", "", "# c\n\n"},
        {"the only one of a mapping", "x: # c\n  a: 1\n  # b: 2\ny: 1\n", "x.a", "", "x: {} # c\n  # b: 2\ny: 1\n"},
        {"the only one of a list", "x:\n- a\ny: 1\n", "x[0]", "", "x: []\ny: 1\n"},
        {"a section", "x:\n  # a\n  a: |\n    t\n    # t\n  # tail\n\ny: 1\n", "x", "", "y: 1\n"},
        {"an element", "l:\n  # one\n  - name: a\n    kind: b\n  # two\n  - name: c\n", "l[0]", "",
         "l:\n  # two\n  - name: c\n"},
        {"behind the dash", "l:\n  - name: a # c\n    kind: b\n", "l[0].name", "", "l:\n  - kind: b\n"},
        {"behind the dash, a text of lines", "l:\n  - name: |\n      # a\n    kind: b\n", "l[0].name", "",
         "l:\n  - kind: b\n"},
        {"a note stays", "l:\n  - name: a\n    # the kind\n    kind: b\n", "l[0].name", "",
         "l:\n  - \n    # the kind\n    kind: b\n"},
        {"all behind the dash", "l:\n  - name: a # c\n  - b\n", "l[0].name", "", "l:\n  - {} # c\n  - b\n"},
        {"flow, first", "a: [x, y, z]\n", "a[0]", "", "a: [y, z]\n"},
        {"flow, middle", "a: {x: 1, y: 2, z: 3} # c\n", "a.y", "", "a: {x: 1, z: 3} # c\n"},
        {"flow, last", "a: [x, y]\n", "a[1]", "", "a: [x]\n"},
        {"flow, only", "a: {x: 1}\n", "a.x", "", "a: {}\n"},
        {"flow, only with comma", "a: [x, ]\n", "a[0]", "", "a: [ ]\n"},
        {"flow over lines", "a: [\n  # one\n  x, # 1\n  y, # 2\n  z # 3\n]\n", "a[0]", "",
         "a: [\n  y, # 2\n  z # 3\n]\n"},
        {"flow over lines, last", "a: [\n  x, # 1\n  z # 3\n]\n", "a[1]", "", "a: [\n  x, # 1\n]\n"},
        {"a hash in a text above", "l:\n- |\n  # text\n- b\n", "l[1]", "", "l:\n- |\n  # text\n"},
        {"carriage returns", "a: 1\r\n# b\r\nb: 2\r\nc: 3\r\n", "b", "", "a: 1\r\nc: 3\r\n"},
        {"an alias", "a: &x 1\nb: *x\n", "b", "", "a: &x 1\n"},
        {"a marker", "---\na: 1\nb: 2\n...\n", "a", "", "---\nb: 2\n...\n"},
    });
}

void TestDocument::removes()
{
    QFETCH(QByteArray, before);
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, after);
    auto document = Document::parse(before.toStdString());
    QVERIFY(document);
    const auto done = document->remove(path.toStdString());
    QVERIFY2(done, done ? "" : done.error().message.c_str());
    QCOMPARE(bytes(document->text()), after);
}

void TestDocument::refuses_data()
{
    rows({
        {"in what aliases share", "a: &x\n  b: 1\nc: *x\n", "a.b", "2", "a.b: other places of the file refer to it"},
        {"through an alias", "a: &x\n  b: 1\nc: *x\n", "c.b", "2", "c.b: it is a reference"},
        {"a shared value", "a: &x 1\nc: *x\n", "a", "2", "other places"},
        {"a mapping", "a: {b: 1}\n", "a", "2", "a: holds further keys"},
        {"a list", "a: []\n", "a", "2", "a: holds a list"},
        {"below a value", "a: 1\n", "a.b", "2", "a.b: holds a single value"},
        {"an element of a mapping", "a: {b: 1}\n", "a[0]", "2", "holds keys, not a list"},
        {"a key of a list", "a: [1]\n", "a.b", "2", "holds a list, not keys"},
        {"beyond the end", "a: [1]\n", "a[2]", "2", "there is no element 1"},
        {"beyond nothing", "", "a[1]", "2", "there is no element 0"},
        {"twice", "a: 1\na: 2\n", "a", "3", "'a' is there more than once"},
        {"a tag", "a: !!str 1\n", "a", "3", "has a YAML tag"},
        {"a question mark", "? a\n: 1\n", "a", "3", "written with a '?'"},
        {"a pair in a list", "l: [a: 1]\n", "l[0].b", "3", "pair without braces"},
        {"no UTF-8", "a: 1\n", "a", "\xE9", "is not UTF-8"},
    });
}

void TestDocument::refuses()
{
    QFETCH(QByteArray, before);
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, value);
    QFETCH(QByteArray, after);
    auto document = Document::parse(before.toStdString());
    QVERIFY(document);
    const auto done = document->set(path.toStdString(), value.toStdString());
    QVERIFY(!done);
    QCOMPARE(done.error().code, ErrorCode::config);
    QVERIFY2(bytes(done.error().message).contains(after), done.error().message.c_str());
    QCOMPARE(bytes(document->text()), before);
    if (before.contains('*')) {
        QVERIFY(!document->remove("a"));
        QCOMPARE(bytes(document->text()), before);
    }
}

void TestDocument::bad_paths_data()
{
    QTest::addColumn<QByteArray>("path");
    for (const char* path : {"", ".", "a.", ".a", "a..b", "[0]", "a[", "a[]", "a[x]", "a[-1]", "a[1", "a[0]b", "a]",
                             "\"a", "\"a\\", "a\"b\"", "a[99999999999999999999999]"})
        QTest::newRow(path) << QByteArray(path);
}

void TestDocument::bad_paths()
{
    QFETCH(QByteArray, path);
    auto document = Document::parse("a: {b: 1}\n");
    QVERIFY(document);
    QVERIFY(!document->has(path.toStdString()));
    QVERIFY(!document->set(path.toStdString(), "1"));
    QVERIFY(!document->remove(path.toStdString()));
}

void TestDocument::any_text_can_be_a_value()
{
    std::mt19937 random(7);
    const std::string alphabet = "ab 0:#-?,[]{}&*!|>'\"%@`\\\n\t\r~.=$\xC3\xA9\x01\x7F";
    for (int round = 0; round < 3'000; ++round) {
        std::string value;
        for (auto size = random() % 8; size > 0; --size) {
            const auto at = random() % alphabet.size();
            value += static_cast<unsigned char>(alphabet[at]) >= 0xA9 ? std::string("\xC3\xA9")
                                                                      : std::string(1, alphabet[at]);
        }
        for (const char* text : {"a: x\n", "a: 'x'\n", "{a: x, b: 1}\n", "b: 1\n", "a: |\n  x\nb: 1\n"}) {
            auto document = Document::parse(text);
            const auto done = document->set("a", value);
            QVERIFY2(done, (done ? "" : done.error().message + value).c_str());
            QCOMPARE(bytes(YAML::Load(document->text())["a"].Scalar()), bytes(value));
        }
    }
}

void TestDocument::the_shipped_file()
{
    const auto built_in = load_config("", "f", fake_env());
    QVERIFY(built_in);
    const auto text = print_config(*built_in);
    const auto before = values(text);
    auto document = Document::parse(text);
    QVERIFY(document);
    QVERIFY(document->set("limits.body_bytes", "1MiB"));
    QVERIFY(document->set("aliases.\"gpt-4.1\"", "o/small"));
    QVERIFY(document->set("providers[0].name", "o"));
    QVERIFY(document->set("providers[0].kind", "openai"));
    QVERIFY(document->set("providers[0].base_url", "http://127.0.0.1:1/v1"));
    QVERIFY(document->set("observability.tracing.exporter.headers.x-a", "b"));
    QCOMPARE(comments(document->text()), comments(text));
    const auto loaded = load_config(document->text(), "f", fake_env());
    QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
    QCOMPARE(loaded->limits.body_bytes, std::size_t{1} << 20);
    QCOMPARE(loaded->providers.size(), std::size_t{1});
    for (const auto& [path, value] : before) {
        if (path != "limits.body_bytes" && path != "aliases" && !path.ends_with(".headers"))
            QCOMPARE(bytes(values(document->text())[path]), bytes(value));
    }
    QVERIFY(document->remove("providers"));
    QVERIFY(document->remove("aliases.\"gpt-4.1\""));
    QCOMPARE(bytes(values(document->text())["aliases"]), QByteArray("{}"));
}

void TestDocument::random_edits_leave_the_rest()
{
    int edits = 0;
    int refused = 0;
    for (unsigned seed = 0; seed < 1'500; ++seed) {
        RandomDocument random(seed);
        const auto text = random.make();
        auto parsed = Document::parse(text);
        if (!parsed)
            continue;
        const auto before = values(text);
        for (int round = 0; round < 6; ++round) {
            auto document = *parsed;
            const auto place = std::next(before.begin(), static_cast<std::ptrdiff_t>(random.pick(before.size())));
            auto path = place->first;
            const bool removing = random.chance(3);
            if (!removing && place->second == "{}")
                path += ".new";
            else if (!removing && place->second == "[]")
                path += "[0]";
            else if (!removing && random.chance(3))
                path = path.substr(0, path.find_last_of('.') + 1) + "new";
            if (path.empty())
                continue;
            const auto done = removing ? document.remove(path) : document.set(path, "new value");
            ++edits;
            if (!done) {
                ++refused;
                QCOMPARE(bytes(document.text()), bytes(text));
                continue;
            }
            auto after = values(document.text());
            QVERIFY2(removing || after[path] == "=new value", document.text().c_str());
            if (!removing) {
                auto left = comments(document.text());
                const auto all = comments(text);
                if (before.count(path) == 0 || before.at(path).find('\n') == std::string::npos)
                    QVERIFY2(left == all || before.count(path) > 0, (text + "\n=>\n" + document.text()).c_str());
                for (const auto& [key, value] : before) {
                    const bool mine = key == path || path.starts_with(key);
                    QVERIFY2(mine || after[key] == value, (path + "\n" + text + "\n=>\n" + document.text()).c_str());
                }
            } else {
                const bool element = path.ends_with(']');
                for (const auto& [key, value] : before) {
                    const bool near =
                        key.starts_with(path) || (element && key.starts_with(path.substr(0, path.rfind('['))));
                    QVERIFY2(near || after[key] == value, (path + "\n" + text + "\n=>\n" + document.text()).c_str());
                }
            }
        }
    }
    QVERIFY(edits > 5'000);
    qInfo("%d edits, %d refused", edits, refused);
    QVERIFY2(refused * 100 < edits, "too many are refused");
}

void TestDocument::garbage()
{
    std::mt19937 random(3);
    const std::vector<std::string> pieces{
        "a",    "b: ", "- ",   "\n",  "\n  ",         "{",    "}",    "[",       "]",     ",",     ": ", "#",
        " ",    "|",   ">",    "&x ", "*x",           "!t ",  "\"",   "'",       "---\n", "...\n", "? ", "\t",
        "\r\n", "~",   "null", "%",   "\xEF\xBB\xBF", "\x04", "<<: ", "\xC3\xA9"};
    int parsed = 0;
    for (int round = 0; round < 40'000; ++round) {
        std::string text = random() % 2 == 0 ? "a: 1\n" : "";
        for (auto size = random() % 14; size > 0; --size)
            text += pieces[random() % pieces.size()];
        auto document = Document::parse(text);
        if (!document)
            continue;
        ++parsed;
        for (const char* path : {"a", "b", "a.b", "b[0]", "a[1]", "b.a[0].b"}) {
            auto copy = *document;
            if (const auto done = copy.set(path, "v"); done)
                QCOMPARE(bytes(Document::parse(copy.text())->scalar(path).value_or("-")), QByteArray("v"));
            else
                QCOMPARE(bytes(copy.text()), bytes(text));
            copy = *document;
            if (copy.remove(path))
                QVERIFY(Document::parse(copy.text()));
        }
    }
    QVERIFY(parsed > 10'000);
}

QTEST_APPLESS_MAIN(TestDocument)
#include "tst_document.moc"
