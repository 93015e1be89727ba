// JSON, SQLite and maps.
#include "helpers.hpp"

using namespace testing_files;

TEST_CASE("JSON records and lines") {
  const Folder folder;
  put(folder / "x.json", R"([{"city": "A", "y": 1, "ok": true, "day": "2020-02-29", "more": {"a": [1]}},
    {"y": 2.5, "city": "上海", "ok": null, "day": null, "late": 9007199254740993}])");
  files::Report report;
  const data::Frame frame = files::read(folder / "x.json", {}, &report);
  CHECK(frame.names() == Texts{"city", "y", "ok", "day", "more", "late"});
  CHECK(texts(frame, "y") == Texts{"1", "2.5"});
  CHECK(texts(frame, "ok") == Texts{"true", "."});
  CHECK(frame.at("day")->type() == data::Type::date);
  CHECK(texts(frame, "more") == Texts{R"({"a":[1]})", "."});
  CHECK(texts(frame, "late") == Texts{".", "9007199254740993"});
  put(folder / "x.jsonl", "{\"a\": 1}\n\n{\"a\": \"x\", \"b\": 2}\n");
  CHECK(texts(files::read(folder / "x.jsonl"), "a") == Texts{"1", "x"});
}

TEST_CASE("JSON that is wrong") {
  const Folder folder;
  const auto message = [&](const std::string& text) {
    put(folder / "x.json", text);
    return reading_error(folder / "x.json").message();
  };
  CHECK(message("[{\"a\": 1},\n {\"a\": }]").find("x.json', line 2, column 8: ") != std::string::npos);
  CHECK(message("[1, 2]").find("something that is not an object: 1") != std::string::npos);
  CHECK(message("{\"a\": 1}\n[2]").find("line 2, column 1: not an object") != std::string::npos);
  CHECK(message("[{\"a\": 1}").find("x.json', line 1") != std::string::npos);
  CHECK(message(std::string(100000, '[')).find("more than 200 deep") != std::string::npos);
}

TEST_CASE("What we write as JSON reads back the same") {
  const Folder folder;
  const data::Frame frame = every_type().without("kind");
  for (const std::string name : {"x.json", "x.jsonl"}) {
    files::write(frame, folder / name);
    const data::Frame back = files::read(folder / name);
    CHECK(back.names() == frame.names());
    for (const std::string& column : frame.names()) {
      CHECK(texts(back, column) == texts(frame, column));
      CHECK(data::name_of(back.at(column)->type()) == data::name_of(frame.at(column)->type()));
    }
  }
}

TEST_CASE("SQLite tables and queries") {
  files::ReadOptions options;
  options.table = "city";
  const data::Frame frame = files::read(fixture("cities.sqlite"), options);
  CHECK(texts(frame, "name") == Texts{"Beijing", "上海", "."});
  CHECK(texts(frame, "n") == Texts{"1", "2", "."});
  CHECK(texts(frame, "y") == Texts{"0.5", ".", "1"});
  CHECK(texts(frame, "ok") == Texts{"true", "false", "."});
  CHECK(frame.at("day")->type() == data::Type::date);
  options = {};
  options.query = "select name, 2*n as twice from city where n > 1";
  CHECK(texts(files::read(fixture("cities.sqlite"), options), "twice") == Texts{"4"});
  CHECK(reading_error(fixture("cities.sqlite")).hints().at(0) == "tables: city, other");
  options.query = "delete from city";
  CHECK(reading_error(fixture("cities.sqlite"), options).message().find("query= takes one select statement") !=
        std::string::npos);
  options.query = "select nam from city";
  CHECK(reading_error(fixture("cities.sqlite"), options).message().find("no such column: nam") != std::string::npos);
  options = {};
  options.table = "citi";
  CHECK(reading_error(fixture("cities.sqlite"), options).hints().at(0).find("did you mean 'city'?") == 0);
}

TEST_CASE("Maps keep their shapes") {
  for (const std::string name : {"map.geojson", "map.shp", "map.gpkg"}) {
    INFO(name);
    const data::Frame frame = files::read(fixture(name));
    CHECK(texts(frame, "name") == Texts{"Square", "两个", "Nowhere"});
    CHECK(texts(frame, "pop") == Texts{"10", "20", "30"});
    CHECK(texts(frame, "day") == Texts{"2020-02-29", ".", "1970-01-01"});
    REQUIRE(frame.geometry());
    const data::Geometry& shapes = *frame.geometry();
    CHECK(shapes.geographic);
    CHECK(shapes.kind(0) == data::ShapeKind::polygon);
    CHECK(shapes.paths(0) == 2);
    CHECK(shapes.path(0, 1).hole);
    CHECK(shapes.path(0, 0).x.size() == 5);
    CHECK(shapes.paths(1) == 2);
    CHECK(!shapes.path(1, 1).hole);
    CHECK(shapes.kind(2) == data::ShapeKind::none);
    const std::vector<std::uint32_t> rows = {1, 0};
    const data::Frame taken = frame.take(rows);
    CHECK(taken.shapes()[0] == 1);
    CHECK(data::summary(*taken.geometry(), taken.shapes()).find("2 polygons") == 0);
  }
  const data::Frame projected = files::read(fixture("utm.shp"));
  CHECK(!projected.geometry()->geographic);
  CHECK(projected.geometry()->projection.find("UTM") != std::string::npos);
}

TEST_CASE("What we write as GeoJSON reads back the same") {
  const Folder folder;
  const data::Frame frame = files::read(fixture("map.geojson"));
  files::write(frame, folder / "x.geojson");
  const data::Frame back = files::read(folder / "x.geojson");
  check_same(frame, back);
  REQUIRE(back.geometry());
  CHECK(std::vector<double>(frame.geometry()->x().begin(), frame.geometry()->x().end()) ==
        std::vector<double>(back.geometry()->x().begin(), back.geometry()->x().end()));
  CHECK(error_of([&] { files::write(every_type(), folder / "y.geojson"); }).message().find("has no shapes") !=
        std::string::npos);
  CHECK(error_of([&] { files::write(files::read(fixture("utm.shp")), folder / "y.geojson"); })
            .message()
            .find("the shapes are in") != std::string::npos);
}
