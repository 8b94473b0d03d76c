// SPDX-License-Identifier: Apache-2.0
#include <structwire/ndarray/npy.hpp>

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include <structwire/ndarray/npy_header.hpp>

namespace structwire::ndarray {
namespace {

constexpr std::string_view magic = "\x93NUMPY";
constexpr std::size_t alignment = 64;

std::unexpected<Error> fail(ErrorCode code, std::string sentence, std::size_t offset) {
  return std::unexpected(Error(code, std::move(sentence), offset));
}

// Magic, version, length of the dict.
std::size_t prefix_size(NpyVersion version) noexcept {
  return magic.size() + 2 + (version == NpyVersion::v1 ? 2 : 4);
}

std::string header_of(const Layout& layout, NpyVersion version) {
  const std::string dict = npy_dict_of(layout);
  const std::size_t prefix = prefix_size(version);
  const std::size_t used = prefix + dict.size() + 1;
  const std::size_t blanks =
      alignment - used % alignment;  // As numpy does: 64 where none would do.
  const std::size_t length = dict.size() + blanks + 1;
  STRUCTWIRE_ASSERT(length < 0x10000);
  std::string header(magic);
  header += static_cast<char>(version);
  header += '\0';
  for (std::size_t i = 0; i < prefix - magic.size() - 2; ++i)
    header += static_cast<char>(length >> 8 * i & 0xFF);
  return header.append(dict).append(blanks, ' ').append(1, '\n');
}

}  // namespace

Result<NpyHeader> read_npy_header(std::span<const std::byte> bytes, const ArrayLimits& limits) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const auto unexpected_end = [&] {
    return fail(ErrorCode::unexpected_end, "Input data was truncated", bytes.size());
  };
  const auto common =
      static_cast<std::size_t>(std::ranges::mismatch(text, magic).in2 - magic.begin());
  if (common < magic.size() && common < text.size()) {
    return fail(ErrorCode::malformed, "No .npy file: it does not start with \"\\x93NUMPY\"",
                common);
  }
  if (text.size() < magic.size() + 2) return unexpected_end();
  const auto major = static_cast<std::uint8_t>(text[magic.size()]);
  if (major < 1 || major > 3 || text[magic.size() + 1] != 0) {
    const auto minor = static_cast<std::uint8_t>(text[magic.size() + 1]);
    return fail(ErrorCode::unsupported,
                "Unsupported .npy version " + std::to_string(major) + "." + std::to_string(minor),
                magic.size());
  }
  const auto version = static_cast<NpyVersion>(major);
  const std::size_t prefix = prefix_size(version);
  if (text.size() < prefix) return unexpected_end();
  std::size_t length = 0;
  for (std::size_t i = prefix; i-- > magic.size() + 2;)
    length = length << 8 | static_cast<std::uint8_t>(text[i]);
  if (length > limits.header_bytes) {
    return fail(ErrorCode::size_limit, "A .npy header longer than the limit", magic.size() + 2);
  }
  if (text.size() - prefix < length) return unexpected_end();
  auto layout =
      parse_npy_dict({text.substr(prefix, length), prefix, version != NpyVersion::v3}, limits);
  if (!layout) return std::unexpected(std::move(layout.error()));
  return NpyHeader{std::move(*layout), prefix + length};
}

Result<NpyPrefix> read_npy_prefix(std::span<const std::byte> bytes, const ArrayLimits& limits) {
  auto header = read_npy_header(bytes, limits);
  if (!header) return std::unexpected(std::move(header.error()));
  const std::size_t size = header->layout.size_bytes();
  if (bytes.size() - header->size < size) {
    return fail(ErrorCode::unexpected_end,
                "Input data was truncated: " + std::to_string(size) +
                    " bytes of elements expected, " + std::to_string(bytes.size() - header->size) +
                    " there",
                bytes.size());
  }
  auto view = View::make(std::move(header->layout), bytes.subspan(header->size, size));
  if (!view) return std::unexpected(std::move(view.error()));
  return NpyPrefix{std::move(*view), header->size + size};
}

Result<View> read_npy(std::span<const std::byte> bytes, const ArrayLimits& limits) {
  auto array = read_npy_prefix(bytes, limits);
  if (!array) return std::unexpected(std::move(array.error()));
  if (array->size != bytes.size()) {
    return fail(ErrorCode::trailing_data, "Bytes behind the elements of the array", array->size);
  }
  return std::move(array->view);
}

Bytes npy_header_of(const Layout& layout, NpyVersion version) {
  const std::string header = header_of(layout, version);
  const auto bytes = std::as_bytes(std::span(header));
  return {bytes.begin(), bytes.end()};
}

Bytes to_npy(const View& view, NpyVersion version) {
  const std::string header = header_of(view.layout(), version);
  Bytes bytes;
  bytes.reserve(header.size() + view.bytes().size());
  const auto start = std::as_bytes(std::span(header));
  bytes.insert(bytes.end(), start.begin(), start.end());
  bytes.insert(bytes.end(), view.bytes().begin(), view.bytes().end());
  return bytes;
}

void append_npy(const View& view, Buffer& out, NpyVersion version) {
  const std::string header = header_of(view.layout(), version);
  out.reserve(out.size() + header.size() + view.bytes().size());
  out.append(std::as_bytes(std::span(header)));
  out.append(view.bytes());
}

}  // namespace structwire::ndarray
