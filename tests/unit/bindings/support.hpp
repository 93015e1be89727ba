// A running interpreter with a small panel in use, and short ways to ask it things.
#pragma once

#include "bindings/interpreter.hpp"
#include "bindings/lua.hpp"
#include "bindings/session.hpp"
#include "data/column.hpp"

#include <string>
#include <vector>

class Running {
 public:
  Running() {
    data::Frame frame("cities");
    std::vector<std::int64_t> city, year, treat, post;
    std::vector<double> ser, lngdp, type;
    for (int c = 1; c <= 6; ++c) {
      for (int t = 2011; t <= 2015; ++t) {
        city.push_back(c);
        year.push_back(t);
        treat.push_back(c > 3);
        post.push_back(t > 2013);
        const double noise = static_cast<double>((c * 7 + t * 3) % 5) / 10;
        ser.push_back(1 + 0.5 * c + 0.1 * (t - 2011) + 0.3 * (c > 3 && t > 2013) + noise);
        lngdp.push_back(static_cast<double>((c * t) % 7));
        type.push_back(static_cast<double>(c % 3));
      }
    }
    frame = frame.with("city", data::Column::integers(city)).with("year", data::Column::integers(year));
    frame = frame.with("ser", data::Column::reals(ser)).with("treat", data::Column::integers(treat));
    frame = frame.with("post", data::Column::integers(post)).with("lngdp", data::Column::reals(lngdp));
    frame = frame.with("type", data::Column::reals(type)).with("did", data::Column::reals(type));
    bindings::session(moon.state()).use(frame);
  }

  bindings::Outcome run(const std::string& script) { return moon.run_text(script, "test.mt"); }
  /// The error text of a script that must fail; "" when it does not.
  std::string error(const std::string& script) { return run(script).error; }
  /// tostring() of an expression, or its error.
  std::string value(const std::string& expression) {
    const bindings::Outcome outcome = run("_G.answer = tostring(" + expression + ")");
    if (!outcome.ok) return outcome.error;
    lua_getglobal(moon.state(), "answer");
    std::string text = bindings::text_at(moon.state(), -1);
    lua_pop(moon.state(), 1);
    return text;
  }

  bindings::Interpreter moon;
};

inline bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }
