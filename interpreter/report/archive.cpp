#include "report/archive.hpp"

#include "core/error.hpp"

#include <zip.h>

#include <memory>

namespace report {
namespace {

constexpr zip_uint64_t most = 256ULL << 20;

struct CloseArchive {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct FreeSource {
  void operator()(zip_source_t* source) const { zip_source_free(source); }
};
struct CloseFile {
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};
using Archive = std::unique_ptr<zip_t, CloseArchive>;
using Source = std::unique_ptr<zip_source_t, FreeSource>;

[[noreturn]] void fail(const std::string& reason) { throw core::Error("zip archive: " + reason); }

/// An archive over a buffer. `source` outlives it and holds the bytes after it is closed.
struct Opened {
  Source source;
  Archive archive;
};

Opened opened(const std::string& bytes, int flags) {
  zip_error_t error;
  zip_error_init(&error);
  Source source(zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error));
  if (!source) fail(zip_error_strerror(&error));
  Archive archive(zip_open_from_source(source.get(), flags, &error));
  if (!archive) {
    const std::string reason = zip_error_strerror(&error);
    zip_error_fini(&error);
    fail(reason);
  }
  zip_source_keep(source.get());
  return {std::move(source), std::move(archive)};
}

std::string closed(Opened opened) {
  if (zip_close(opened.archive.get()) != 0) fail(zip_strerror(opened.archive.get()));
  static_cast<void>(opened.archive.release());
  zip_source_t* source = opened.source.get();
  zip_stat_t stat;
  zip_stat_init(&stat);
  if (zip_source_stat(source, &stat) != 0 || zip_source_open(source) != 0)
    fail(zip_error_strerror(zip_source_error(source)));
  std::string bytes(stat.size, '\0');
  const zip_int64_t read = zip_source_read(source, bytes.data(), bytes.size());
  zip_source_close(source);
  if (read < 0 || static_cast<zip_uint64_t>(read) != stat.size) fail("its bytes cannot be read back");
  return bytes;
}

void put(zip_t* archive, const std::string& name, const std::string& content) {
  zip_source_t* source = zip_source_buffer(archive, content.data(), content.size(), 0);
  const zip_int64_t at = source ? zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8) : -1;
  if (at < 0) {
    if (source) zip_source_free(source);
    fail(zip_strerror(archive));
  }
  constexpr zip_uint16_t first_day = 0x21;  // 1980-01-01, where the format's dates begin
  if (zip_file_set_dostime(archive, static_cast<zip_uint64_t>(at), 0, first_day, 0) != 0) fail(zip_strerror(archive));
}

std::string content_of(zip_t* archive, zip_uint64_t at) {
  zip_stat_t stat;
  zip_stat_init(&stat);
  if (zip_stat_index(archive, at, 0, &stat) != 0) fail(zip_strerror(archive));
  if (stat.size > most) fail("'" + std::string(stat.name) + "' in it is larger than 256 MB");
  const std::unique_ptr<zip_file_t, CloseFile> file(zip_fopen_index(archive, at, 0));
  if (!file) fail(zip_strerror(archive));
  std::string content(stat.size, '\0');
  const zip_int64_t read = zip_fread(file.get(), content.data(), content.size());
  if (read < 0 || static_cast<zip_uint64_t>(read) != stat.size)
    fail("'" + std::string(stat.name) + "' in it is damaged");
  return content;
}

}  // namespace

std::string zipped(const std::vector<std::pair<std::string, std::string>>& entries) {
  Opened made = opened("", ZIP_TRUNCATE);
  for (const auto& [name, content] : entries) put(made.archive.get(), name, content);
  return closed(std::move(made));
}

std::string zip_entry(const std::string& archive, const std::string& name) {
  const Opened made = opened(archive, ZIP_RDONLY);
  const zip_int64_t at = zip_name_locate(made.archive.get(), name.c_str(), 0);
  if (at < 0) fail("there is no '" + name + "' in it");
  return content_of(made.archive.get(), static_cast<zip_uint64_t>(at));
}

std::string with_zip_entry(const std::string& archive, const std::string& name, const std::string& content) {
  const Opened made = opened(archive, ZIP_RDONLY);
  if (zip_name_locate(made.archive.get(), name.c_str(), 0) < 0) fail("there is no '" + name + "' in it");
  std::vector<std::pair<std::string, std::string>> entries;
  const zip_int64_t count = zip_get_num_entries(made.archive.get(), 0);
  for (zip_int64_t i = 0; i < count; ++i) {
    const auto at = static_cast<zip_uint64_t>(i);
    const char* own = zip_get_name(made.archive.get(), at, 0);
    if (!own) fail(zip_strerror(made.archive.get()));
    entries.emplace_back(own, own == name ? content : content_of(made.archive.get(), at));
  }
  return zipped(entries);
}

}  // namespace report
