#include "formula/maps.hpp"

#include <map>

namespace formula {
namespace {

struct Named {
  std::shared_ptr<const void> key;
  Map map;
};

std::map<std::string, Named>& all() {
  static std::map<std::string, Named> maps;
  return maps;
}

}  // namespace

std::string add_map(const std::shared_ptr<const void>& key, const std::string& wanted, const Map& map) {
  for (const auto& [name, known] : all())
    if (known.key == key) return name;
  std::string name = wanted + "_lag";
  for (int number = 2; all().count(name); ++number) name = wanted + std::to_string(number) + "_lag";
  all()[name] = {key, map};
  return name;
}

const Map* find_map(const std::string& name) {
  const auto found = all().find(name);
  return found == all().end() ? nullptr : &found->second.map;
}

}  // namespace formula
