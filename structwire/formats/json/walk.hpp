// SPDX-License-Identifier: Apache-2.0
#pragma once

// One JSON value of any shape, passed over without recursion and without decoding: what skip,
// capture and reformat share. It checks everything but the range of numbers, so what was passed
// over is always valid.
//
// A Visitor is shown the pieces in their order, without the white space between them. Where a
// function returns false, it has recorded an error in the reader.
//
//   void open(char bracket)
//   bool item(bool first)                      before each item and each key
//   void key(std::string_view)                 with its quotes and escapes as they are
//   void scalar(std::string_view)              likewise
//   bool close(char bracket, bool empty)

#include <string_view>
#include <vector>

#include <structwire/formats/json/reader.hpp>

namespace structwire::json {

/// The Visitor that looks away.
struct Unseen {
  void open(char) const noexcept {}
  bool item(bool) const noexcept { return true; }
  void key(std::string_view) const noexcept {}
  void scalar(std::string_view) const noexcept {}
  bool close(char, bool) const noexcept { return true; }
};

template <class Visitor>
bool ReaderBase::walk(Visitor&& visitor) {
  struct Level {
    ArrayScope scope;
    bool map;
  };
  std::vector<Level> open;
  const auto passed_since = [this](std::size_t start) {
    return std::string_view(reinterpret_cast<const char*>(begin_) + start, offset() - start);
  };
  do {
    const std::size_t start = offset();
    const Kind kind = peek();
    if (cursor_ == end_) return truncated(start);
    if (kind == Kind::object || kind == Kind::array) {
      if (open.size() >= depth_left()) return too_deep(start);
      ++cursor_;
      open.push_back({{}, kind == Kind::object});
      visitor.open(kind == Kind::object ? '{' : '[');
    } else {
      if (!skip_scalar(kind)) return false;
      visitor.scalar(passed_since(start));
    }
    // To the next value: out of every level that ends here.
    while (!open.empty()) {
      Level& level = open.back();
      const bool first = level.scope.count == 0;
      const bool more =
          level.map ? more_entries(level.scope, "expected '\"'") : more_items(level.scope);
      if (failed()) return false;
      if (more) {
        if (!visitor.item(first)) return false;
        if (!level.map) break;
        const std::size_t key = offset();
        if (!skip_text()) return false;
        visitor.key(passed_since(key));
        if (!close_key(level.scope)) return false;
        break;
      }
      if (!visitor.close(level.map ? '}' : ']', first)) return false;
      open.pop_back();
    }
  } while (!open.empty());
  return true;
}

}  // namespace structwire::json
