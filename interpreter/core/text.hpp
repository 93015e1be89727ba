// Small text helpers that every room may use.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace core {

std::string join(const std::vector<std::string>& parts, std::string_view between);
std::vector<std::string> split(std::string_view text, char at);
std::string_view trim(std::string_view text);
bool starts_with(std::string_view text, std::string_view head);
/// ASCII letters only; other bytes are kept.
std::string lower(std::string_view text);
/// Shortest text that reads back as the same double ("0.1", "2014", "1e-07"); NaN is ".", as missing values print.
std::string shortest(double value);
/// `digits` significant digits in the shortest notation, as %.*g.
std::string significant(double value, int digits);
/// `decimals` digits after the point.
std::string fixed(double value, int decimals);
/// A text as a cell of a printed table: line breaks and tabs become spaces, at most `most` characters of UTF-8, an
/// ellipsis for the rest.
std::string cell(std::string_view text, std::size_t most = 60);
/// 1234567 as "1,234,567".
std::string grouped(long long value);
/// "1 row", "2 rows": count, noun, plural s.
std::string counted(long long count, std::string_view noun);

/// Are two texts the same but for blanks and the backticks of quoted names? "log(x+2)" and "log(x + 2)".
bool same_but_spaces(std::string_view a, std::string_view b);

}  // namespace core
