// SPDX-License-Identifier: Apache-2.0
#pragma once

// Sets of code points while a pattern is being parsed (core/pattern_parse.hpp).

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include <structwire/core/config.hpp>
#include <structwire/core/pattern_program.hpp>

namespace structwire::pattern_matching {
inline namespace STRUCTWIRE_INLINE {

class CodePointSet {
 public:
  constexpr CodePointSet& add(Range range) {
    ranges_.push_back(range);
    return *this;
  }

  /// Adds what \d, \w, \s, \D, \W or \S stands for; false for any other letter.
  constexpr bool add_escape(char letter) {
    CodePointSet set;
    switch (letter | 0x20) {
      case 'd':
        set.ranges_ = {{'0', '9'}};
        break;
      case 'w':
        set.ranges_ = {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
        break;
      case 's':
        set.ranges_ = {{'\t', '\r'}, {' ', ' '}};
        break;
      default:
        return false;
    }
    if (letter < 'a') set = set.complement();
    ranges_.insert(ranges_.end(), set.ranges_.begin(), set.ranges_.end());
    return true;
  }

  constexpr CodePointSet complement() const {
    CodePointSet result;
    std::uint32_t first = 0;
    for (const Range& range : merged()) {
      if (range.first > first) result.add({first, range.first - 1});
      first = range.last + 1;
    }
    if (first <= code_point_max) result.add({first, code_point_max});
    return result;
  }

  /// Its number in `classes`, where it is added unless it is there.
  constexpr std::size_t position_in(std::vector<CharacterClass>& classes,
                                    std::vector<Range>& pool) const {
    CharacterClass wanted{.first_range = static_cast<std::uint32_t>(pool.size())};
    std::vector<Range> others;
    for (const Range& range : merged()) {
      for (std::uint32_t code = range.first; code <= std::min(range.last, ascii_max); ++code) {
        wanted.ascii[code / 64] |= std::uint64_t{1} << code % 64;
      }
      if (range.last > ascii_max)
        others.push_back({std::max(range.first, ascii_max + 1), range.last});
    }
    wanted.range_count = static_cast<std::uint32_t>(others.size());
    for (std::size_t i = 0; i < classes.size(); ++i) {
      if (classes[i].ascii == wanted.ascii && classes[i].range_count == wanted.range_count &&
          std::equal(others.begin(), others.end(), pool.begin() + classes[i].first_range)) {
        return i;
      }
    }
    pool.insert(pool.end(), others.begin(), others.end());
    classes.push_back(wanted);
    return classes.size() - 1;
  }

 private:
  static constexpr std::uint32_t ascii_max = 0x7F;
  static constexpr std::uint32_t code_point_max = 0x10FFFF;

  // Ascending, and neither overlapping nor touching.
  constexpr std::vector<Range> merged() const {
    std::vector<Range> sorted = ranges_;
    std::sort(sorted.begin(), sorted.end(),
              [](const Range& a, const Range& b) { return a.first < b.first; });
    std::vector<Range> result;
    for (const Range& range : sorted) {
      if (!result.empty() && range.first <= result.back().last + 1) {
        result.back().last = std::max(result.back().last, range.last);
      } else {
        result.push_back(range);
      }
    }
    return result;
  }

  std::vector<Range> ranges_;
};

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire::pattern_matching
