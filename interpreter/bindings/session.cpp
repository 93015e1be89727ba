#include "bindings/session.hpp"

#include "bindings/value.hpp"
#include "report/table.hpp"

#include <algorithm>
#include <cstdio>

namespace bindings {

Session& session(lua_State* L) { return **static_cast<Session**>(lua_getextraspace(L)); }

const FrameRef& data_in_use(lua_State* L) {
  const FrameRef& box = session(L).in_use();
  if (!box) throw core::Error("no data in use").hint("open some first: use \"file.csv\", or give data=frame");
  return box;
}

FrameRef Session::open(data::Frame frame) {
  auto box = std::make_shared<FrameBox>(FrameBox{std::move(frame)});
  open_.erase(std::remove_if(open_.begin(), open_.end(), [](const auto& held) { return held.expired(); }), open_.end());
  open_.push_back(box);
  return box;
}

void Session::use(data::Frame frame) { in_use_ = open(std::move(frame)); }
void Session::use(FrameRef box) { in_use_ = std::move(box); }

bool Session::is_column(std::string_view name) const {
  if (in_use_ && in_use_->frame.has(name)) return true;
  return std::any_of(open_.begin(), open_.end(), [&](const std::weak_ptr<FrameBox>& held) {
    const FrameRef box = held.lock();
    return box && box->frame.has(name);
  });
}

std::vector<std::string> Session::column_names() const {
  std::vector<std::string> names;
  if (in_use_) names = in_use_->frame.names();
  std::set<std::string> seen(names.begin(), names.end());
  for (const std::weak_ptr<FrameBox>& held : open_) {
    const FrameRef box = held.lock();
    if (!box) continue;
    for (const std::string& name : box->frame.names())
      if (seen.insert(name).second) names.push_back(name);
  }
  return names;
}

void Session::warn_once(const std::string& text) {
  if (!warned_.insert(text).second) return;
  std::fflush(stdout);
  std::fprintf(stderr, "warning: %s\n", text.c_str());
}

void push_frame(lua_State* L, data::Frame frame) { push_value(L, session(L).open(std::move(frame))); }

report::TextStyle text_style(lua_State* L) {
  const InterpreterOptions& options = session(L).options;
  return {.width = options.width, .color = options.color, .fold = options.fold};
}

}  // namespace bindings
