// SPDX-License-Identifier: Apache-2.0
#include <taskd/messages/keys.hpp>

#include <structwire/messaging/zeromq_keys.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

namespace structwire::taskd::messages {
namespace {

namespace fs = std::filesystem;

// Of a file with a key, whatever it is; and of such files.
constexpr std::streamsize file_bytes_max = 4096;
constexpr std::size_t allowed_max = 65536;

std::unexpected<std::string> wrong(const std::string& name, std::string_view why) {
  return std::unexpected("'" + name + "': " + std::string(why));
}

std::expected<std::string, std::string> read_file(const std::string& name) {
  std::error_code error;
  if (!fs::is_regular_file(name, error)) return wrong(name, "there is no such file");
  std::ifstream file(name, std::ios::binary);
  std::string text(static_cast<std::size_t>(file_bytes_max) + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad() || !file.is_open()) return wrong(name, "it cannot be read");
  if (file.gcount() > file_bytes_max) return wrong(name, "it is too large for a file with a key");
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

}  // namespace

std::expected<DoorKeys, std::string> read_keys(const std::string& key_file, const std::string& allowed_folder) {
  DoorKeys keys;
  const auto own = read_file(key_file);
  if (!own) return std::unexpected(own.error());
  std::error_code error;
  const fs::perms others = fs::perms::group_all | fs::perms::others_all;
  if ((fs::status(key_file, error).permissions() & others) != fs::perms::none) {
    return wrong(key_file, "others may read it; a secret key is for its owner only (chmod 600)");
  }
  auto pair = messaging::read_curve_keys(*own);
  if (!pair) return wrong(key_file, pair.error().message() + " (`structwire keys` makes one)");
  keys.own = std::move(*pair);

  fs::directory_iterator folder(allowed_folder, error);
  if (error) return wrong(allowed_folder, "this folder cannot be read: " + error.message());
  for (; folder != fs::directory_iterator(); folder.increment(error)) {
    const fs::path& path = folder->path();
    if (path.filename().string().starts_with(".")) continue;
    const auto text = read_file(path.string());
    if (!text) return std::unexpected(text.error());
    auto key = messaging::read_public_key(*text);
    if (!key) return wrong(path.string(), key.error().message());
    if (keys.allowed.size() == allowed_max) return wrong(allowed_folder, "more keys than are read");
    keys.allowed.push_back(std::move(*key));
  }
  if (error) return wrong(allowed_folder, "this folder cannot be read: " + error.message());
  return keys;
}

}  // namespace structwire::taskd::messages
