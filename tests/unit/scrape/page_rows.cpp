// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "unit/scrape/page_rows.h"

namespace tokenscope::test {

using namespace std::string_literals;
using scrape::Format;

namespace {

constexpr auto text = Format::text;
constexpr auto om = Format::open_metrics;

} // namespace

std::vector<PageRow> good_rows()
{
    return {
        {"empty", text, ""},
        {"only empty lines", text, "\n\n \t\n"},
        {"no line feed at the end", text, "a 1\nb 2"},
        {"comments", text, "#\n#x\n# x\n#HELP\n# HELPa b\n# HELP\n# TYPE\n#TYPE a nonsense\n \t# x\na 1\n"},
        {"tabs and spaces", text, "a\t{ \tb\t=\t\"c\" ,\td = \"e\"\t}\t1 \t\n"},
        {"value at the brace", text, "a{b=\"c\"}1\n"},
        {"value at the name", text, "a+1\nb-2\nc.5\n"},
        {"comma at the end", text, "a{b=\"c\",} 1\n"},
        {"no commas", text, "a{b=\"c\"d=\"e\" f=\"g\"} 1\n"},
        {"no labels in braces", text, "a{} 1\nb { } 2\n"},
        {"escapes", text, "a{b=\"\\\\ \\\" \\n\"} 1\n"},
        {"unknown escapes stay", text, "a{b=\"\\t\\x\\u0041\\\\\\\\t\"} 1\n"},
        {"line break in a value", text, "a{b=\"c\nd\"} 1\ne 2\n"},
        {"braces and commas in a value", text, "a{b=\"}{,=# 1\"} 1\n"},
        {"empty label values are none", text, "a{b=\"\",c=\"d\"} 1\n"},
        {"UTF-8", text, "# HELP a \xC3\xA4\na{b=\"\xE6\xA8\xA1\xF0\x9F\x92\xA1\"} 1\n"},
        {"broken UTF-8 in a comment", text, "# \xFF\na 1\n"},
        {"colons and underscores", text, "_a:b:c_1{_a1=\"x\"} 1\n:a 2\n"},
        {"names of keywords", text, "NaN 1\nInf{Inf=\"NaN\"} 2\n"},
        {"numbers", text,
         "a 1e5\nb 1E+5\nc 1e-05\nd .5\ne 5.\nf -0\ng +7\nh 0123\ni 1e-400\nj 123456789012345678901234567890\n"},
        {"numbers to the last digit", text,
         "a 4.9351e-05\nb 7.424100000000001e-05\nc 1.7976931348623157e308\nd 4.9e-324\n"},
        {"infinities", text, "a +Inf\nb -Inf\nc Inf\nd inf\ne -infinity\nf +INFINITY\n"},
        {"not a number", text, "a NaN\nb nan\nc NAN\n"},
        {"times", text, "a 1 1700000000000\nb 2\t0\nc 3 1700000000001 \n"},
        {"metadata", text,
         "# HELP a x \\n \\\\ \\\" \\y\n# TYPE a counter\na 1\n#  TYPE   b gauge\nb 2\n"
         "# TYPE c untyped\n# TYPE d summary\n# TYPE e histogram\n# HELP f\n# HELP g \n"},
        {"type after the samples, and twice", text, "a 1\n# TYPE a counter\n# TYPE a gauge\n"},
        {"help at something else than a space", text, "# HELP a{x y\na 1\n"},
        {"a series twice", text, "a 1\nb 5\na 2\n"},
        {"families interleaved", text, "# TYPE a counter\na{x=\"1\"} 1\n# TYPE b gauge\nb 2\na{x=\"2\"} 3\n"},
        {"EOF is a comment", text, "a 1\n# EOF\nb 2\n"},

        {"OpenMetrics, empty", om, "# EOF\n"},
        {"OpenMetrics, no line feed at the end", om, "a 1\n# EOF"},
        {"OpenMetrics, all types", om,
         "# HELP a x \\n \\\\ \\\" \\y\n# TYPE a counter\na_total 1\na_created 1700000000.5\n# TYPE b gauge\nb 1\n# "
         "TYPE c histogram\n"
         "c_bucket{le=\"1.0\"} 1\nc_bucket{le=\"+Inf\"} 2\nc_sum 3\nc_count 2\n# TYPE d gaugehistogram\nd_gcount 1\n# "
         "TYPE e summary\n"
         "e{quantile=\"0.5\"} 1\n# TYPE f info\nf_info{v=\"1\"} 1\n# TYPE g stateset\ng{g=\"on\"} 1\n# TYPE h "
         "unknown\nh 1\n# EOF\n"},
        {"OpenMetrics, units", om,
         "# TYPE a_seconds gauge\n# UNIT a_seconds seconds\na_seconds 1\n# UNIT b \n# HELP c \n# EOF\n"},
        {"OpenMetrics, times", om, "a 1 1700000000\nb 2 1700000000.789\nc 3 -1.5\nd 4 1.7e9\n# EOF\n"},
        {"OpenMetrics, exemplars", om,
         "a_total 1 # {trace_id=\"x\\\"y\"} 0.5\nb_bucket{le=\"1.0\"} 1 # {a=\"b\",c=\"d\"} 0.5 1700000000.123\n"
         "c_total 1 1700000000 # {} 7\n# EOF\n"},
        {"OpenMetrics, labels", om, "a{} 1\nb{c=\"d\",e=\"\\\\ \\\" \\n \\t\"} 2\nf{g=\"\"} 3\n# EOF\n"},
        {"OpenMetrics, a tab in a value", om, "a{b=\"\t\"} 1\n# EOF\n"},
        {"OpenMetrics, numbers", om, "a NaN\nb +Inf\nc -Inf\nd 1e5\n# EOF\n"},
        {"OpenMetrics, a series twice", om, "a 1\na 2\n# EOF\n"},
    };
}

std::vector<PageRow> bad_rows()
{
    return {
        {"name alone", text, "a\n", 1, "value"},
        {"name and labels alone", text, "x 1\na{b=\"c\"}\n", 2, "value"},
        {"no name", text, "\n{b=\"c\"} 1\n", 2, "name"},
        {"name in quotes", text, "{\"a.b\"} 1\n", 1, "name"},
        {"label name in quotes", text, "a{\"b.c\"=\"d\"} 1\n", 1, "newer format"},
        {"name in quotes in TYPE", text, "# TYPE \"a.b\" gauge\n", 1, "newer format"},
        {"a number alone", text, "1\n", 1, "name"},
        {"dots in a name", text, "a.b 1\n", 1, "\".b\" is not a number"},
        {"broken UTF-8 in a name", text, "a\xFF 1\n", 1, "not a number"},
        {"word as value", text, "a true\n", 1, "\"true\" is not a number"},
        {"hexadecimal", text, "a 0x10\n", 1, "number"},
        {"hexadecimal float", text, "a 0x1p-2\n", 1, "number"},
        {"underscore in a number", text, "a 1_000\n", 1, "number"},
        {"two signs", text, "a +-1\n", 1, "number"},
        {"sign alone", text, "a -\n", 1, "number"},
        {"signed NaN", text, "a -NaN\n", 1, "number"},
        {"NaN with a payload", text, "a nan(1)\n", 1, "number"},
        {"number too large", text, "a 1e400\n", 1, "number"},
        {"number too large without exponent", text, "a 1" + std::string(400, '0') + "\n", 1, "number"},
        {"number with a comma", text, "a 1,5\n", 1, "number"},
        {"CR LF", text, "# x\r\na 1\r\n", 2, "CR LF"},
        {"CR LF after a type", text, "# TYPE a gauge\r\n", 1, "CR LF"},
        {"CR LF after a time", text, "a 1 5\r\n", 1, ""},
        {"comment after a value", text, "a 1 # x\n", 1, "more after the value"},
        {"exemplar in the older format", text, "a 1 # {b=\"c\"} 1\n", 1, "more after the value"},
        {"negative time", text, "a 1 -5\n", 1, "more after the value"},
        {"time in seconds", text, "a 1 1700000000.5\n", 1, "milliseconds"},
        {"time too large", text, "a 1 9223372036854775808\n", 1, "milliseconds"},
        {"two times", text, "a 1 5 6\n", 1, "more after the time"},
        {"brace after the value", text, "a 1{b=\"c\"}\n", 1, "more after the value"},
        {"two label sets", text, "a{b=\"c\"}{d=\"e\"} 1\n", 1, "value"},
        {"brace not closed", text, "a{b=\"c\" 1\nd 2\n", 1, "label's name"},
        {"quote not closed", text, "x 1\na{b=\"c} 1\n", 2, "no closing quote"},
        {"quote not closed at the end of the page", text, "a{b=\"", 1, "no closing quote"},
        {"backslash at the end of the page", text, "a{b=\"\\", 1, "no closing quote"},
        {"value without quotes", text, "a{b=c} 1\n", 1, "quotes"},
        {"value in single quotes", text, "a{b='c'} 1\n", 1, "quotes"},
        {"label without value", text, "a{b} 1\n", 1, "= after"},
        {"no label name", text, "a{=\"c\"} 1\n", 1, "label's name"},
        {"spaces before a name", text, "  a 1\n", 1, "blanks"},
        {"two commas", text, "a{b=\"c\",,d=\"e\"} 1\n", 1, "label's name"},
        {"comma alone", text, "a{,} 1\n", 1, "label's name"},
        {"label name begins with a digit", text, "a{1b=\"c\"} 1\n", 1, "label's name"},
        {"colon in a label name", text, "a{b:c=\"d\"} 1\n", 1, "= after"},
        {"a label twice", text, "x 1\na{b=\"c\",d=\"e\",b=\"f\"} 1\n", 2, "\"b\" is there twice"},
        {"__name__ as a label", text, "a{__name__=\"b\"} 1\n", 1, "__name__"},
        {"broken UTF-8 in a label", text, "a 1\n\na{b=\"\xC3\"} 1\n", 3, "UTF-8"},
        {"overlong UTF-8 in a label", text, "a{b=\"\xC0\xAF\"} 1\n", 1, "UTF-8"},
        {"surrogate in a label", text, "a{b=\"\xED\xA0\x80\"} 1\n", 1, "UTF-8"},
        {"broken UTF-8 in a help text", text, "# HELP a \xFF\n", 1, "UTF-8"},
        {"unknown type", text, "# TYPE a enum\n", 1, "\"enum\" is not a metric's type"},
        {"type of the other format", text, "# TYPE a unknown\n", 1, "type"},
        {"type in capitals", text, "# TYPE a Counter\n", 1, "type"},
        {"space after the type", text, "# TYPE a counter \n", 1, "type"},
        {"two spaces before the type", text, "# TYPE a  gauge\n", 1, "type"},
        {"no type", text, "# TYPE a\n", 1, "type"},
        {"no name in TYPE", text, "# TYPE  \n", 1, "name"},
        {"bad name in HELP", text, "# HELP 1a x\n", 1, "name"},
        {"NUL at the start of a line", text, "a 1\n\0b 2\n"s, 2, "NUL", false},
        {"NUL in a label", text, "a{b=\"\0\"} 1\n"s, 1, "NUL", false},
        {"NUL in a name", text, "a\0 1\n"s, 1, "NUL"},
        {"a page of HTML", text, "<!DOCTYPE html>\n<html>\n", 1, "name"},
        {"a page of JSON", text, "{\"status\":\"success\"}\n", 1, "name"},
        {"gzip", text, "\x1F\x8B\x08\x00\x01\x02"s, 1, "NUL"},
        {"byte order mark", text,
         "\xEF\xBB\xBF"
         "a 1\n",
         1, "name"},
        {"line separator", text,
         "a 1\xE2\x80\xA8"
         "b 2\n",
         1, "number"},

        {"OpenMetrics, no EOF", om, "a 1\n", 2, "# EOF"},
        {"OpenMetrics, empty", om, "", 1, "# EOF"},
        {"OpenMetrics, more after EOF", om, "a 1\n# EOF\nb 2\n", 3, "after # EOF"},
        {"OpenMetrics, empty line after EOF", om, "a 1\n# EOF\n\n", 3, "after # EOF"},
        {"OpenMetrics, two EOF", om, "# EOF\n# EOF\n", 2, "after # EOF"},
        {"OpenMetrics, space after EOF", om, "# EOF \n", 1, "after # EOF"},
        {"OpenMetrics, empty line", om, "a 1\n\n# EOF\n", 2, "empty lines"},
        {"OpenMetrics, comment", om, "# x\n# EOF\n", 1, "no lines with #"},
        {"OpenMetrics, no space after #", om, "#EOF\n", 1, "no lines with #"},
        {"OpenMetrics, two spaces", om, "a  1\n# EOF\n", 1, "value"},
        {"OpenMetrics, tab", om, "a\t1\n# EOF\n", 1, "space"},
        {"OpenMetrics, space at the start", om, " a 1\n# EOF\n", 1, "name"},
        {"OpenMetrics, space at the end", om, "a 1 \n# EOF\n", 1, "time in seconds"},
        {"OpenMetrics, space before the brace", om, "a {b=\"c\"} 1\n# EOF\n", 1, "number"},
        {"OpenMetrics, space between labels", om, "a{b=\"c\", d=\"e\"} 1\n# EOF\n", 1, "label's name"},
        {"OpenMetrics, no comma", om, "a{b=\"c\"d=\"e\"} 1\n# EOF\n", 1, "comma"},
        {"OpenMetrics, comma at the end", om, "a{b=\"c\",} 1\n# EOF\n", 1, "label's name"},
        {"OpenMetrics, two commas", om, "a{b=\"c\",,} 1\n# EOF\n", 1, "label's name"},
        {"OpenMetrics, value at the brace", om, "a{b=\"c\"}1\n# EOF\n", 1, "space"},
        {"OpenMetrics, line break in a value", om, "a{b=\"c\nd\"} 1\n# EOF\n", 1, "no closing quote"},
        {"OpenMetrics, backslash and line break", om, "a{b=\"c\\\nd\"} 1\n# EOF\n", 1, "no closing quote"},
        {"OpenMetrics, CR LF", om, "a 1\r\n# EOF\r\n", 1, "CR LF"},
        {"OpenMetrics, a label twice", om, "a{b=\"c\",b=\"c\"} 1\n# EOF\n", 1, "twice"},
        {"OpenMetrics, type of the other format", om, "# TYPE a untyped\n# EOF\n", 1, "type"},
        {"OpenMetrics, no type", om, "# TYPE a\n# EOF\n", 1, "space"},
        {"OpenMetrics, no help", om, "# HELP a\n# EOF\n", 1, "space"},
        {"OpenMetrics, unit that does not fit", om, "# UNIT a_seconds bytes\n# EOF\n", 1, "unit"},
        {"OpenMetrics, unit that is the name", om, "# UNIT seconds seconds\n# EOF\n", 1, "unit"},
        {"OpenMetrics, unit without underscore", om, "# UNIT aseconds seconds\n# EOF\n", 1, "unit"},
        {"OpenMetrics, time that is none", om, "a 1 x\n# EOF\n", 1, "seconds"},
        {"OpenMetrics, endless time", om, "a 1 +Inf\n# EOF\n", 1, "seconds"},
        {"OpenMetrics, time that is NaN", om, "a 1 NaN\n# EOF\n", 1, "seconds"},
        {"OpenMetrics, time far away", om, "a 1 1e300\n# EOF\n", 1, "seconds", false},
        {"OpenMetrics, comma alone", om, "a{,} 1\n# EOF\n", 1, "label's name"},
        {"OpenMetrics, comma at the end of an exemplar", om, "a_total 1 # {b=\"c\",} 1\n# EOF\n", 1, "label's name"},
        {"OpenMetrics, two times", om, "a 1 1 2\n# EOF\n", 1, "more after"},
        {"OpenMetrics, exemplar of a gauge", om, "# TYPE a gauge\na 1 # {b=\"c\"} 2\n# EOF\n", 2, "_total or _bucket"},
        {"OpenMetrics, exemplar of a sum", om, "d_sum 3 # {} 4 1700000000\n# EOF\n", 1, "_total or _bucket"},
        {"OpenMetrics, exemplar without value", om, "a_total 1 # {b=\"c\"}\n# EOF\n", 1, "value"},
        {"OpenMetrics, exemplar without labels", om, "a_total 1 # 5\n# EOF\n", 1, ""},
        {"OpenMetrics, exemplar not closed", om, "a_total 1 # {b=\"c\" 1\n# EOF\n", 1, "comma"},
        {"OpenMetrics, exemplar with a bad time", om, "a_total 1 # {} 1 x\n# EOF\n", 1, "seconds"},
        {"OpenMetrics, more after an exemplar", om, "a_total 1 # {} 1 2 3\n# EOF\n", 1, "more after the exemplar"},
        {"OpenMetrics, two exemplars", om, "a_total 1 # {} 1 # {} 2\n# EOF\n", 1, ""},
    };
}

} // namespace tokenscope::test
