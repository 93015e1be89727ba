// What one running Moontide knows: its data, its commands, the texts of its scripts. One per Lua state.
#pragma once

#include "bindings/commands.hpp"
#include "bindings/interpreter.hpp"
#include "bindings/lua.hpp"
#include "data/frame.hpp"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace report {
struct TextStyle;
}

namespace bindings {

/// A frame that scripts hold by reference. Commands that change data make a new frame and put it here at their end, so
/// that an interrupted command leaves everything as it was.
struct FrameBox {
  data::Frame frame;
};
using FrameRef = std::shared_ptr<FrameBox>;

/// A loaded script: its text as written, where calls stand as statements, and which names are tested for truth
/// (language/translate.hpp).
struct Chunk {
  std::string text;
  std::map<int, std::set<std::string>> statement_calls;
  std::map<int, std::map<std::string, std::string>> tested;
};

/// A method of a type of values, for completion.
struct KnownMethod {
  std::string type;  ///< the metatable's name
  const core::Record* record;
};

class Session {
 public:
  explicit Session(lua_State* state, InterpreterOptions given) : L(state), options(given) {}

  lua_State* L;
  InterpreterOptions options;
  Registry commands;
  std::vector<KnownMethod> methods;
  std::map<std::string, Chunk> chunks;  ///< by lua_Debug::source
  std::string script_folder;            ///< where `require` looks first; "" before a file runs
  std::string written_for;              ///< version "0.1" of the script that runs; "" when it names none
  Outcome outcome;                      ///< of the code that runs, filled by the error handler

  const FrameRef& in_use() const { return in_use_; }  ///< null: none
  /// Makes the frame the data in use. The frame that was in use lives on where scripts hold it.
  void use(data::Frame frame);
  void use(FrameRef box);
  /// Makes a box whose columns are names in scripts for as long as someone holds it.
  FrameRef open(data::Frame frame);
  /// Is it a column of the data in use, or of any frame a script holds?
  bool is_column(std::string_view name) const;
  /// Columns of all open frames, those of the data in use first.
  std::vector<std::string> column_names() const;
  /// Prints "warning: …" on standard error, once per text.
  void warn_once(const std::string& text);

 private:
  FrameRef in_use_;
  std::vector<std::weak_ptr<FrameBox>> open_;
  std::set<std::string> warned_;
};

/// The session a Lua state (or coroutine) belongs to.
Session& session(lua_State* L);
/// The data in use; throws core::Error "no data in use" when there is none.
const FrameRef& data_in_use(lua_State* L);

/// Width, colours and folding of what is shown.
report::TextStyle text_style(lua_State* L);

}  // namespace bindings
