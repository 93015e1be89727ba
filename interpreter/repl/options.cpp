#include "repl/options.hpp"

#include <CLI/CLI.hpp>

#include "core/error.hpp"
#include "core/near.hpp"

namespace repl {
namespace {

class Help : public CLI::Formatter {
 public:
  std::string make_usage(const CLI::App* /*app*/, std::string name) const override {
    return "Usage: " + name + " [options] [file [arguments…]]\n\nWithout a file: an interactive session.\n";
  }
};

}  // namespace

Options parse_options(int argc, const char* const* argv) {
  Options out;
  CLI::App app("Moontide, an econometrics language", "moontide");
  app.formatter(std::make_shared<Help>());
  app.set_help_flag("--help,-h", "Show this and leave");
  app.set_version_flag("--version", "Moontide " MOONTIDE_VERSION, "Show the version and leave");
  app.add_option("-e", out.code, "Run CODE; may be given several times")->type_name("CODE")->allow_extra_args(false);
  app.add_flag("-i", out.stay, "Stay in an interactive session after the file or -e");
  app.add_flag("--commands", out.commands, "Print all commands and their options as JSON, and leave");
  app.footer("file: a script (.mt), a plain Lua program (.lua), or - for standard input.");
  app.prefix_command();  // what follows the file is the script's own
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    out.answer = app.help();
    return out;
  } catch (const CLI::CallForVersion& version) {
    out.answer = std::string(version.what()) + "\n";
    return out;
  } catch (const CLI::ParseError& error) {
    throw core::Error(std::string("moontide: ") + error.what()).hint("moontide --help lists the options");
  }
  std::vector<std::string> rest = app.remaining();
  if (rest.empty()) return out;
  if (rest.front().size() > 1 && rest.front().front() == '-')
    throw core::Error("moontide: unknown option '" + rest.front() + "'")
        .hint(core::did_you_mean(rest.front(), {"-e", "-i", "-", "--commands", "--version", "--help"}, "options"));
  out.script = rest.front();
  out.arguments.assign(rest.begin() + 1, rest.end());
  return out;
}

}  // namespace repl
