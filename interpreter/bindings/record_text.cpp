// Records as help text and as JSON.
#include "bindings/record_text.hpp"

#include "bindings/convert.hpp"
#include "bindings/pages.hpp"
#include "bindings/session.hpp"
#include "core/text.hpp"
#include "formula/evaluate.hpp"
#include "report/table.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace bindings {
namespace {

using Json = nlohmann::ordered_json;
using core::Kind;

/// Text broken at spaces to `width` columns, further lines indented.
std::string wrapped(const std::string& text, int width, int indent) {
  std::string out, line;
  for (const std::string& word : core::split(text, ' ')) {
    if (!line.empty() && report::display_width(line) + 1 + report::display_width(word) > width) {
      out += line + "\n" + std::string(static_cast<std::size_t>(indent), ' ');
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  return out + line;
}

std::string described_arg(const core::ArgSpec& arg) {
  std::string text = arg.kind == Kind::any && !arg.doc.empty() ? "" : kind_text(arg.kind);
  if (!arg.doc.empty()) text += (text.empty() ? "" : "; ") + arg.doc;
  return text + (arg.optional ? " (optional)" : "");
}

Json json_of(const core::ArgSpec& arg) {
  return {{"name", arg.name},
          {"takes", kind_text(arg.kind)},
          {"doc", arg.doc},
          {"optional", arg.optional},
          {"repeated", arg.repeated}};
}

Json json_of(const core::OptionSpec& option) {
  Json out = {{"name", option.name},     {"takes", kind_text(option.kind)},
              {"doc", option.doc},       {"default", option.default_text},
              {"one_of", option.one_of}, {"aliases", option.aliases}};
  if (std::isfinite(option.min)) out["min"] = option.min;
  if (std::isfinite(option.max)) out["max"] = option.max;
  return out;
}

Json json_of(const core::Record& record) {
  Json args = Json::array(), options = Json::array();
  for (const core::ArgSpec& arg : record.args) args.push_back(json_of(arg));
  for (const core::OptionSpec& option : record.options) options.push_back(json_of(option));
  return {{"name", record.name},       {"topic", record.topic},
          {"summary", record.summary}, {"args", args},
          {"options", options},        {"open_keywords", record.open_keywords},
          {"source", record.source},   {"example", record.example}};
}

}  // namespace

std::string record_text(const core::Record& record, int width) {
  std::vector<std::string> shape;
  for (const core::ArgSpec& arg : record.args) {
    const std::string name = arg.repeated ? arg.name + ", …" : arg.name;
    shape.push_back(arg.optional ? "[" + name + "]" : name);
  }
  if (!record.options.empty()) shape.emplace_back("options");
  std::string out =
      record.name + "(" + core::join(shape, ", ") + ")\n  " + wrapped(record.summary, width - 2, 2) + "\n";
  int longest = 8;
  for (const core::ArgSpec& arg : record.args) longest = std::max(longest, report::display_width(arg.name));
  for (const core::OptionSpec& option : record.options)
    longest = std::max(longest, report::display_width(option.name) + 1);
  const int left = longest + 4;
  const auto entry = [&](const std::string& name, const std::string& text) {
    const std::string head = "  " + report::pad(name, left - 4, report::Align::left) + "  ";
    out += head + wrapped(text, width - left, left) + "\n";
  };
  if (!record.args.empty()) out += "\narguments\n";
  for (const core::ArgSpec& arg : record.args) entry(arg.name, described_arg(arg));
  if (!record.options.empty()) out += "\noptions\n";
  for (const core::OptionSpec& option : record.options) {
    std::string text = option.doc;
    if (option.kind == Kind::text && !option.one_of.empty())
      text += (text.empty() ? "" : "; ") + ("one of " + core::join(option.one_of, ", "));
    if (text.empty()) text = kind_text(option.kind);
    if (!option.default_text.empty()) text += " (default: " + option.default_text + ")";
    entry(option.name + "=", text);
  }
  if (!record.example.empty()) {
    out += "\nexample\n";
    for (const std::string& line : core::split(record.example, '\n')) out += "  " + line + "\n";
  }
  if (!record.source.empty()) out += "\nsource\n  " + wrapped(record.source, width - 2, 2) + "\n";
  return out;
}

std::string catalogue_json(lua_State* L) {
  const Session& s = session(L);
  Json commands = Json::array(), methods = Json::array(), pages = Json::array();
  for (const Command* command : s.commands.all()) commands.push_back(json_of(command->record));
  for (const KnownMethod& method : s.methods) {
    Json made = json_of(*method.record);
    made["of"] = method.type.substr(method.type.find('.') + 1);
    methods.push_back(std::move(made));
  }
  for (const HelpPage& page : help_pages())
    pages.push_back({{"file", page.file}, {"names", page.names}, {"summary", page.summary}});
  return Json{{"version", MOONTIDE_VERSION},
              {"commands", commands},
              {"methods", methods},
              {"functions", formula::function_names()},
              {"pages", pages}}
             .dump(1) +
         "\n";
}

}  // namespace bindings
