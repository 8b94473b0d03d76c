// SPDX-License-Identifier: Apache-2.0
#pragma once

// TextView: text that borrows from decoded input where it stood there as it is, and owns a copy
// where it did not (JSON text with escapes). Reading it never allocates in the first case; a
// std::string_view could not hold the second.
//
// While is_borrowed(), the input must outlive the TextView and all copies of it. Copies of borrowed
// text borrow from the same input; copies of owned text own. `view()` holds as long as the TextView
// is neither changed nor moved from.

#include <compare>
#include <cstddef>
#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace structwire {

class TextView {
 public:
  /// Empty, borrowed from nothing.
  TextView() noexcept = default;
  static TextView borrowed(std::string_view text) noexcept {
    TextView made;
    made.text_ = text;
    return made;
  }
  static TextView owned(std::string text) noexcept {
    TextView made;
    made.text_ = std::move(text);
    return made;
  }

  std::string_view view() const noexcept {
    const auto* text = std::get_if<std::string_view>(&text_);
    return text != nullptr ? *text : std::string_view(*std::get_if<std::string>(&text_));
  }
  operator std::string_view() const noexcept { return view(); }
  bool is_borrowed() const noexcept { return text_.index() == 0; }
  bool empty() const noexcept { return view().empty(); }
  std::size_t size() const noexcept { return view().size(); }
  /// A copy that outlives the input.
  std::string str() const { return std::string(view()); }

  friend bool operator==(const TextView& a, const TextView& b) noexcept {
    return a.view() == b.view();
  }
  friend bool operator==(const TextView& a, std::string_view b) noexcept { return a.view() == b; }
  friend std::strong_ordering operator<=>(const TextView& a, const TextView& b) noexcept {
    return a.view() <=> b.view();
  }
  friend std::strong_ordering operator<=>(const TextView& a, std::string_view b) noexcept {
    return a.view() <=> b;
  }

  template <class Traits>
  friend std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out,
                                                      const TextView& text) {
    return out << text.view();
  }

 private:
  std::variant<std::string_view, std::string> text_;
};

}  // namespace structwire

/// Equal to the hash of the same std::string_view.
template <>
struct std::hash<structwire::TextView> {
  std::size_t operator()(const structwire::TextView& text) const noexcept {
    return std::hash<std::string_view>{}(text.view());
  }
};
