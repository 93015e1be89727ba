#include "report/table.hpp"

#include <catch2/catch.hpp>

using report::Align;
using report::Table;

namespace {

Table estimates() {
  Table t;
  t.title = "Effect & cost of 50% _cuts_";
  t.label = "tab:main";
  t.align = {Align::left, Align::decimal, Align::decimal};
  t.header = {{{{}, {.text = "Services", .span = 2}}}, {{{}, {.text = "(1)"}, {.text = "(2)"}}}};
  t.body = {{{{.text = "treat_post"}, {.text = "-0.0123", .stars = "***"}, {.text = "10.5"}}},
            {{{}, {.text = "(0.0045)"}, {.text = "(2.25)"}}},
            {{{.text = "城市"}, {.text = "Yes"}, {.text = "No"}}, true},
            {{{.text = "N"}, {.text = "1,000,410"}, {.text = "410"}}}};
  t.notes = {"* p<0.1", "[a] 100% of rows"};
  return t;
}

}  // namespace

TEST_CASE("display width counts wide characters twice and combining ones not at all") {
  CHECK(report::display_width("ser") == 3);
  CHECK(report::display_width("城市") == 4);
  CHECK(report::display_width("e\u0301") == 1);
  CHECK(report::display_width("R²") == 2);
  CHECK(report::display_width("\xff") == 1);
  CHECK(report::pad("城市", 6, Align::left) == "城市  ");
  CHECK(report::pad("城市", 6, Align::right) == "  城市");
  CHECK(report::pad("ab", 5, Align::center) == " ab  ");
  CHECK(report::pad("abcdef", 3, Align::left) == "abcdef");
}

TEST_CASE("a table as text: points, wide names, spans and rules align") {
  CHECK("\n" + report::render_text(estimates()) == R"(
Effect & cost of 50% _cuts_
━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
                 Services
            ──────────────────
               (1)       (2)
──────────────────────────────
treat_post  -0.0123***  10.5
            (0.0045)    (2.25)
──────────────────────────────
城市           Yes        No
N           1,000,410    410
━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
* p<0.1
[a] 100% of rows
)");
}

TEST_CASE("ASCII rules and ANSI marks are drawn only when asked for") {
  Table t;
  t.title = "T";
  t.header = {{{{.text = "a"}, {.text = "b"}}}};
  t.body = {{{{.text = "x"}, {.text = "1"}}}};
  t.notes = {"n"};
  CHECK(report::render_text(t, {.ascii = true}) == "T\n====\na  b\n----\nx  1\n====\nn\n");
  CHECK(report::render_text(t, {.color = true, .ascii = true}) ==
        "\x1b[1mT\x1b[0m\n\x1b[2m====\x1b[0m\n\x1b[1ma\x1b[0m  \x1b[1mb\x1b[0m\n\x1b[2m----\x1b[0m\nx  1\n"
        "\x1b[2m====\x1b[0m\n\x1b[2mn\x1b[0m\n");
}

TEST_CASE("notes wrap at the width asked for, between words or wide characters") {
  Table t;
  t.notes = {"Standard errors in parentheses", "括号内为标准误"};
  CHECK(report::render_text(t, {.width = 12}) == "Standard\nerrors in\nparentheses\n括号内为标准\n误\n");
}

TEST_CASE("a title wider than its columns spreads them") {
  Table t;
  t.align = {Align::left, Align::right, Align::right};
  t.header = {{{{}, {.text = "a long heading", .span = 2}}}};
  t.body = {{{{.text = "x"}, {.text = "1"}, {.text = "2"}}}};
  CHECK(report::render_text(t, {.ascii = true}) ==
        "=================\n   a long heading\n-----------------\nx       1       2\n"
        "=================\n");
}

TEST_CASE("a table as LaTeX escapes everything and marks stars and minus signs") {
  CHECK("\n" + report::render_latex(estimates()) == R"(
% needs \usepackage{booktabs,threeparttable}
% Chinese, Japanese or Korean text: compile with XeLaTeX and \usepackage{ctex}
\begin{table}[htbp]
\centering
\providecommand{\sym}[1]{\rlap{\textsuperscript{#1}}}
\begin{threeparttable}
\caption{Effect \& cost of 50\% \_cuts\_}
\label{tab:main}
\begin{tabular}{lcc}
\toprule
 & \multicolumn{2}{c}{Services} \\
\cmidrule(lr){2-3}
 & (1) & (2) \\
\midrule
treat\_post & $-$0.0123\sym{***} & 10.5 \\
 & (0.0045) & (2.25) \\
\midrule
城市 & Yes & No \\
N & 1,000,410 & 410 \\
\bottomrule
\end{tabular}
\begin{tablenotes}[flushleft]
\footnotesize
\item {}* p$<$0.1
\item {}[a] 100\% of rows
\end{tablenotes}
\end{threeparttable}
\end{table}
)");
  Table t;
  t.label = "tab}\\evil";
  t.body = {{{{.text = "\\{}$&#_%^~<>|R² [0,1]"}}}, {{{.text = "[x]"}}}};
  const std::string tex = report::render_latex(t);
  CHECK_THAT(tex, Catch::Contains("\\textbackslash{}\\{\\}\\$\\&\\#\\_\\%\\textasciicircum{}\\textasciitilde{}$<$$>$$|$"
                                  "R\\textsuperscript{2} [0,1] \\\\\n{}[x] \\\\\n"));
  CHECK_THAT(tex, Catch::Contains("\\label{tab--evil}"));
  Table interval;
  interval.body = {{{{.text = "a-1"}, {.text = "[-1.5, -0.2]"}}}};
  CHECK_THAT(report::render_latex(interval), Catch::Contains("a-1 & {}[$-$1.5, $-$0.2] \\\\"));
  CHECK_THAT(tex, !Catch::Contains("\\sym"));
}

TEST_CASE("a table as HTML is escaped, and its parts say what they are") {
  Table t;
  t.title = "A < B & \"C\"";
  t.header = {{{{}, {.text = "<b>", .span = 2}}}};
  t.body = {{{{.text = "x & y", .header = true}, {.text = "-1.5", .stars = "*"}, {.text = "a-b"}}}};
  t.notes = {"p < 0.1"};
  const std::string html = report::render_html(t);
  CHECK_THAT(html, Catch::Contains(">A &lt; B &amp; &quot;C&quot;</caption>"));
  CHECK_THAT(html, Catch::Contains("colspan=\"2\" scope=\"colgroup\""));
  CHECK_THAT(html, Catch::Contains(">&lt;b&gt;</th>"));
  CHECK_THAT(html, Catch::Contains("<th scope=\"row\"") && Catch::Contains(">x &amp; y</th>"));
  CHECK_THAT(html, Catch::Contains(">−1.5<sup>*</sup></td>") && Catch::Contains(">a-b</td>"));
  CHECK_THAT(html,
             Catch::Contains("<tfoot") && Catch::Contains("colspan=\"3\"") && Catch::Contains(">p &lt; 0.1</td>"));
  CHECK_THAT(html, !Catch::Contains("<b>"));
}

TEST_CASE("a table as Markdown stacks its headers and escapes pipes and stars") {
  CHECK("\n" + report::render_markdown(estimates()) == R"(
**Effect & cost of 50% \_cuts\_**

|             | Services<br>(1) |    (2) |
| :---------- | --------------: | -----: |
| treat\_post |   -0.0123\*\*\* |   10.5 |
|             |        (0.0045) | (2.25) |
| 城市        |             Yes |     No |
| N           |       1,000,410 |    410 |

\* p\<0.1

[a] 100% of rows
)");
  Table t;
  t.header = {{{{.text = "a|b"}}}};
  CHECK(report::render_markdown(t) == "| a\\|b |\n| :--- |\n");
}

TEST_CASE("a table as CSV quotes what needs quotes") {
  Table t;
  t.header = {{{{}, {.text = "a,b", .span = 2}, {.text = "c"}}}};
  t.body = {{{{.text = "say \"x\""}, {.text = "1.5", .stars = "**"}, {.text = " y"}, {.text = "l\nm"}}},
            {{{.text = "z"}}}};
  CHECK(report::render_csv(t) == ",\"a,b\",,c\n\"say \"\"x\"\"\",1.5**,\" y\",\"l\nm\"\nz,,,\n");
}

TEST_CASE("an empty table prints nothing but its frame") {
  CHECK(report::render_text({}).empty());
  CHECK(report::render_csv({}).empty());
  report::Table brackets;  // spreadsheets read a bare (0.12) as -0.12
  brackets.body = {{{{.text = "se"}, {.text = "(0.12)"}, {.text = "(a)"}, {.text = "()"}}}};
  CHECK(report::render_csv(brackets) == "se,\"=\"\"(0.12)\"\"\",(a),()\n");
  CHECK(report::render_markdown({}).empty());
  CHECK_THAT(report::render_html({}), Catch::Contains("<tbody>\n  </tbody>"));
  CHECK_THAT(report::render_latex({}), !Catch::Contains("tabular"));
}

TEST_CASE("spaces that begin a cell are an indent; a page on its side is a sideways table") {
  Table t;
  t.landscape = true;
  t.body = {{{{.text = "  level"}, {.text = "1"}}}};
  const std::string tex = report::render_latex(t);
  CHECK_THAT(tex, Catch::Contains("\\hspace{1.0em}level & 1 \\\\") && Catch::Contains("\\begin{sidewaystable}[htbp]") &&
                      Catch::Contains("\\end{sidewaystable}") && Catch::Contains("threeparttable,rotating}"));
  CHECK_THAT(report::render_html(t), Catch::Contains(">&ensp;level</td>"));
}
