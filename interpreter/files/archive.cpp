#include "files/archive.hpp"

#include "core/interrupt.hpp"
#include "files/input.hpp"

#include <expat.h>
#include <zip.h>

#include <array>
#include <exception>
#include <new>
#include <utility>

namespace files {
namespace {

std::string_view local(std::string_view name) {
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

struct Parsing {
  XmlHandler* handler = nullptr;
  XML_Parser parser = nullptr;
  std::exception_ptr thrown;
  bool stopped = false;

  /// No exception may pass through expat: it waits in `thrown`.
  template <class Body>
  void guarded(const Body& body) {
    if (thrown || stopped) return;
    try {
      body();
    } catch (...) {
      thrown = std::current_exception();
      XML_StopParser(parser, XML_FALSE);
    }
  }
};

void XMLCALL on_start(void* data, const XML_Char* name, const XML_Char** attributes) {
  auto& parsing = *static_cast<Parsing*>(data);
  parsing.guarded([&] { parsing.handler->start(local(name), XmlHandler::Attributes(attributes)); });
}

void XMLCALL on_end(void* data, const XML_Char* name) {
  auto& parsing = *static_cast<Parsing*>(data);
  parsing.guarded([&] {
    parsing.handler->end(local(name));
    if (parsing.handler->done()) {
      parsing.stopped = true;
      XML_StopParser(parsing.parser, XML_FALSE);
    }
  });
}

void XMLCALL on_text(void* data, const XML_Char* text, int length) {
  auto& parsing = *static_cast<Parsing*>(data);
  parsing.guarded([&] { parsing.handler->text({text, static_cast<std::size_t>(length)}); });
}

void XMLCALL on_doctype(void* data, const XML_Char*, const XML_Char*, const XML_Char*, int) {
  auto& parsing = *static_cast<Parsing*>(data);
  parsing.guarded([] { throw core::Error("a document type declaration, which these files do not have"); });
}

struct CloseMember {
  void operator()(zip_file_t* member) const { zip_fclose(member); }
};
struct FreeParser {
  void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};

}  // namespace

Archive::Archive(std::string path) : path_(std::move(path)) {
  size_of(path_);
  int reason = 0;
  zip_t* const opened = zip_open(path_.c_str(), ZIP_RDONLY, &reason);
  if (!opened) throw file_error(path_, "its list of contents cannot be read").hint("the file is truncated or damaged");
  zip_ = std::shared_ptr<zip>(opened, zip_discard);
}

bool Archive::has(const std::string& member) const { return zip_name_locate(zip_.get(), member.c_str(), 0) >= 0; }

void Archive::read(const std::string& member, const std::function<void(std::string_view)>& take) const {
  if (!has(member))
    throw file_error(path_, "it has no part '" + member + "'").hint("the file is damaged, or of another kind");
  const auto damaged = [&] {
    return file_error(path_, "its part '" + member + "' cannot be unpacked").hint("the file is truncated or damaged");
  };
  const std::unique_ptr<zip_file_t, CloseMember> open(zip_fopen(zip_.get(), member.c_str(), 0));
  if (!open) throw damaged();
  std::array<char, 65536> buffer{};
  for (;;) {
    const zip_int64_t count = zip_fread(open.get(), buffer.data(), buffer.size());
    if (count < 0) throw damaged();  // at the end also when the checksum is wrong
    if (count == 0) break;
    core::poll();
    take({buffer.data(), static_cast<std::size_t>(count)});
  }
}

std::string_view XmlHandler::Attributes::operator[](std::string_view name) const {
  for (const char* const* at = list_; *at; at += 2)
    if (local(*at) == name) return at[1];
  return {};
}

void parse_xml(const Archive& archive, const std::string& member, XmlHandler& handler) {
  const std::unique_ptr<std::remove_pointer_t<XML_Parser>, FreeParser> parser(XML_ParserCreate(nullptr));
  if (!parser) throw std::bad_alloc();
  Parsing parsing{&handler, parser.get(), nullptr, false};
  XML_SetUserData(parser.get(), &parsing);
  XML_SetElementHandler(parser.get(), on_start, on_end);
  XML_SetCharacterDataHandler(parser.get(), on_text);
  XML_SetStartDoctypeDeclHandler(parser.get(), on_doctype);
  const auto feed = [&](std::string_view bytes, bool last) {
    if (parsing.stopped) return;
    if (XML_Parse(parser.get(), bytes.data(), static_cast<int>(bytes.size()), last) != XML_STATUS_ERROR ||
        parsing.stopped)
      return;
    if (parsing.thrown) {
      try {
        std::rethrow_exception(parsing.thrown);
      } catch (const core::Error& error) {
        if (error.message().find(archive.path()) != std::string::npos) throw;
        throw file_error(archive.path(), error.message());
      }
    }
    throw file_error(archive.path(), "part '" + member + "', line " +
                                         std::to_string(XML_GetCurrentLineNumber(parser.get())) + ", column " +
                                         std::to_string(XML_GetCurrentColumnNumber(parser.get()) + 1) + ": " +
                                         XML_ErrorString(XML_GetErrorCode(parser.get())))
        .hint("the file is truncated or damaged");
  };
  archive.read(member, [&](std::string_view bytes) { feed(bytes, false); });
  feed({}, true);
}

}  // namespace files
