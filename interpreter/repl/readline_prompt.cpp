// The prompt by GNU Readline's callback interface, so that Ctrl-C and a change of the terminal's size are seen at once.
#ifdef MOONTIDE_READLINE
#include <readline/history.h>
#include <readline/readline.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "repl/history.hpp"
#include "repl/prompt.hpp"
#include "repl/signals.hpp"
#include "repl/terminal.hpp"

namespace repl {
namespace {

char* copied(const std::string& text) { return strdup(text.c_str()); }

class ReadlinePrompt : public Prompt {
 public:
  ReadlinePrompt(Completer completer, std::function<void(int)> on_width)
      : completer_(std::move(completer)), on_width_(std::move(on_width)), history_(History::default_path()) {
    active = this;
    rl_readline_name = "moontide";
    rl_catch_signals = 0;  // signals.hpp hears them
    rl_catch_sigwinch = 0;
    rl_initialize();
    rl_bind_key('\t', complete_key);
    using_history();
    for (const std::string& input : history_.load()) add_history(input.c_str());
  }
  ~ReadlinePrompt() override { active = nullptr; }
  ReadlinePrompt(const ReadlinePrompt&) = delete;
  ReadlinePrompt& operator=(const ReadlinePrompt&) = delete;

  Line read(const std::string& prompt, const std::string& before) override {
    before_ = before;
    line_ = Line();
    done_ = false;
    rl_callback_handler_install(prompt.c_str(), line_entered);
    while (!done_) {
      switch (wait_for_input(STDIN_FILENO)) {
        case Signal::none:
          rl_callback_read_char();
          break;
        case Signal::interrupt:
          interrupted();
          break;
        case Signal::resized:
          rl_resize_terminal();
          on_width_(terminal_width(80));
          break;
        case Signal::continued:  // after Ctrl-Z and fg
          rl_prep_terminal(1);
          rl_forced_update_display();
          break;
      }
    }
    return std::move(line_);
  }

  void remember(const std::string& input) override {
    const HIST_ENTRY* const last = history_length > 0 ? history_get(history_base + history_length - 1) : nullptr;
    if (last != nullptr && input == last->line) return;
    add_history(input.c_str());
    history_.append(input);
  }

 private:
  static void line_entered(char* text) {
    rl_callback_handler_remove();
    active->done_ = true;
    active->line_.end = text == nullptr ? Line::End::closed : Line::End::entered;
    if (text != nullptr) {
      active->line_.text = text;
    } else if (const char* const bracketed = rl_variable_value("enable-bracketed-paste");
               bracketed == nullptr || std::strcmp(bracketed, "on") != 0) {
      std::fputs("\n", rl_outstream);  // with bracketed paste Readline ends the line itself
    }
    std::free(text);
  }

  void interrupted() {
    rl_point = rl_end;
    rl_redisplay();
    std::fputs("^C\n", rl_outstream);
    rl_callback_sigcleanup();
    rl_free_line_state();
    rl_replace_line("", 1);
    rl_callback_handler_remove();
    line_.end = Line::End::interrupted;
    done_ = true;
  }

  static int complete_key(int /*count*/, int /*key*/) {
    active->complete();
    return 0;
  }

  // Tab: what is common to all candidates is typed; when nothing more is, a second Tab lists them.
  void complete() {
    const std::string typed(rl_line_buffer, static_cast<std::size_t>(rl_point));
    if (typed.find_first_not_of(" \t") == std::string::npos) {
      rl_insert_text("  ");
      return;
    }
    bindings::Interpreter::Completion found =
        completer_(before_ + rl_line_buffer, before_.size() + static_cast<std::size_t>(rl_point));
    if (found.words.empty() || found.begin < before_.size() || found.begin > before_.size() + typed.size()) {
      rl_ding();
      return;
    }
    std::sort(found.words.begin(), found.words.end());
    const std::size_t begin = found.begin - before_.size();
    const bool goes_on = found.words.front().ends_with('/') || found.words.front().ends_with(' ');
    const bool closes = found.words.size() == 1 && !goes_on && !found.closing.empty() &&
                        rl_line_buffer[rl_point] != found.closing.front();
    const std::string head = common_head(found.words) + (closes ? found.closing : "");
    const bool progress = head != typed.substr(begin) && head.size() + begin >= typed.size();
    if (progress) {
      rl_begin_undo_group();
      rl_delete_text(static_cast<int>(begin), rl_point);
      rl_point = static_cast<int>(begin);
      rl_insert_text(head.c_str());
      rl_end_undo_group();
    } else if (found.words.size() == 1) {
      rl_ding();
    } else if (rl_last_func == complete_key) {
      list(found.words, head);
    } else {
      rl_ding();
    }
  }

  static void list(const std::vector<std::string>& words, const std::string& head) {
    std::vector<char*> matches = {copied(head)};  // as Readline wants them: the common text first, a null last
    std::size_t longest = 0;
    const std::size_t folder = head.rfind('/') == std::string::npos ? 0 : head.rfind('/') + 1;
    for (const std::string& word : words) {
      matches.push_back(copied(word.substr(folder)));
      longest = std::max(longest, word.size() - folder);
    }
    matches.push_back(nullptr);
    rl_display_match_list(matches.data(), static_cast<int>(words.size()), static_cast<int>(longest));
    rl_forced_update_display();
    for (char* const match : matches) std::free(match);
  }

  static ReadlinePrompt* active;  // Readline's callbacks carry no pointer of ours

  Completer completer_;
  std::function<void(int)> on_width_;
  History history_;
  std::string before_;
  Line line_;
  bool done_ = false;
};
ReadlinePrompt* ReadlinePrompt::active = nullptr;

}  // namespace

std::unique_ptr<Prompt> readline_prompt(Prompt::Completer completer, std::function<void(int)> on_width) {
  return std::make_unique<ReadlinePrompt>(std::move(completer), std::move(on_width));
}

}  // namespace repl
#endif
