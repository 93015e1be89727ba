// NIST's Statistical Reference Datasets (StRD), univariate summary statistics and analysis of variance: data and
// certified values, in the public domain as works of the United States government
// (https://www.itl.nist.gov/div898/strd/).
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace nist {

struct Univariate {
  std::string name;
  std::vector<double> data;
  double mean = 0, sd = 0;  ///< certified
};

/// Correct significant digits: −log10 of the relative error, at most 15 (certified values carry that many).
inline double digits(double value, double certified) {
  const double error = std::abs(value - certified) / std::abs(certified);
  return std::isnan(error) ? -1 : error == 0 ? 15 : std::min(15.0, -std::log10(error));
}

/// A centre, then values below and above it in turn: NumAcc2–4 and the cells of Simon & Lesage.
inline std::vector<double> alternating(double centre, double low, double high, int n) {
  std::vector<double> out{centre};
  for (int i = 1; i < n; ++i) out.push_back(i % 2 ? low : high);
  return out;
}

/// The first n digits of π, by the spigot of Rabinowitz & Wagon (1995), American Mathematical Monthly 102(3).
inline std::vector<double> digits_of_pi(int n) {
  std::vector<long long> remainders(static_cast<std::size_t>(10 * (n + 20) / 3 + 1), 2);
  std::vector<double> out;
  std::vector<int> pending;  // a digit, then nines, that a carry may still change
  while (out.size() < static_cast<std::size_t>(n)) {
    long long carry = 0;
    for (auto i = static_cast<int>(remainders.size()) - 1; i > 0; --i) {
      long long& r = remainders[static_cast<std::size_t>(i)];
      const long long x = 10 * r + carry * (i + 1);
      r = x % (2 * i + 1);
      carry = x / (2 * i + 1);
    }
    const long long x = 10 * remainders[0] + carry;
    remainders[0] = x % 10;
    const auto digit = static_cast<int>(x / 10);
    if (digit == 9) {
      pending.push_back(9);
      continue;
    }
    const bool up = digit == 10;
    for (const int p : pending) out.push_back(up ? (p + 1) % 10 : p);
    pending.assign(1, up ? 0 : digit);
  }
  while (out.size() > static_cast<std::size_t>(n)) out.pop_back();
  return out;
}

/// NIST's PiDigits are the first 5000 digits of π but for the 957th, which is 8 in π and 3 in the set.
inline std::vector<double> pi_digits_set() {
  std::vector<double> out = digits_of_pi(5000);
  out.at(956) = 3;
  return out;
}

inline std::vector<Univariate> univariate() {
  return {
      {"PiDigits", pi_digits_set(), 4.53480000000000, 2.86733906028871},
      {"Lew",
       {-213, -564, -35,  -15,  141,  115,  -420, -360, 203,  -338, -431, 194,  -220, -513, 154,  -125, -559,
        92,   -21,  -579, -52,  99,   -543, -175, 162,  -457, -346, 204,  -300, -474, 164,  -107, -572, -8,
        83,   -541, -224, 180,  -420, -374, 201,  -236, -531, 83,   27,   -564, -112, 131,  -507, -254, 199,
        -311, -495, 143,  -46,  -579, -90,  136,  -472, -338, 202,  -287, -477, 169,  -124, -568, 17,   48,
        -568, -135, 162,  -430, -422, 172,  -74,  -577, -13,  92,   -534, -243, 194,  -355, -465, 156,  -81,
        -578, -64,  139,  -449, -384, 193,  -198, -538, 110,  -44,  -577, -6,   66,   -552, -164, 161,  -460,
        -344, 205,  -281, -504, 134,  -28,  -576, -118, 156,  -437, -381, 200,  -220, -540, 83,   11,   -568,
        -160, 172,  -414, -408, 188,  -125, -572, -32,  139,  -492, -321, 205,  -262, -504, 142,  -83,  -574,
        0,    48,   -571, -106, 137,  -501, -266, 190,  -391, -406, 194,  -186, -553, 83,   -13,  -577, -49,
        103,  -515, -280, 201,  300,  -506, 131,  -45,  -578, -80,  138,  -462, -361, 201,  -211, -554, 32,
        74,   -533, -235, 187,  -372, -442, 182,  -147, -566, 25,   68,   -535, -244, 194,  -351, -463, 174,
        -125, -570, 15,   72,   -550, -190, 172,  -424, -385, 198,  -218, -536, 96},
       -177.435000000000,
       277.332168044316},
      {"Lottery",
       {162, 671, 933, 414, 788, 730, 817, 33,  536, 875, 670, 236, 473, 167, 877, 980, 316, 950, 456, 92,  517, 557,
        956, 954, 104, 178, 794, 278, 147, 773, 437, 435, 502, 610, 582, 780, 689, 562, 964, 791, 28,  97,  848, 281,
        858, 538, 660, 972, 671, 613, 867, 448, 738, 966, 139, 636, 847, 659, 754, 243, 122, 455, 195, 968, 793, 59,
        730, 361, 574, 522, 97,  762, 431, 158, 429, 414, 22,  629, 788, 999, 187, 215, 810, 782, 47,  34,  108, 986,
        25,  644, 829, 630, 315, 567, 919, 331, 207, 412, 242, 607, 668, 944, 749, 168, 864, 442, 533, 805, 372, 63,
        458, 777, 416, 340, 436, 140, 919, 350, 510, 572, 905, 900, 85,  389, 473, 758, 444, 169, 625, 692, 140, 897,
        672, 288, 312, 860, 724, 226, 884, 508, 976, 741, 476, 417, 831, 15,  318, 432, 241, 114, 799, 955, 833, 358,
        935, 146, 630, 830, 440, 642, 356, 373, 271, 715, 367, 393, 190, 669, 8,   861, 108, 795, 269, 590, 326, 866,
        64,  523, 862, 840, 219, 382, 998, 4,   628, 305, 747, 247, 34,  747, 729, 645, 856, 974, 24,  568, 24,  694,
        608, 480, 410, 729, 947, 293, 53,  930, 223, 203, 677, 227, 62,  455, 387, 318, 562, 242, 428, 968},
       518.958715596330,
       291.699727470969},
      {"Mavro",
       {2.00180, 2.00170, 2.00180, 2.00190, 2.00180, 2.00170, 2.00150, 2.00140, 2.00150, 2.00150,
        2.00170, 2.00180, 2.00180, 2.00190, 2.00190, 2.00210, 2.00200, 2.00160, 2.00140, 2.00130,
        2.00130, 2.00150, 2.00150, 2.00160, 2.00150, 2.00140, 2.00130, 2.00140, 2.00150, 2.00140,
        2.00150, 2.00160, 2.00150, 2.00160, 2.00190, 2.00200, 2.00200, 2.00210, 2.00220, 2.00230,
        2.00240, 2.00250, 2.00270, 2.00260, 2.00260, 2.00260, 2.00270, 2.00260, 2.00250, 2.00240},
       2.00185600000000,
       0.000429123454003053},
      {"Michelso",
       {299.85, 299.74, 299.90, 300.07, 299.93, 299.85, 299.95, 299.98, 299.98, 299.88, 300.00, 299.98, 299.93,
        299.65, 299.76, 299.81, 300.00, 300.00, 299.96, 299.96, 299.96, 299.94, 299.96, 299.94, 299.88, 299.80,
        299.85, 299.88, 299.90, 299.84, 299.83, 299.79, 299.81, 299.88, 299.88, 299.83, 299.80, 299.79, 299.76,
        299.80, 299.88, 299.88, 299.88, 299.86, 299.72, 299.72, 299.62, 299.86, 299.97, 299.95, 299.88, 299.91,
        299.85, 299.87, 299.84, 299.84, 299.85, 299.84, 299.84, 299.84, 299.89, 299.81, 299.81, 299.82, 299.80,
        299.77, 299.76, 299.74, 299.75, 299.76, 299.91, 299.92, 299.89, 299.86, 299.88, 299.72, 299.84, 299.85,
        299.85, 299.78, 299.89, 299.84, 299.78, 299.81, 299.76, 299.81, 299.79, 299.81, 299.82, 299.85, 299.87,
        299.87, 299.81, 299.74, 299.81, 299.94, 299.95, 299.80, 299.81, 299.87},
       299.852400000000,
       0.0790105478190518},
      {"NumAcc1", {10000001, 10000003, 10000002}, 10000002, 1},
      {"NumAcc2", alternating(1.2, 1.1, 1.3, 1001), 1.2, 0.1},
      {"NumAcc3", alternating(1000000.2, 1000000.1, 1000000.3, 1001), 1000000.2, 0.1},
      {"NumAcc4", alternating(10000000.2, 10000000.1, 10000000.3, 1001), 10000000.2, 0.1},
  };
}

struct Anova {
  std::string name;
  std::vector<double> y;
  std::vector<std::int64_t> group;
  double between_ss = 0, within_ss = 0, F = 0, r2 = 0, root_mse = 0;  ///< certified
};

/// SmLs01–09 (Simon & Lesage 1989): nine cells of `replicates` values around `leading` + 0.4, 0.3, 0.5, 0.3, ….
inline Anova simon_lesage(const std::string& name, const std::string& leading, int replicates, double between,
                          double within, double F, double r2) {
  Anova out{name, {}, {}, between, within, F, r2, 0.1};
  const auto tenth = [&](int tenths) { return std::stod(leading + "." + std::to_string(tenths)); };
  for (int cell = 0; cell < 9; ++cell) {
    const int centre = cell == 0 ? 4 : cell % 2 ? 3 : 5;
    const auto values = alternating(tenth(centre), tenth(centre - 1), tenth(centre + 1), replicates);
    out.y.insert(out.y.end(), values.begin(), values.end());
    out.group.insert(out.group.end(), values.size(), cell + 1);
  }
  return out;
}

inline Anova cells(const std::string& name, const std::vector<std::vector<double>>& groups, double between,
                   double within, double F, double r2, double root_mse) {
  Anova out{name, {}, {}, between, within, F, r2, root_mse};
  for (std::size_t g = 0; g < groups.size(); ++g) {
    out.y.insert(out.y.end(), groups[g].begin(), groups[g].end());
    out.group.insert(out.group.end(), groups[g].size(), static_cast<std::int64_t>(g) + 1);
  }
  return out;
}

inline std::vector<Anova> anova() {
  std::vector<Anova> out;
  out.push_back(cells("SiRstv",
                      {{196.3052, 196.1240, 196.1890, 196.2569, 196.3403},
                       {196.3042, 196.3825, 196.1669, 196.3257, 196.0422},
                       {196.1303, 196.2005, 196.2889, 196.0343, 196.1811},
                       {196.2795, 196.1748, 196.1494, 196.1485, 195.9885},
                       {196.2119, 196.1051, 196.1850, 196.0052, 196.2090}},
                      5.11462616000000E-02, 2.16636560000000E-01, 1.18046237440255E+00, 1.90999039051129E-01,
                      1.04076068334656E-01));
  out.push_back(cells(
      "AtmWtAg",
      {{107.8681568, 107.8681465, 107.8681572, 107.8681785, 107.8681446, 107.8681903, 107.8681526, 107.8681494,
        107.8681616, 107.8681587, 107.8681519, 107.8681486, 107.8681419, 107.8681569, 107.8681508, 107.8681672,
        107.8681385, 107.8681518, 107.8681662, 107.8681424, 107.8681360, 107.8681333, 107.8681610, 107.8681477},
       {107.8681079, 107.8681344, 107.8681513, 107.8681197, 107.8681604, 107.8681385, 107.8681642, 107.8681365,
        107.8681151, 107.8681082, 107.8681517, 107.8681448, 107.8681198, 107.8681482, 107.8681334, 107.8681609,
        107.8681101, 107.8681512, 107.8681469, 107.8681360, 107.8681254, 107.8681261, 107.8681450, 107.8681368}},
      3.63834187500000E-09, 1.04951729166667E-08, 1.59467335677930E+01, 2.57426544538321E-01, 1.51048314446410E-05));
  for (const auto& [first, leading] : {std::pair{1, "1"}, std::pair{4, "1000000"}, std::pair{7, "1000000000000"}}) {
    const auto name = [first = first](int k) { return "SmLs0" + std::to_string(first + k); };
    out.push_back(simon_lesage(name(0), leading, 21, 1.68, 1.8, 21, 4.82758620689655E-01));
    out.push_back(simon_lesage(name(1), leading, 201, 16.08, 18, 201, 4.71830985915493E-01));
    out.push_back(simon_lesage(name(2), leading, 2001, 160.08, 180, 2001, 4.70712773465067E-01));
  }
  return out;
}

}  // namespace nist
