// SPDX-License-Identifier: Apache-2.0
#include <structwire/ndarray/view.hpp>

#include <algorithm>
#include <cstring>
#include <new>
#include <stdexcept>

#include <structwire/ndarray/reorder.hpp>

namespace structwire::ndarray {
namespace {

std::unexpected<Error> fail(ErrorCode code, std::string sentence) {
  return std::unexpected(Error(code, std::move(sentence)));
}

bool append_utf8(std::string& text, std::uint32_t code) {
  const auto put = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6);
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    if (code >= 0xD800 && code < 0xE000) return false;
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    if (code > 0x10FFFF) return false;
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3F));
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  }
  return true;
}

std::string without_zeros(std::span<const std::byte> element) {
  std::size_t size = element.size();
  while (size != 0 && element[size - 1] == std::byte{0}) --size;
  return {reinterpret_cast<const char*>(element.data()), size};
}

bool to_utf8(std::span<const std::byte> element, std::string& text) {
  std::size_t size = element.size() / 4;
  const auto code_at = [&](std::size_t i) {
    std::uint32_t code = 0;
    std::memcpy(&code, element.data() + 4 * i, 4);
    return code;
  };
  while (size != 0 && code_at(size - 1) == 0) --size;
  for (std::size_t i = 0; i < size; ++i) {
    if (!append_utf8(text, code_at(i))) return false;
  }
  return true;
}

}  // namespace

Result<View> View::make(Layout layout, std::span<const std::byte> bytes) {
  if (bytes.size() != layout.size_bytes()) {
    return fail(ErrorCode::invalid_length, "Expected " + std::to_string(layout.size_bytes()) +
                                               " bytes of `" + layout.type().name() +
                                               "` elements, got " + std::to_string(bytes.size()));
  }
  View view;
  view.layout_ = std::move(layout);
  view.bytes_ = bytes;
  return view;
}

Error View::no_memory() { return {ErrorCode::memory_exhausted, "No memory for the elements"}; }

Result<void> View::check_type(ElementType wanted) const {
  if (type().kind == wanted.kind && type().size == wanted.size) return {};
  return fail(ErrorCode::type_mismatch,
              "Expected elements of `" + wanted.name() + "`, got `" + type().name() + "`");
}

Result<void> View::check_in_place(ElementType wanted, std::size_t alignment) const {
  if (auto same = check_type(wanted); !same) return same;
  if (!type().is_native()) {
    return fail(ErrorCode::unsupported,
                "Elements of the other byte order cannot be used in place: copy them");
  }
  if (reinterpret_cast<std::uintptr_t>(bytes_.data()) % alignment != 0) {
    return fail(ErrorCode::unsupported,
                "Elements that are not aligned cannot be used in place: copy them");
  }
  const auto is_bool = [](std::byte byte) { return byte <= std::byte{1}; };
  if (wanted.kind == ElementKind::boolean && !std::ranges::all_of(bytes_, is_bool)) {
    return fail(ErrorCode::constraint_violated, "A `bool` element that is neither 0 nor 1");
  }
  return {};
}

Result<std::vector<std::string>> View::to_texts() const {
  const bool is_text = type().kind == ElementKind::text;
  if (!is_text && type().kind != ElementKind::bytes) {
    return fail(ErrorCode::type_mismatch,
                "Expected elements of bytes or text, got `" + type().name() + "`");
  }
  bool is_unicode = true;
  auto texts = guarded<std::vector<std::string>>([&] {
    std::vector<std::byte> plain(layout_.size_bytes());
    copy_plain_to(plain);
    std::vector<std::string> made(size());
    for (std::size_t i = 0; i < made.size() && is_unicode; ++i) {
      const auto element = std::span<const std::byte>(plain).subspan(i * type().size, type().size);
      if (is_text) {
        is_unicode = to_utf8(element, made[i]);
      } else {
        made[i] = without_zeros(element);
      }
    }
    return made;
  });
  if (!is_unicode) return fail(ErrorCode::invalid_utf8, "Text with a number that is no code point");
  return texts;
}

void View::copy_row_major_to(std::span<std::byte> out) const noexcept {
  STRUCTWIRE_ASSERT(out.size() == bytes_.size());
  if (bytes_.empty()) return;
  if (order() == ElementOrder::row_major) {
    std::memcpy(out.data(), bytes_.data(), bytes_.size());
  } else {
    to_row_major(layout_, bytes_.data(), out.data());
  }
}

void View::copy_plain_to(std::span<std::byte> out) const noexcept {
  copy_row_major_to(out);
  if (!type().is_native()) swap_units(out, type().unit());
}

bool operator==(const View& a, const View& b) noexcept {
  return a.layout_ == b.layout_ && std::ranges::equal(a.bytes_, b.bytes_);
}

}  // namespace structwire::ndarray
