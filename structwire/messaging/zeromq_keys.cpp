// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/zeromq_keys.hpp>

#include <zmq.h>

#include <array>
#include <cstdint>
#include <optional>

namespace structwire::messaging {
namespace {

constexpr std::size_t key_size = 40;
constexpr std::string_view secret_word = "secret ";
constexpr std::string_view public_word = "public ";

std::unexpected<Error> no_keys(const char* text) { return std::unexpected(Error(ErrorCode::malformed, text)); }

bool is_key(const std::string& text) {
  std::array<std::uint8_t, 32> bytes{};
  return text.size() == key_size && zmq_z85_decode(bytes.data(), text.c_str()) != nullptr;
}

struct Found {
  std::optional<std::string> secret_key;
  std::optional<std::string> public_key;
};

Result<Found> read_lines(std::string_view text) {
  Found found;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    while (line.ends_with('\r') || line.ends_with(' ')) line.remove_suffix(1);
    if (line.empty()) continue;
    const bool is_secret = line.starts_with(secret_word);
    if (!is_secret && !line.starts_with(public_word)) return no_keys("A line of keys begins with `public` or `secret`");
    std::string key(line.substr(is_secret ? secret_word.size() : public_word.size()));
    if (!is_key(key)) return no_keys("A key has 40 characters of Z85");
    std::optional<std::string>& place = is_secret ? found.secret_key : found.public_key;
    if (place) return no_keys("There are two keys of a kind");
    place = std::move(key);
  }
  return found;
}

}  // namespace

std::string public_text_of(const CurveKeys& keys) { return std::string(public_word) + keys.public_key + "\n"; }

std::string text_of(const CurveKeys& keys) {
  return std::string(secret_word) + keys.secret_key + "\n" + public_text_of(keys);
}

Result<CurveKeys> read_curve_keys(std::string_view text) {
  auto found = read_lines(text);
  if (!found) return std::unexpected(std::move(found.error()));
  if (!found->secret_key || !found->public_key) return no_keys("A key pair is a line `secret …` and a line `public …`");
  std::array<char, key_size + 1> belongs{};
  if (zmq_curve_public(belongs.data(), found->secret_key->c_str()) != 0) return no_keys("This libzmq has no CURVE");
  if (*found->public_key != belongs.data()) return no_keys("The public key does not belong to the secret one");
  return CurveKeys{.public_key = std::move(*found->public_key), .secret_key = std::move(*found->secret_key)};
}

Result<std::string> read_public_key(std::string_view text) {
  auto found = read_lines(text);
  if (!found) return std::unexpected(std::move(found.error()));
  if (found->secret_key) return no_keys("There is a secret key, which is for its owner only, in place of a public one");
  if (!found->public_key) return no_keys("A public key is a line `public …`");
  return std::move(*found->public_key);
}

}  // namespace structwire::messaging
