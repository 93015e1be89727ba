// The bytes of a file, and errors that name it.
#pragma once

#include "core/error.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace files {

/// A whole file as memory that is read only, mapped from the disk.
struct Mapped {
  std::string_view bytes;
  std::shared_ptr<const void> owner;
};
/// Throws core::Error when there is no such file (with the near name) or it cannot be read.
Mapped map_file(const std::string& path);
/// At most `count` bytes from the start of a file.
std::string first_bytes(const std::string& path, std::size_t count);
/// Throws core::Error when `path` is no readable file.
std::size_t size_of(const std::string& path);

/// "'x.dta': what".
core::Error file_error(const std::string& path, const std::string& what);
/// "'x.json', line 3, column 7: what", for the byte at `offset` of `text`.
core::Error text_error(const std::string& path, std::string_view text, std::size_t offset, const std::string& what);
/// An unknown column of columns= or types=.
core::Error no_column(const std::string& path, const std::string& name, const std::vector<std::string>& known);
/// Checks that every name is a column of the file and none is named twice.
void check_columns(const std::string& path, const std::vector<std::string>& wanted,
                   const std::vector<std::string>& known);
/// The names with "" replaced by V1, V2, … and repeated ones by x_2, x_3, …, as the CSV reader does.
std::vector<std::string> distinct_names(std::vector<std::string> names);
/// The file's name without folder and ending.
std::string stem(const std::string& path);

}  // namespace files
