// What a file of Stata, SPSS or SAS holds before it becomes columns: values as stored, formats, value labels.
#pragma once

#include "data/csv/words.hpp"
#include "files/format.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace files::statistical {

enum class Program { stata, spss, sas };

struct Variable {
  enum class Kind { integer, real, text };
  std::string name, label, format, label_set;
  Kind kind = Kind::real;
  bool wanted = true;
  std::vector<std::int64_t> integers;  ///< data::missing_integer for missing
  std::vector<double> reals;           ///< NaN for missing
  std::vector<std::int32_t> codes;     ///< of `words`; "" is missing
  data::csv::Words words;
  std::map<char, std::size_t> coded_missing;  ///< values with a missing code (.a is 'a')
  std::size_t defined_missing = 0;            ///< values the file declares missing (SPSS)
  std::size_t rows() const { return integers.size() + reals.size() + codes.size(); }
};

struct LabelSet {
  std::map<double, std::string> of_number;
  std::map<std::string, std::string> of_text;
  std::map<char, std::string> of_missing;
};

struct Content {
  Program program = Program::stata;
  int version = 0;             ///< of the file format
  std::string asked_encoding;  ///< encoding= of the user
  std::vector<Variable> variables;
  std::map<std::string, LabelSet> label_sets;
};

/// All texts of the content brought to UTF-8: where they are not, the encoding is guessed, with a note.
/// Throws core::Error where the format demands UTF-8, or the guess does not hold.
void to_utf8(Content& content, const std::string& path, Report& report);

/// Dates by their formats, labelled values as categories (where `labels`), missing codes as missing, with notes.
data::Frame frame_of(Content& content, const std::string& path, const ReadOptions& options, Report& report);

}  // namespace files::statistical
