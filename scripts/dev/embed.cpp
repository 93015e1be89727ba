// embed ROOT OUT: writes OUT, a C++ file with every .lua file below ROOT as Lua's byte code (positions kept) and every
// .md file as text. Byte code starts three times as fast as source, and a command with a syntax error fails the build.
#include "bindings/errors.hpp"

#include <lua.hpp>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

int append(lua_State*, const void* bytes, std::size_t count, void* out) {
  static_cast<std::string*>(out)->append(static_cast<const char*>(bytes), count);
  return 0;
}

/// Byte code of a file of the library, under the name that errors.hpp knows it by.
bool compile(const std::string& name, std::string& text) {
  lua_State* const L = luaL_newstate();
  std::string code;
  const bool good =
      luaL_loadbufferx(L, text.data(), text.size(), (bindings::library_prefix + name).c_str(), "t") == LUA_OK &&
      lua_dump(L, append, &code, 0) == 0;
  if (!good) std::fprintf(stderr, "%s\n", lua_tostring(L, -1));
  lua_close(L);
  text = code;
  return good;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return 2;
  const fs::path root = arguments[1];
  std::vector<std::string> names;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root))
    if (entry.path().extension() == ".lua" || entry.path().extension() == ".md")
      names.push_back(fs::relative(entry.path(), root).generic_string());
  std::sort(names.begin(), names.end());

  std::ofstream out(arguments[2], std::ios::binary);
  out << "#include \"bindings/stdlib.hpp\"\nnamespace bindings {\n";
  std::string list;
  for (const std::string& name : names) {
    std::string text = text_of(root / name);
    if (name.ends_with(".lua") && !compile(name, text)) return 1;
    const std::string variable = "file" + std::to_string(&name - names.data());
    out << "static const char " << variable << "[] = {";
    for (std::size_t i = 0; i < text.size(); ++i) out << (i % 32 == 0 ? "\n" : "") << static_cast<int>(text[i]) << ',';
    out << "0};\n";
    list += "    {\"" + name + "\", std::string_view(" + variable + ", " + std::to_string(text.size()) + ")},\n";
  }
  out << "const std::vector<StdlibFile>& stdlib_files() {\n  static const std::vector<StdlibFile> files = {\n"
      << list << "  };\n  return files;\n}\n}  // namespace bindings\n";
  out.close();
  return out ? 0 : 1;
}
