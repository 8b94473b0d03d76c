// SPDX-License-Identifier: Apache-2.0
//
// A walk of its own, beside the Reader: it shows how values are written, which a Reader forgets.
#include <cli/describe_ext.hpp>
#include <cli/tree_msgpack.hpp>
#include <structwire/core/quoted.hpp>
#include <structwire/core/utf8.hpp>
#include <structwire/formats/msgpack/constants.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdio>
#include <string>
#include <vector>

namespace structwire::cli {
namespace {

using namespace msgpack;

constexpr std::size_t text_shown_max = 60;
constexpr std::size_t bytes_shown_max = 8;

class Tree {
 public:
  Tree(std::span<const std::byte> bytes, const TakeLine& take, const Limits& limits)
      : bytes_(bytes), take_(take), limits_(limits) {}

  Result<std::size_t> write() {
    std::size_t values = 0;
    while (at_ < bytes_.size()) {
      if (!write_value()) return std::unexpected(std::move(error_));
      while (!open_.empty() && open_.back().left == 0) {
        columns_ -= open_.back().is_map ? 2 : 1;
        open_.pop_back();
      }
      if (open_.empty()) ++values;
      if (stopped_) return values;
    }
    if (!open_.empty()) {
      fail(ErrorCode::unexpected_end, "Input data was truncated", at_);
      return std::unexpected(std::move(error_));
    }
    return values;
  }

 private:
  struct Open {
    std::uint64_t left;  // Items, or keys and values.
    bool is_map;
  };

  bool fail(ErrorCode code, const char* sentence, std::size_t at) {
    error_ = Error(code, sentence, at);
    return false;
  }
  std::uint8_t byte_at(std::size_t at) const { return std::to_integer<std::uint8_t>(bytes_[at]); }
  bool has(std::uint64_t size) {
    return size <= bytes_.size() - at_ ||
           fail(ErrorCode::unexpected_end, "Input data was truncated", bytes_.size());
  }

  // A number of `size` bytes at the cursor, which passes it.
  bool take_number(std::size_t size, std::uint64_t& out) {
    if (!has(size)) return false;
    out = 0;
    for (std::size_t i = 0; i < size; ++i) out = out << 8 | byte_at(at_++);
    return true;
  }

  bool write_value() {
    start_ = at_;
    depth_ = columns_;
    if (!open_.empty()) {
      const bool is_key = open_.back().is_map && open_.back().left % 2 == 0;
      depth_ -= is_key;
      --open_.back().left;
    }
    const std::uint8_t opcode = byte_at(at_++);
    if (opcode < fixmap) return line("fixint " + std::to_string(opcode));
    if (opcode >= negative_fixint)
      return line("fixint " + std::to_string(static_cast<std::int8_t>(opcode)));
    if (opcode < fixarray) return open(opcode & 0x0Fu, true, "map", "");
    if (opcode < fixstr) return open(opcode & 0x0Fu, false, "array", "");
    if (opcode < nil) return text(opcode & 0x1Fu, "");
    switch (opcode) {
      case nil:
        return line("nil");
      case boolean_false:
        return line("false");
      case boolean_true:
        return line("true");
      case float32:
      case float64:
        return floating(opcode);
      default:
        break;
    }
    if (opcode >= uint8 && opcode <= int64) return integer(opcode);
    if (opcode >= fixext1 && opcode <= fixext16)
      return ext(std::uint64_t{1} << (opcode - fixext1), "");
    return sized(opcode);
  }

  // Lengths of 1, 2 or 4 bytes, of which the smaller ones suffice below `least`.
  bool sized(std::uint8_t opcode) {
    struct Row {
      std::uint8_t first;
      std::size_t first_width;
      std::uint64_t least;
    };
    static constexpr std::array<Row, 5> rows = {
        {{bin8, 1, 0}, {ext8, 1, 0}, {str8, 1, 32}, {array16, 2, 16}, {map16, 2, 16}}};
    const auto row = std::ranges::find_if(rows, [&](const Row& each) {
      const std::uint8_t last =
          static_cast<std::uint8_t>(each.first + (each.first_width == 1 ? 2 : 1));
      return opcode >= each.first && opcode <= last;
    });
    if (row == rows.end()) return fail(ErrorCode::malformed, "0xC1 starts no value", start_);
    const std::size_t width = row->first_width << (opcode - row->first);
    std::uint64_t size = 0;
    if (!take_number(width, size)) return false;
    const std::uint64_t least =
        width == row->first_width ? row->least : std::uint64_t{1} << 4 * width;
    const char* note = size < least ? ", longer than need be" : "";
    switch (row->first) {
      case bin8:
        return binary(size, note);
      case ext8:
        return ext(size, note);
      case str8:
        return text(size, note);
      default:
        return open(size, row->first == map16, row->first == map16 ? "map" : "array", note);
    }
  }

  bool open(std::uint64_t count, bool is_map, std::string_view what, std::string_view note) {
    if (open_.size() == limits_.depth)
      return fail(ErrorCode::depth_limit, "Nested deeper than the limit", start_);
    if (!line(std::string(what) + " of " + std::to_string(count) + std::string(note))) return false;
    open_.push_back({is_map ? 2 * count : count, is_map});
    columns_ += is_map ? 2 : 1;
    return true;
  }

  bool integer(std::uint8_t opcode) {
    const bool is_signed = opcode >= int8;
    const std::size_t width = std::size_t{1} << (opcode - (is_signed ? int8 : uint8));
    std::uint64_t bits = 0;
    if (!take_number(width, bits)) return false;
    const auto shift = 64 - 8 * static_cast<int>(width);
    const auto value = static_cast<std::int64_t>(bits << shift) >> shift;
    const bool is_negative = is_signed && value < 0;
    const bool is_long =
        is_negative ? value >= (width == 1 ? -32 : -(std::int64_t{1} << (4 * width - 1)))
                    : is_signed || bits < (width == 1 ? 0x80u : std::uint64_t{1} << 4 * width);
    std::string what = (is_signed ? "int" : "uint") + std::to_string(8 * width) + " ";
    what += is_signed ? std::to_string(value) : std::to_string(bits);
    return line(what + (is_long ? ", longer than need be" : ""));
  }

  bool floating(std::uint8_t opcode) {
    std::uint64_t bits = 0;
    if (!take_number(opcode == float32 ? 4 : 8, bits)) return false;
    const double value = opcode == float32 ? std::bit_cast<float>(static_cast<std::uint32_t>(bits))
                                           : std::bit_cast<double>(bits);
    std::array<char, 40> digits{};
    const int size =
        std::snprintf(digits.data(), digits.size(), opcode == float32 ? "%.9g" : "%.17g", value);
    return line((opcode == float32 ? "float32 " : "float64 ") +
                std::string(digits.data(), static_cast<std::size_t>(size)));
  }

  bool text(std::uint64_t size, std::string_view note) {
    if (!has(size)) return false;
    const std::string_view all(reinterpret_cast<const char*>(bytes_.data()) + at_, size);
    at_ += size;
    if (const std::size_t valid = utf8::valid_prefix(all); valid != all.size()) {
      return fail(ErrorCode::invalid_utf8, "Text that is not UTF-8", at_ - size + valid);
    }
    std::size_t shown = std::min(all.size(), text_shown_max);
    while (shown < all.size() && (all[shown] & 0xC0) == 0x80) --shown;
    std::string what;
    append_quoted(what, all.substr(0, shown));
    if (shown < all.size()) what += "… text of " + std::to_string(all.size()) + " bytes";
    return line(what + std::string(note));
  }

  bool binary(std::uint64_t size, std::string_view note) {
    if (!has(size)) return false;
    at_ += size;
    return line("bytes of " + std::to_string(size) + std::string(note));
  }

  bool ext(std::uint64_t size, std::string_view note) {
    if (!has(size + 1)) return false;
    const auto code = static_cast<std::int8_t>(byte_at(at_));
    const auto data = bytes_.subspan(at_ + 1, size);
    at_ += size + 1;
    return line("ext " + std::to_string(code) + " of " + std::to_string(size) + " bytes" +
                std::string(note) + describe_ext(code, data));
  }

  // The line of what stands from start_ to the cursor.
  bool line(std::string_view what) {
    static constexpr std::string_view digits = "0123456789abcdef";
    const std::string offset = std::to_string(start_);
    std::string text(offset.size() < 8 ? 8 - offset.size() : 0, ' ');
    text += offset + "  ";
    const std::size_t dump_start = text.size();
    for (std::size_t i = start_; i < std::min(at_, start_ + bytes_shown_max); ++i) {
      text += digits[byte_at(i) >> 4];
      text += digits[byte_at(i) & 15];
      text += ' ';
    }
    if (at_ - start_ > bytes_shown_max) text += "…";
    const std::size_t dump_width =
        3 * std::min(at_ - start_, bytes_shown_max) + (at_ - start_ > bytes_shown_max);
    text.append(3 * bytes_shown_max + 2 - dump_width, ' ');
    STRUCTWIRE_ASSERT(text.size() > dump_start);
    text.append(2 * depth_, ' ').append(what);
    if (!take_(text)) stopped_ = true;
    return true;
  }

  std::span<const std::byte> bytes_;
  const TakeLine& take_;
  const Limits& limits_;
  std::vector<Open> open_;
  std::size_t at_ = 0;
  std::size_t start_ = 0;
  std::size_t depth_ = 0;
  std::size_t columns_ =
      0;  // By which all that is open indents: keys stand one before their values.
  bool stopped_ = false;
  Error error_;
};

}  // namespace

Result<std::size_t> write_msgpack_tree(std::span<const std::byte> bytes, const TakeLine& take,
                                       const Limits& limits) {
  return Tree(bytes, take, limits).write();
}

}  // namespace structwire::cli
