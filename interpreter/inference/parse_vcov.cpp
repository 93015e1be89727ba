// "cluster city + year", "nw lag=2" → VcovSpec, and back.
#include "core/error.hpp"
#include "core/near.hpp"
#include "core/text.hpp"
#include "inference/meat.hpp"
#include "inference/registry.hpp"

#include <cmath>
#include <cstdlib>

namespace inference {
namespace {

/// A word of the text and where it starts.
struct Word {
  std::string text;
  std::size_t offset = 0;
};

/// Words at spaces, commas, + and parentheses; ^ and = join what they stand between, also with spaces around.
std::vector<Word> words_of(const std::string& text) {
  std::vector<Word> words;
  bool joined = false;  // the next word continues the last one
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == '^' || c == '=') {
      if (words.empty()) words.push_back({"", i});
      words.back().text += c;
      joined = true;
      ++i;
    } else if (std::string_view(" \t\n,+()~").find(c) != std::string_view::npos) {
      ++i;
    } else {
      const std::size_t begin = i;
      while (i < text.size() && std::string_view(" \t\n,+()~^=").find(text[i]) == std::string_view::npos) ++i;
      if (joined)
        words.back().text += text.substr(begin, i - begin);
      else
        words.push_back({text.substr(begin, i - begin), begin});
      joined = false;
    }
  }
  return words;
}

/// Brackets are blanks to words_of; each must have its other half all the same.
void check_brackets(const std::string& text) {
  std::vector<std::size_t> opened;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '(') opened.push_back(i);
    if (text[i] != ')') continue;
    if (opened.empty()) throw core::Error("vcov: ')' closes nothing").at({text, i, 1});
    opened.pop_back();
  }
  if (!opened.empty()) throw core::Error("vcov: '(' is never closed").at({text, opened.back(), 1});
}

core::Caret caret(const std::string& text, const Word& word) { return {text, word.offset, word.text.size()}; }

double number(const std::string& text, const Word& word, const std::string& value, bool whole) {
  char* end = nullptr;
  const double out = std::strtod(value.c_str(), &end);
  if (value.empty() || *end != '\0' || !std::isfinite(out) || out < 0 || (whole && out != std::floor(out)))
    throw core::Error("vcov: '" + value + "' is not " + (whole ? "a whole number of periods" : "a positive number"))
        .at(caret(text, word));
  return out;
}

/// "auto" or a number of periods.
void set_lag(VcovSpec& spec, const std::string& text, const Word& word, const std::string& value) {
  spec.lag_auto = core::lower(value) == "auto";
  if (!spec.lag_auto) spec.lag = static_cast<int>(number(text, word, value, true));
}

std::string plain_kernel(const std::string& kernel) {
  return is_planar(kernel) ? kernel.substr(0, kernel.size() - planar_suffix.size()) : kernel;
}
void set_kernel(VcovSpec& spec, const std::string& kernel) {
  spec.kernel = kernel + (is_planar(spec.kernel) ? std::string(planar_suffix) : "");
}
void set_metric(VcovSpec& spec, const std::string& metric) {
  if (metric != "planar" && metric != "great_circle")
    throw core::Error("vcov 'conley' has no metric '" + metric + "'")
        .hint(core::did_you_mean(metric, {"great_circle", "planar"}, "metrics"));
  spec.kernel = plain_kernel(spec.kernel) + (metric == "planar" ? std::string(planar_suffix) : "");
}

void set_option(VcovSpec& spec, const std::string& text, const Word& word) {
  const std::size_t equals = word.text.find('=');
  const std::string name = word.text.substr(0, equals), value = word.text.substr(equals + 1);
  const VcovType& type = vcov_type(spec.kind);
  bool known = false;
  for (const std::string& option : type.options) known = known || option == name;
  if (!known)
    throw core::Error("vcov '" + type.names.front() + "' has no option '" + name + "'")
        .hint(core::did_you_mean(name, type.options, "options"))
        .at(caret(text, word));
  if (name == "lag")
    set_lag(spec, text, word, value);
  else if (name == "time_lag")
    spec.time_lag = static_cast<int>(number(text, word, value, true));
  else if (name == "cutoff_km")
    spec.cutoff_km = number(text, word, value, false);
  else if (name == "kernel")
    set_kernel(spec, core::lower(value));
  else if (name == "metric")
    set_metric(spec, core::lower(value));
  else
    (name == "lat" ? spec.lat : spec.lon) = value;
}

std::vector<std::string> printed_names() {
  std::vector<std::string> out;
  for (const VcovType& type : vcov_types()) out.push_back(type.names.front());
  return out;
}

VcovKind kind_of(const std::string& text, const Word& word) {
  std::vector<std::string> all;
  for (const VcovType& type : vcov_types())
    for (const std::string& name : type.names) {
      if (core::lower(name) == core::lower(word.text)) return type.kind;
      all.push_back(name);
    }
  core::Error error("unknown vcov '" + word.text + "'");
  const std::string near = core::nearest(word.text, all);
  error.hint((near.empty() ? "" : "did you mean '" + near + "'?  ") + "kinds: " + core::join(printed_names(), ", "));
  throw std::move(error).at(caret(text, word));
}

/// "cluster" alone is the first fixed effect, "twoway" the first two.
int effects_meant(const std::string& word) { return word == "threeway" ? 3 : word == "twoway" ? 2 : 1; }

}  // namespace

void check(const VcovSpec& spec) {
  const std::string name = vcov_type(spec.kind).names.front();
  if (is_clustered(spec.kind) && spec.cluster.empty() && spec.first_effects == 0)
    throw core::Error("vcov '" + name + "' needs a variable")
        .hint("for example \"" + name + " city\" or " +
              (spec.kind == VcovKind::cluster ? "cluster(city)" : "vcov=\"" + name + "\", cluster=city"));
  if ((spec.kind == VcovKind::cr2 || spec.kind == VcovKind::cr3) && (spec.cluster.size() > 1 || spec.first_effects > 1))
    throw core::Error("vcov '" + name + "' takes one cluster variable, not " + std::to_string(spec.cluster.size()))
        .hint("a^b combines two; vcov=cluster(a, b) is clustered both ways")
        .word(name);
  if (spec.kind != VcovKind::conley) return;
  if (!(spec.cutoff_km > 0))
    throw core::Error("vcov 'conley' needs a distance cutoff in kilometres")
        .hint("for example \"conley 100\" or conley(100)");
  if (const std::string kernel = plain_kernel(spec.kernel); kernel != "uniform" && kernel != "bartlett")
    throw core::Error("vcov 'conley' has no kernel '" + kernel + "'")
        .hint(core::did_you_mean(kernel, {"uniform", "bartlett"}, "kernels"));
}

VcovSpec parse_vcov(const std::string& text) {
  const std::vector<Word> words = words_of(text);
  if (words.empty()) throw core::Error("vcov is empty").hint("kinds: " + core::join(printed_names(), ", "));
  check_brackets(text);
  VcovSpec spec;
  const bool formula = core::trim(text).front() == '~';  // fixest's spelling
  spec.kind = formula ? VcovKind::cluster : kind_of(text, words.front());
  if (words.size() == 1 && !formula && is_clustered(spec.kind))
    spec.first_effects = effects_meant(core::lower(words.front().text));
  bool bare_number = false;
  for (std::size_t i = formula ? 0 : 1; i < words.size(); ++i) {
    const Word& word = words[i];
    if (word.text.find('=') != std::string::npos) {
      set_option(spec, text, word);
    } else if (is_clustered(spec.kind)) {
      spec.cluster.push_back(word.text);
    } else if (spec.kind == VcovKind::conley && (word.text == "uniform" || word.text == "bartlett")) {
      set_kernel(spec, word.text);
    } else if (spec.kind == VcovKind::conley && (word.text == "planar" || word.text == "great_circle")) {
      set_metric(spec, word.text);
    } else if (vcov_type(spec.kind).options.empty() || bare_number) {
      throw core::Error("vcov '" + words.front().text + "' does not take '" + word.text + "'").at(caret(text, word));
    } else if (spec.kind == VcovKind::conley) {
      spec.cutoff_km = number(text, word, word.text, false);
      bare_number = true;
    } else {
      set_lag(spec, text, word, word.text);
      bare_number = true;
    }
  }
  check(spec);
  return spec;
}

std::string print(const VcovSpec& spec) {
  std::string out = vcov_type(spec.kind).names.front();
  if (spec.cluster.empty() && spec.first_effects > 1) return spec.first_effects == 2 ? "twoway" : "threeway";
  if (is_clustered(spec.kind) && !spec.cluster.empty()) out += " " + core::join(spec.cluster, " + ");
  if (spec.kind == VcovKind::newey_west || spec.kind == VcovKind::driscoll_kraay) {
    if (spec.lag_auto)
      out += " lag=auto";
    else if (spec.lag >= 0)
      out += " lag=" + std::to_string(spec.lag);
  }
  if (spec.kind == VcovKind::conley) {
    out += " " + core::shortest(spec.cutoff_km) + " kernel=" + plain_kernel(spec.kernel);
    if (is_planar(spec.kernel)) out += " metric=planar";
    if (spec.time_lag > 0) out += " time_lag=" + std::to_string(spec.time_lag);
    if (!spec.lat.empty()) out += " lat=" + spec.lat;
    if (!spec.lon.empty()) out += " lon=" + spec.lon;
  }
  return out;
}

}  // namespace inference
