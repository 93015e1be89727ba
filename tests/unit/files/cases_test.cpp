// What fuzzing found, again and again.
#include "fuzz/one_input.hpp"
#include "helpers.hpp"

using namespace testing_files;

TEST_CASE("Inputs that once broke a reader") {
  const Folder folder;
  int cases = 0;
  for (const auto& format : fs::directory_iterator(std::string(TESTS_DIR) + "/fuzz/cases"))
    for (const auto& input : fs::directory_iterator(format.path())) {
      INFO(input.path().string());
      fuzz::one_input(format.path().filename().string(), content(input.path().string()), folder.path.string());
      ++cases;
    }
  CHECK(cases > 0);
}
