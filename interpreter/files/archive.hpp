// Members of a zip file, read piece by piece, and XML in them.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct zip;  // of libzip

namespace files {

class Archive {
 public:
  /// Throws core::Error when the file is no zip archive.
  explicit Archive(std::string path);
  bool has(const std::string& member) const;
  /// Calls `take` with the bytes of a member in turn. Throws core::Error when it is missing or damaged.
  void read(const std::string& member, const std::function<void(std::string_view)>& take) const;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  std::shared_ptr<zip> zip_;
};

/// What a reader of XML overrides. Names come without namespace prefix.
class XmlHandler {
 public:
  /// Attributes as name, value, name, value, …, nullptr.
  class Attributes {
   public:
    explicit Attributes(const char* const* list) : list_(list) {}
    /// "" when there is none. Names are compared without prefix.
    std::string_view operator[](std::string_view name) const;

   private:
    const char* const* list_;
  };
  XmlHandler() = default;
  XmlHandler(const XmlHandler&) = delete;
  XmlHandler& operator=(const XmlHandler&) = delete;
  virtual ~XmlHandler() = default;
  virtual void start(std::string_view name, const Attributes& attributes) = 0;
  virtual void end(std::string_view name) = 0;
  virtual void text(std::string_view) {}
  /// After an element, whether the rest of the document can be left unread.
  virtual bool done() const { return false; }
};

/// Parses a member as XML. Throws core::Error with member, line and column.
void parse_xml(const Archive& archive, const std::string& member, XmlHandler& handler);

}  // namespace files
