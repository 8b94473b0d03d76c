// SPDX-License-Identifier: Apache-2.0
#include <cli/describe_ext.hpp>
#include <cli/detect.hpp>
#include <cli/formats.hpp>
#include <cli/tree_msgpack.hpp>
#include <structwire/arrow.hpp>
#include <structwire/contract/envelope.hpp>
#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>

#include <array>
#include <cstdint>
#include <string_view>

namespace structwire::cli {
namespace {

using namespace std::string_view_literals;

struct Mark {
  std::string_view bytes;
  std::string_view name;
};
constexpr std::array<Mark, 4> compressed = {{{"\x1F\x8B"sv, "gzip"},
                                             {"\x28\xB5\x2F\xFD"sv, "zstd"},
                                             {"\x04\x22\x4D\x18"sv, "lz4"},
                                             {"BZh"sv, "bzip2"}}};

// Whatever stands around stored bytes is told, also without a checksum, and also when it is damaged.
std::string describe(std::span<const std::byte> bytes) {
  const auto envelope = read_envelope(bytes, {.checksum_optional = true});
  return envelope ? describe_envelope(*envelope) : "structwire envelope, damaged: " + envelope.error().message();
}

// Values one behind the other. Any text is a sequence of small integers, too, so the first has to
// be a container.
bool is_msgpack_sequence(std::span<const std::byte> bytes) {
  const auto first = std::to_integer<std::uint8_t>(bytes[0]);
  const bool is_container = (first >= msgpack::fixmap && first < msgpack::fixstr) ||
                            (first >= msgpack::array16 && first <= msgpack::map32);
  if (!is_container) return false;
  const auto values = write_msgpack_tree(bytes, [](std::string_view) { return true; });
  return values && *values > 1;
}

bool is_json_lines(std::string_view text) {
  std::size_t values = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    at = end + 1;
    if (line.find_first_not_of(" \t\r") == line.npos) continue;
    if (!validate_syntax(std::as_bytes(std::span(line)), json::format())) return false;
    ++values;
  }
  return values > 1;
}

}  // namespace

std::vector<Reading> detect(std::span<const std::byte> bytes) {
  std::vector<Reading> readings;
  if (bytes.empty()) return readings;
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (text.starts_with("\x93NUMPY")) return {{".npy file: " + describe_npy(bytes), nullptr}};
  if (text.starts_with("\xC1SW")) return {{describe(bytes), nullptr}};
  if (text.starts_with("\xFF\xFF\xFF\xFF"sv) &&
      arrow::Schema::from_bytes(Bytes(bytes.begin(), bytes.end()))) {
    readings.push_back({describe_arrow_schema(bytes), nullptr});
  }
  for (const Format* format : formats()) {
    if (validate_syntax(bytes, *format)) readings.push_back({std::string(format->name), format});
  }
  for (const Mark& mark : compressed) {
    if (text.starts_with(mark.bytes)) readings.push_back({std::string(mark.name), nullptr});
  }
  if (!readings.empty()) return readings;
  if (is_msgpack_sequence(bytes))
    readings.push_back({"msgpack, several values", &msgpack::format()});
  if (is_json_lines(text)) readings.push_back({"json, one value per line", &json::format()});
  return readings;
}

}  // namespace structwire::cli
