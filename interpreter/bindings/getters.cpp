// What native commands read from their checked arguments.
#include "bindings/convert.hpp"
#include "bindings/value.hpp"
#include "bindings/weights.hpp"
#include "formula/evaluate.hpp"

namespace bindings {
namespace {

/// Pushes a field of the checked values for as long as it is looked at.
class Field {
 public:
  Field(lua_State* L, const Arguments& arguments, const std::string& name) : L_(L) { arguments.push(name); }
  ~Field() { lua_pop(L_, 1); }
  Field(const Field&) = delete;
  Field& operator=(const Field&) = delete;
  bool given() const { return !lua_isnil(L_, -1); }

 private:
  lua_State* L_;
};

template <class Item>
void for_items(lua_State* L, const Item& item) {
  const int list = lua_gettop(L);
  if (!lua_istable(L, list)) return;
  const lua_Integer n = luaL_len(L, list);
  for (lua_Integer i = 1; i <= n; ++i) {
    lua_geti(L, list, i);
    item();
    lua_pop(L, 1);
  }
}

}  // namespace

bool Arguments::has(const std::string& name) const { return Field(L_, *this, name).given(); }

bool Arguments::boolean(const std::string& name, bool fallback) const {
  const Field field(L_, *this, name);
  return field.given() ? lua_toboolean(L_, -1) != 0 : fallback;
}

long long Arguments::integer(const std::string& name, long long fallback) const {
  const Field field(L_, *this, name);
  return field.given() ? lua_tointeger(L_, -1) : fallback;
}

double Arguments::number(const std::string& name, double fallback) const {
  const Field field(L_, *this, name);
  return field.given() ? lua_tonumber(L_, -1) : fallback;
}

std::string Arguments::text(const std::string& name, std::string fallback) const {
  const Field field(L_, *this, name);
  return field.given() ? text_at(L_, -1) : std::move(fallback);
}

std::vector<double> Arguments::numbers(const std::string& name) const {
  const Field field(L_, *this, name);
  std::vector<double> out;
  for_items(L_, [&] { out.push_back(lua_tonumber(L_, -1)); });
  return out;
}

std::vector<std::string> Arguments::texts(const std::string& name) const {
  const Field field(L_, *this, name);
  std::vector<std::string> out;
  for_items(L_, [&] { out.push_back(text_at(L_, -1)); });
  return out;
}

formula::Tree Arguments::tree(const std::string& name) const {
  const Field field(L_, *this, name);
  const Expr* expr = test_value<Expr>(L_, -1);
  return expr ? expr->tree : nullptr;
}

std::vector<formula::Tree> Arguments::trees(const std::string& name) const {
  const Field field(L_, *this, name);
  std::vector<formula::Tree> out;
  for_items(L_, [&] {
    if (const Expr* expr = test_value<Expr>(L_, -1)) out.push_back(expr->tree);
  });
  return out;
}

std::vector<std::string> Arguments::column_names(const std::string& name) const {
  std::vector<std::string> out;
  if (const formula::Tree one = tree(name)) out.push_back(one->text);
  for (const formula::Tree& tree : trees(name)) out.push_back(tree->text);
  return out;
}

std::shared_ptr<const results::Fit> Arguments::result(const std::string& name) const {
  const Field field(L_, *this, name);
  const FitRef* fit = test_value<FitRef>(L_, -1);
  return fit ? *fit : nullptr;
}

std::vector<std::shared_ptr<const results::Fit>> Arguments::results(const std::string& name) const {
  const Field field(L_, *this, name);
  std::vector<FitRef> out;
  for_items(L_, [&] {
    if (const FitRef* fit = test_value<FitRef>(L_, -1)) out.push_back(*fit);
  });
  return out;
}

formula::Weights Arguments::weights(const std::string& name) const {
  const Field field(L_, *this, name);
  const auto* weights = test_value<formula::Weights>(L_, -1);
  return weights ? *weights : formula::Weights{};
}

std::optional<inference::VcovSpec> Arguments::vcov(const std::string& name) const {
  const Field field(L_, *this, name);
  if (const auto* spec = test_value<inference::VcovSpec>(L_, -1)) return *spec;
  return std::nullopt;
}

estimators::Value Arguments::value(const std::string& name, core::Kind kind) const {
  using core::Kind;
  switch (kind) {
    case Kind::number:
      return number(name);
    case Kind::integer:
      return static_cast<std::int64_t>(integer(name));
    case Kind::boolean:
      return boolean(name);
    case Kind::text:
      return text(name);
    case Kind::numbers:
      return numbers(name);
    case Kind::texts:
      return texts(name);
    case Kind::column:
    case Kind::expression:
    case Kind::condition:
    case Kind::formula:
    case Kind::terms:
      return tree(name);
    case Kind::columns:
      return trees(name);
    case Kind::vcov:
      return *vcov(name);
    case Kind::weights:
      return weights(name);
    case Kind::result:
      return result(name);
    case Kind::frame: {
      const Field field(L_, *this, name);
      return (*test_value<FrameRef>(L_, -1))->frame;
    }
    case Kind::any: {
      const Field field(L_, *this, name);
      if (lua_isboolean(L_, -1)) return lua_toboolean(L_, -1) != 0;
      if (lua_isinteger(L_, -1)) return static_cast<std::int64_t>(lua_tointeger(L_, -1));
      if (lua_type(L_, -1) == LUA_TNUMBER) return lua_tonumber(L_, -1);
      if (lua_type(L_, -1) == LUA_TSTRING) return text_at(L_, -1);
      return tree_at(L_, lua_gettop(L_));
    }
    case Kind::spatial: {
      const Field field(L_, *this, name);
      return *test_value<WeightsRef>(L_, -1);
    }
    case Kind::table:
    case Kind::figure:
    case Kind::list:
    case Kind::function:
      break;
  }
  return std::monostate{};
}

}  // namespace bindings
