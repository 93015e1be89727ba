#include "core/error.hpp"
#include "report/table.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace fs = std::filesystem;

namespace {

struct Folder {
  fs::path path;
  Folder() {
    std::string name = (fs::temp_directory_path() / "moontide_report_XXXXXX").string();
    path = mkdtemp(name.data());
  }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string operator/(const std::string& name) const { return (path / name).string(); }
  long files() const { return std::distance(fs::directory_iterator(path), fs::directory_iterator{}); }
};

std::string content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

core::Error error_of(const std::string& path, const std::string& text) {
  try {
    report::write_file(path, text);
  } catch (const core::Error& error) {
    return error;
  }
  FAIL("no error for " << path);
  return core::Error("");
}

/// No file of this process may grow past `bytes` while it lives: a full disk, without one.
struct FileLimit {
  rlimit old{};
  explicit FileLimit(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &old);
    const rlimit limit{bytes, old.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileLimit() { setrlimit(RLIMIT_FSIZE, &old); }
  FileLimit(const FileLimit&) = delete;
  FileLimit& operator=(const FileLimit&) = delete;
};

}  // namespace

TEST_CASE("a written file replaces the old one and leaves nothing beside it") {
  const Folder folder;
  report::write_file(folder / "t.txt", "one\n");
  CHECK(content(folder / "t.txt") == "one\n");
  fs::permissions(folder / "t.txt", fs::perms::owner_read | fs::perms::owner_write);
  report::write_file(folder / "t.txt", "two\n");
  CHECK(content(folder / "t.txt") == "two\n");
  CHECK(fs::status(folder / "t.txt").permissions() == (fs::perms::owner_read | fs::perms::owner_write));
  CHECK(folder.files() == 1);
}

TEST_CASE("writing through a link changes the file it points to") {
  const Folder folder;
  report::write_file(folder / "real.txt", "old");
  fs::create_symlink(folder / "real.txt", folder / "link.txt");
  report::write_file(folder / "link.txt", "new");
  CHECK(fs::is_symlink(folder / "link.txt"));
  CHECK(content(folder / "real.txt") == "new");
}

TEST_CASE("a failed write leaves the old file whole and no part of the new one") {
  const Folder folder;
  report::write_file(folder / "t.txt", "the old text");
  {
    const FileLimit limit(1000);
    const core::Error error = error_of(folder / "t.txt", std::string(5000, 'x'));
    CHECK(error.message() == "cannot write '" + (folder / "t.txt") + "': File too large");
  }
  CHECK(content(folder / "t.txt") == "the old text");
  CHECK(folder.files() == 1);
}

TEST_CASE("errors of writing name the path, the reason and the way out") {
  const Folder folder;
  const core::Error missing = error_of(folder / "out/t.tex", "x");
  CHECK(missing.message() == "cannot write '" + (folder / "out/t.tex") + "': No such file or directory");
  REQUIRE(missing.hints().size() == 1);
  CHECK(missing.hints()[0] == "there is no folder '" + (folder / "out") + "': make it first, or give another path");
  CHECK(error_of(folder.path.string(), "x").hints()[0] == "that is a folder: add a file name");
  CHECK(error_of("", "x").message() == "the file name is empty");
}

TEST_CASE("save chooses the format by the ending, whatever its case") {
  const Folder folder;
  report::Table t;
  t.title = "R² < 1";
  t.body = {{{{.text = "R²"}, {.text = "0.5"}}}};
  for (const char* name : {"t.txt", "t.TEX", "t.html", "t.md", "t.csv"}) report::save(t, folder / name);
  CHECK(content(folder / "t.txt") == report::render_text(t));
  CHECK(content(folder / "t.TEX") == report::render_latex(t));
  CHECK(content(folder / "t.md") == report::render_markdown(t));
  CHECK(content(folder / "t.csv") == "\xEF\xBB\xBFR²,0.5\n");
  const std::string html = content(folder / "t.html");
  CHECK_THAT(html, Catch::StartsWith("<!DOCTYPE html>") && Catch::Contains("<meta charset=\"utf-8\">") &&
                       Catch::Contains("<title>R² &lt; 1</title>") && Catch::Contains(report::render_html(t)));
}

TEST_CASE("an unknown ending names the nearest one") {
  const auto error_for = [](const std::string& path) {
    try {
      report::save(report::Table{}, path);
    } catch (const core::Error& error) {
      return error.message() + " | " + (error.hints().empty() ? "" : error.hints()[0]);
    }
    return std::string();
  };
  CHECK(error_for("t.htm") ==
        "cannot save a table: unknown ending '.htm' | did you mean '.html'?  endings: .txt, .tex, .html, .md, .csv, "
        ".xlsx, .docx, .rtf, .doc");
  CHECK(error_for("table") ==
        "cannot save a table: 'table' has no ending that says the format | endings: .txt, .tex, .html, .md, .csv, "
        ".xlsx, .docx, .rtf, .doc");
}
