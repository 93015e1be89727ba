#include "bindings/verbs.hpp"

#include "bindings/open.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <cstdio>

namespace bindings {

data::Frame frame_or_file(lua_State* L, int index, const std::string& argument) {
  index = lua_absindex(L, index);
  if (const FrameRef* frame = test_value<FrameRef>(L, index)) return (*frame)->frame;
  if (lua_type(L, index) != LUA_TSTRING)
    throw core::Error("argument '" + argument + "' takes a frame or a file name, not " + described(L, index));
  push_command(L, *session(L).commands.find("read"));
  lua_pushvalue(L, index);
  lua_call(L, 1, 1);
  data::Frame frame = (*test_value<FrameRef>(L, -1))->frame;
  lua_pop(L, 1);
  return frame;
}

std::vector<data::Frame> frames_or_files(lua_State* L, const Arguments& a, const std::string& argument) {
  std::vector<data::Frame> frames;
  a.push(argument);
  const int list = lua_gettop(L);
  const lua_Integer n = luaL_len(L, list);
  for (lua_Integer i = 1; i <= n; ++i) {
    lua_geti(L, list, i);
    frames.push_back(frame_or_file(L, -1, argument));
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
  return frames;
}

int finish(lua_State* L, const Arguments& a, const FrameRef& box, data::Frame made) {
  if (!a.boolean("copy")) {
    box->frame = std::move(made);
    return 0;
  }
  push_frame(L, std::move(made));
  return 1;
}

core::OptionSpec copy_option() {
  return {.name = "copy",
          .kind = core::Kind::boolean,
          .doc = "leave the data as they are and return the result as a new frame",
          .default_text = "false"};
}

Command whole_frame(core::Record record, std::function<int(lua_State*, Arguments&)> run) {
  record.options.push_back(
      {.name = "data", .kind = core::Kind::frame, .doc = "the frame to work on", .default_text = "the data in use"});
  return {.record = std::move(record), .run = std::move(run), .takes_data = false};
}

std::vector<std::string> option_names(const Arguments& a, const std::string& option, const data::Frame& frame) {
  std::vector<std::string> names;
  for (const std::string& given : a.texts(option)) {
    if (frame.has(given)) {
      names.push_back(given);
      continue;
    }
    for (const std::string& word : core::split(given, ' '))
      if (!word.empty()) names.push_back(word);
  }
  return names;
}

const data::Panel& declared_panel(const data::Frame& frame, const std::string& command, bool with_units) {
  if (!frame.panel() || (with_units && frame.panel()->unit.empty()))
    throw core::Error("the units and their time are not known")
        .word(command)
        .hint("declare them with panel(unit, time)");
  return *frame.panel();
}

void print_notes(const std::vector<std::string>& notes) {
  std::fflush(stdout);
  for (const std::string& note : notes) std::fprintf(stderr, "note: %s\n", note.c_str());
}

void say(lua_State* L, const std::string& line) {
  if (!is_statement_call(L)) return;
  std::fflush(stdout);
  std::fprintf(stderr, "%s\n", line.c_str());
}

std::string rows_text(std::size_t rows) {
  return core::grouped(static_cast<long long>(rows)) + (rows == 1 ? " row" : " rows");
}

data::Frame with_new(const data::Frame& frame, const std::string& name, data::ColumnPtr column,
                     const std::string& option) {
  if (name.empty()) throw core::Error("option '" + option + "' takes the name of a new column");
  if (frame.has(name))
    throw core::Error("there is already a column '" + name + "'")
        .word(name)
        .hint("drop(" + name + ") first, or name the new column with " + option + "=");
  return frame.with(name, std::move(column));
}

void add_verbs(Registry& registry) {
  add_merge_commands(registry);
  add_append_commands(registry);
  add_reshape_command(registry);
  add_collapse_command(registry);
  add_egen_command(registry);
  add_fill_commands(registry);
  add_duplicates_command(registry);
  add_repeat_commands(registry);
  add_arrange_commands(registry);
}

std::vector<std::string> words_of_any(lua_State* L, const Arguments& a, const std::string& argument) {
  std::vector<std::string> words;
  const auto add = [&](auto&& self, int index) -> void {
    index = lua_absindex(L, index);
    if (lua_type(L, index) == LUA_TSTRING) {
      std::string text = text_at(L, index);
      std::replace_if(
          text.begin(), text.end(), [](char c) { return c == ',' || c == '\t' || c == '\n'; }, ' ');
      for (const std::string& word : core::split(text, ' '))
        if (!word.empty()) words.push_back(word);
    } else if (lua_istable(L, index) && function_name(L, index).empty()) {
      const lua_Integer n = luaL_len(L, index);
      for (lua_Integer i = 1; i <= n; ++i) {
        lua_geti(L, index, i);
        self(self, -1);
        lua_pop(L, 1);
      }
    } else {
      const formula::Tree tree = tree_at(L, index);
      const auto add_names = [&](auto&& names, const formula::Tree& node) -> void {
        if (node && node->op == formula::Op::plus) {
          for (const formula::Tree& child : node->children) names(names, child);
        } else if (node && node->op == formula::Op::name) {
          words.push_back(node->text);
        } else {
          throw core::Error("argument '" + argument + "' takes names, not " + described(L, index));
        }
      };
      add_names(add_names, tree);
    }
  };
  a.push(argument);
  if (!lua_isnil(L, -1)) add(add, -1);
  lua_pop(L, 1);
  return words;
}

}  // namespace bindings
