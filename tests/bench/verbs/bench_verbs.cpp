// Times the verbs on the files that run.R writes: bench_verbs FOLDER THREADS REPEATS prints "case seconds" lines.
#include "core/error.hpp"
#include "core/parallel.hpp"
#include "data/csv.hpp"
#include "data/sort.hpp"
#include "data/verbs/keys.hpp"
#include "data/verbs/merge.hpp"
#include "data/verbs/picked.hpp"
#include "data/verbs/reshape.hpp"
#include "measures/by_group.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>

namespace {

using Statistics = std::vector<std::pair<const char*, const char*>>;  // statistic, column

data::Frame collapse(const data::Frame& frame, const std::vector<std::string>& by, const Statistics& statistics) {
  const std::vector<data::ColumnPtr> columns = data::columns_of(frame, by);
  const data::Grouping groups = data::keyed_in_order(columns, frame.rows());
  const data::GroupRows rows = data::rows_by_group(groups.codes, groups.first.size());
  data::Frame out;
  for (std::size_t k = 0; k < by.size(); ++k) out = out.with(by[k], data::picked(*columns[k], groups.first));
  for (const auto& [statistic, name] : statistics) {
    const data::ColumnPtr x = frame.at(name);
    out = out.with(std::string(statistic) + "_" + name,
                   data::Column::reals(measures::by_group(x->reals(), rows, *measures::group_statistic(statistic))));
  }
  return out;
}

data::Frame merge(const data::Frame& a, const data::Frame& b, data::Pairing pairing, std::vector<std::string> on) {
  data::MergeOptions options;
  options.left = options.right = std::move(on);
  return data::merge(a, b, pairing, options).frame;
}

data::Frame sorted(const data::Frame& frame, const std::vector<data::SortKey>& keys) {
  return frame.take(data::sorted_rows(frame, keys));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: bench_verbs FOLDER THREADS REPEATS\n", stderr);
    return 2;
  }
  core::set_threads(std::atoi(argv[2]));
  try {
    const std::string folder = argv[1];
    const data::Frame rows = data::read_csv(folder + "/rows.csv");
    const data::Frame units = data::read_csv(folder + "/units.csv");
    const data::Frame other = data::read_csv(folder + "/other.csv");
    const data::Frame towns = data::read_csv(folder + "/towns.csv");
    const data::Frame wide = data::read_csv(folder + "/wide.csv");
    const data::ReshapeOptions reshape{.stubs = {"y", "x"}, .i = {"id"}, .j = "year", .text_j = false, .separator = ""};
    const data::Frame tall = data::reshape_long(wide, reshape).frame;
    const std::pair<const char*, std::function<data::Frame()>> cases[] = {
        {"collapse_id",
         [&] {
           return collapse(rows, {"id"}, {{"mean", "y"}, {"sum", "x1"}, {"sd", "x2"}});
         }},
        {"collapse_shuffled",
         [&] {
           return collapse(other, {"id"}, {{"mean", "v"}, {"sd", "v"}});
         }},
        {"collapse_two_keys",
         [&] {
           return collapse(rows, {"g", "year"}, {{"mean", "y"}, {"sd", "y"}});
         }},
        {"collapse_text_median",
         [&] {
           return collapse(rows, {"name"}, {{"mean", "y"}, {"median", "y"}});
         }},
        {"merge_m1_integer", [&] { return merge(rows, units, data::Pairing::many_to_one, {"id"}); }},
        {"merge_m1_text", [&] { return merge(rows, towns, data::Pairing::many_to_one, {"name"}); }},
        {"merge_11_two_keys",
         [&] {
           return merge(rows, other, data::Pairing::one_to_one, {"id", "year"});
         }},
        {"sort_double", [&] { return sorted(rows, {{"y"}}); }},
        {"sort_text_integer",
         [&] {
           return sorted(rows, {{"name"}, {"year", true}});
         }},
        {"sort_panel",
         [&] {
           return sorted(other, {{"id"}, {"year"}});
         }},
        {"reshape_long", [&] { return data::reshape_long(wide, reshape).frame; }},
        {"reshape_wide", [&] { return data::reshape_wide(tall, reshape).frame; }},
    };
    for (int i = 0; i < std::atoi(argv[3]); ++i)
      for (const auto& [name, run] : cases) {
        const auto begin = std::chrono::steady_clock::now();
        const data::Frame made = run();
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
        std::printf("%s %.4f %zu\n", name, took.count(), made.rows());
      }
  } catch (const core::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
