// set_format: the display formats of columns, in Stata's notation.
#include "bindings/commands/value_verbs.hpp"
#include "bindings/frame_values.hpp"
#include "bindings/open.hpp"
#include "bindings/reported.hpp"
#include "bindings/table_options.hpp"
#include "core/text.hpp"
#include "data/date.hpp"
#include "data/display_format.hpp"

#include <algorithm>
#include <cmath>

namespace bindings {
namespace {

using core::Kind;
using data::DisplayFormat;
using data::Type;

bool of_days(const DisplayFormat& f) { return f.kind == DisplayFormat::Kind::date && (f.unit == 'd' || f.unit == 'c'); }

/// Numbers that a %td or %tc format declares to be days or milliseconds since 1960, as dates; null when some are no
/// whole day.
data::ColumnPtr as_dates(const data::Column& column, const DisplayFormat& f) {
  constexpr double furthest = 1e7;
  const double unit = f.unit == 'd' ? 1 : static_cast<double>(data::day_milliseconds);
  std::vector<std::int64_t> days(column.size(), data::missing_integer);
  for (std::size_t i = 0; i < days.size(); ++i) {
    if (column.missing(i)) continue;
    const double day = column.number(i) / unit;
    if (day != std::floor(day) || std::abs(day) > furthest) return nullptr;
    days[i] = static_cast<std::int64_t>(day) + data::stata_epoch;
  }
  return data::Column::dates(std::move(days))->labelled(column.label());
}

core::Error does_not_suit(const std::string& name, Type type, const std::string& format) {
  core::Error error("'" + name + "' is a " + std::string(data::name_of(type)) + " column: the format " + format +
                    " does not suit it");
  error.word(name);
  switch (type) {
    case Type::text:
      return error.hint("strings take %20s; destring makes numbers of them, date() dates");
    case Type::date:
      return error.hint("dates take %td or %tc; mofd(" + name + ") makes months (%tm), qofd() quarters, wofd() weeks");
    default:
      return error.hint("numbers take %9.2f, %9.0g, %10.3e, %12.0fc");
  }
}

data::ColumnPtr shown_so(const std::string& name, const data::ColumnPtr& column, const std::string& format) {
  if (format.empty()) return column->formatted("");
  const std::optional<DisplayFormat> f = data::parse_display_format(format);
  if (!f)
    throw core::Error("'" + format + "' is no display format")
        .word(format)
        .hint("%9.2f, %9.0g, %10.3e, %12.0fc, %20s, %td, %tm, %tq, %tw, %ty, %tc (help format)");
  if ((column->type() == Type::integer || column->type() == Type::real) && of_days(*f))
    if (data::ColumnPtr dates = as_dates(*column, *f)) {
      say_note("'" + name + "' holds " + (f->unit == 'd' ? "days" : "milliseconds") +
               " since 1960: it is a date column now");
      return dates->formatted(format);
    }
  if (!data::suits(format, column->type())) throw does_not_suit(name, column->type(), format);
  if (f->kind == DisplayFormat::Kind::date && column->type() == Type::real) {
    const std::vector<double> values = column->numbers();
    const auto broken =
        std::count_if(values.begin(), values.end(), [](double x) { return x != std::floor(x) && !std::isnan(x); });
    if (broken > 0)
      say_note("'" + name + "' holds " + core::counted(broken, "number") + " that " + (broken == 1 ? "is" : "are") +
               " not whole: " + format + " shows " + (broken == 1 ? "it as a number" : "them as numbers") + "; floor(" +
               name + ") makes them whole");
  }
  return column->formatted(format);
}

int set_format(lua_State* L, Arguments& a) {
  const FrameRef box = a.box();
  data::Frame frame = box->frame;
  const std::vector<std::string> named = a.column_names("columns");
  if (a.has("format")) {
    if (named.empty()) throw core::Error("no column is named").word("format").hint("set_format(x, format=\"%9.2f\")");
    for (const std::string& name : named) frame = frame.with(name, shown_so(name, frame.at(name), a.text("format")));
    const data::Panel* panel = box->frame.panel();
    if (panel && !frame.panel()) frame = frame.with_panel(panel->unit, panel->time);  // a format changes no time
    box->frame = frame;
    return 0;
  }
  report::Table table;
  table.header.push_back(header_row({"Column", "Type", "Format"}));
  table.align = {report::Align::left, report::Align::left, report::Align::left};
  for (const std::string& name : named.empty() ? frame.names() : named) {
    const data::ColumnPtr column = frame.at(name);
    table.body.push_back(text_row(
        {name, std::string(data::name_of(column->type())), column->format().empty() ? "." : column->format()}));
  }
  push_value(L, std::make_shared<const report::Table>(std::move(table)));
  return 1;
}

}  // namespace

void add_format_command(Registry& registry) {
  registry.add(
      {{.name = "set_format",
        .topic = "data",
        .summary = "How columns are shown, in Stata's notation (%9.2f, %td, %tm); without a format, a list",
        .args = {{.name = "columns",
                  .kind = Kind::columns,
                  .doc = "the columns; all in a list",
                  .optional = true,
                  .repeated = true}},
        .options =
            {{.name = "format", .kind = Kind::text, .doc = "the format; \"\" takes it away", .default_text = {}}},
        .example = "set_format(gdp, format=\"%12.0fc\")"},
       set_format,
       true,
       false});
}

}  // namespace bindings
