// SPDX-License-Identifier: Apache-2.0
#include <cli/bad_data.hpp>

#include <structwire/json.hpp>

#include <algorithm>
#include <string_view>

namespace structwire::cli {
namespace {

std::string byte_text(std::size_t offset) { return " (byte " + std::to_string(offset) + ")"; }

// The codec's sentence without the byte that some end with: it counts from the value's start.
std::string sentence(const Error& error) {
  std::string text = error.message();
  const std::string byte = byte_text(error.offset().value_or(0));
  if (text.ends_with(byte)) text.resize(text.size() - byte.size());
  return text;
}

std::string line_and_column(std::string_view before) {
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  const auto line = 1 + std::ranges::count(before, '\n');
  return ", line " + std::to_string(line) + " column " +
         std::to_string(before.size() - line_start + 1);
}

}  // namespace

std::string describe(const Error& error, const Format& format, std::span<const std::byte> bytes,
                     std::size_t start) {
  std::string text = "no valid " + std::string(format.name) + ": " + sentence(error);
  if (!error.offset()) return text;
  text += byte_text(start + *error.offset());
  if (&format == &json::format() && start == 0) {
    const std::string_view all(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    text += line_and_column(all.substr(0, *error.offset()));
  }
  return text;
}

}  // namespace structwire::cli
