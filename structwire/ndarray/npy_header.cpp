// SPDX-License-Identifier: Apache-2.0
//
// A parser for one Python literal: {'descr': text, 'fortran_order': True or False, 'shape': tuple
// of integers}. What Python would take beyond it (escapes, concatenated texts, hexadecimal, nested
// values) no writer of arrays makes.
#include <structwire/ndarray/npy_header.hpp>

#include <charconv>
#include <optional>

namespace structwire::ndarray {
namespace {

class DictParser {
 public:
  DictParser(const NpyDict& dict, const ArrayLimits& limits) : dict_(dict), limits_(limits) {}

  Result<Layout> parse() {
    if (!take('{')) return malformed("Expected a dict");
    while (!take('}')) {
      if (!read_entry() || !(take(',') || at('}'))) return error_.value_or_malformed(*this);
    }
    skip_blanks();
    if (at_ != dict_.text.size()) return malformed("Characters behind the dict");
    if (!type_ || !order_ || !shape_) {
      return malformed("Expected the keys `descr`, `fortran_order` and `shape`");
    }
    auto layout = Layout::make(*type_, std::move(*shape_), *order_, limits_);
    if (layout) return layout;
    return std::unexpected(Error(layout.error().code(), layout.error().message(), dict_.offset));
  }

 private:
  // The first thing that was wrong; a character in the wrong place where nothing else was said.
  struct FirstError {
    std::optional<Error> error;
    Result<Layout> value_or_malformed(const DictParser& parser) {
      if (error) return std::unexpected(std::move(*error));
      return parser.malformed("Invalid dict");
    }
  };

  std::unexpected<Error> malformed(const char* what) const {
    return std::unexpected(Error(ErrorCode::malformed, std::string("Invalid .npy header: ") + what,
                                 dict_.offset + at_));
  }
  bool fail(const char* what) {
    if (!error_.error) error_.error = malformed(what).error();
    return false;
  }

  void skip_blanks() noexcept {
    while (at_ < dict_.text.size() && std::string_view(" \t\r\n\f").contains(dict_.text[at_]))
      ++at_;
  }
  bool at(char wanted) noexcept {
    skip_blanks();
    return at_ < dict_.text.size() && dict_.text[at_] == wanted;
  }
  bool take(char wanted) noexcept {
    if (!at(wanted)) return false;
    ++at_;
    return true;
  }
  bool take_word(std::string_view word) noexcept {
    skip_blanks();
    if (!dict_.text.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  bool read_entry() {
    std::string_view key;
    if (!read_text(key)) return false;
    if (!take(':')) return fail("Expected `:`");
    if (key == "descr") return type_ ? fail("A key twice") : read_type();
    if (key == "fortran_order") return order_ ? fail("A key twice") : read_order();
    if (key == "shape") return shape_ ? fail("A key twice") : read_shape();
    return fail("An unknown key");
  }

  bool read_text(std::string_view& out) {
    skip_blanks();
    const char quote = at('"') ? '"' : '\'';
    if (!take(quote)) return fail("Expected text");
    const std::size_t end = dict_.text.find_first_of(quote == '"' ? "\"\\\n" : "'\\\n", at_);
    if (end == dict_.text.npos || dict_.text[end] != quote)
      return fail("Expected text without escapes");
    out = dict_.text.substr(at_, end - at_);
    at_ = end + 1;
    return true;
  }

  bool read_type() {
    if (at('[')) {
      error_.error =
          Error(ErrorCode::unsupported, "Unsupported dtype: structured arrays", dict_.offset + at_);
      return false;
    }
    std::string_view text;
    skip_blanks();
    const std::size_t start = at_;
    if (!read_text(text)) return false;
    auto type = ElementType::parse(text);
    if (!type) {
      error_.error = Error(type.error().code(), type.error().message(), dict_.offset + start);
      return false;
    }
    type_ = *type;
    return true;
  }

  bool read_order() {
    if (take_word("False")) {
      order_ = ElementOrder::row_major;
    } else if (take_word("True")) {
      order_ = ElementOrder::column_major;
    } else {
      return fail("Expected `True` or `False`");
    }
    return true;
  }

  bool read_shape() {
    if (!take('(')) return fail("Expected a tuple");
    Extents shape;
    bool is_tuple = true;
    while (!take(')')) {
      std::size_t length = 0;
      if (!is_tuple) return fail("Expected `,`");
      if (shape.size() == limits_.dimensions) {
        error_.error = Error(ErrorCode::size_limit, "An array of more dimensions than the limit",
                             dict_.offset + at_);
        return false;
      }
      if (!read_length(length)) return false;
      shape.push_back(length);
      is_tuple = take(',');
    }
    if (shape.size() == 1 && !is_tuple) return fail("Expected a tuple");
    shape_ = std::move(shape);
    return true;
  }

  bool read_length(std::size_t& out) {
    skip_blanks();
    const char* const start = dict_.text.data() + at_;
    const char* const end = dict_.text.data() + dict_.text.size();
    const auto [behind, code] = std::from_chars(start, end, out);
    if (code == std::errc::result_out_of_range) {
      error_.error =
          Error(ErrorCode::size_limit, "An array larger than the limit", dict_.offset + at_);
      return false;
    }
    if (code != std::errc()) return fail("Expected a length");
    if (*start == '0' && behind - start > 1) return fail("Expected a length");
    at_ += static_cast<std::size_t>(behind - start);
    if (dict_.allow_long && at_ < dict_.text.size() && dict_.text[at_] == 'L') ++at_;
    return true;
  }

  const NpyDict& dict_;
  const ArrayLimits& limits_;
  std::size_t at_ = 0;
  FirstError error_;
  std::optional<ElementType> type_;
  std::optional<ElementOrder> order_;
  std::optional<Extents> shape_;
};

}  // namespace

Result<Layout> parse_npy_dict(const NpyDict& dict, const ArrayLimits& limits) {
  return DictParser(dict, limits).parse();
}

std::string npy_dict_of(const Layout& layout) {
  const bool column_major = layout.order() == ElementOrder::column_major;
  std::string text = "{'descr': '" + layout.type().code() + "', 'fortran_order': ";
  text += column_major ? "True" : "False";
  text += ", 'shape': (";
  const Extents& shape = layout.shape();
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (i != 0) text += ", ";
    text += std::to_string(shape[i]);
  }
  text += shape.size() == 1 ? ",), }" : "), }";
  if (!shape.empty()) {
    // numpy leaves room to write a longer axis over this one, up to the 20 digits of 64 bits and a
    // sign.
    constexpr std::size_t digits_max = 21;
    text.append(digits_max - std::to_string(column_major ? shape.back() : shape.front()).size(),
                ' ');
  }
  return text;
}

}  // namespace structwire::ndarray
