// moontide [options] [file [arguments…]]
#include <unistd.h>

#include <cstdio>
#include <string>

#include "bindings/interpreter.hpp"
#include "bindings/record_text.hpp"
#include "core/error.hpp"
#include "repl/options.hpp"
#include "repl/progress.hpp"
#include "repl/prompt.hpp"
#include "repl/session.hpp"
#include "repl/signals.hpp"
#include "repl/terminal.hpp"

namespace {

int run(repl::Options options) {
  if (options.commands) {
    std::fputs(bindings::catalogue_json(bindings::Interpreter().state()).c_str(), stdout);
    return 0;
  }
  const bool is_asked = !options.script.empty() || !options.code.empty();
  if (!is_asked && !options.stay && isatty(STDIN_FILENO) == 0) options.script = "-";
  const bool has_session = options.stay || (options.script.empty() && options.code.empty());
  repl::show_progress();
  bindings::Interpreter interpreter({repl::shows_color(), repl::terminal_width(80), repl::has_width()});
  repl::catch_interrupts(has_session);
  bool leave = false;
  const int status = repl::run_scripts(interpreter, options, leave);
  if (!has_session || leave) return status;
  const auto prompt =
      repl::make_prompt([&](const std::string& text, std::size_t cursor) { return interpreter.complete(text, cursor); },
                        [&](int width) { interpreter.set_width(width); });
  if (!is_asked)
    std::puts("Moontide " MOONTIDE_VERSION ": econometrics in Lua. Type help for topics, Ctrl-D to leave.");
  return repl::run_session(interpreter, *prompt);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    repl::Options options = repl::parse_options(argc, argv);
    if (options.answer.empty()) return run(std::move(options));
    std::fputs(options.answer.c_str(), stdout);
    return 0;
  } catch (const core::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    for (const std::string& hint : error.hints()) std::fprintf(stderr, "  %s\n", hint.c_str());
    return 2;
  }
}
