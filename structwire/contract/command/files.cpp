// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/command/files.hpp>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <memory>
#include <system_error>

namespace structwire::contract {
namespace {

std::unexpected<Error> failed(const std::string& path, int error) {
  return std::unexpected(Error(ErrorCode::io, path + ": " + std::generic_category().message(error)));
}

std::unexpected<Error> in_file(const std::string& path, const Error& error) {
  return std::unexpected(Error(error.code(), path + ": " + error.message(), error.offset()));
}

class Descriptor {
 public:
  explicit Descriptor(int number) noexcept : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const noexcept { return number_; }

 private:
  int number_;
};

bool write_all(int descriptor, std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t size = ::write(descriptor, text.data(), text.size());
    if (size < 0 && errno != EINTR) return false;
    if (size > 0) text.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

/// `Order.v12.json`: 12; 0 for every other name.
std::uint32_t version_of(std::string_view file, std::string_view stem) noexcept {
  if (!file.starts_with(stem) || !file.ends_with(".json")) return 0;
  std::string_view middle = file.substr(stem.size(), file.size() - stem.size() - 5);
  if (!middle.starts_with(".v")) return 0;
  middle.remove_prefix(2);
  std::uint32_t version = 0;
  const auto [end, error] = std::from_chars(middle.data(), middle.data() + middle.size(), version);
  return error == std::errc{} && end == middle.data() + middle.size() ? version : 0;
}

Result<std::vector<std::uint32_t>> versions_in(const std::string& folder, std::string_view stem) {
  std::vector<std::uint32_t> versions;
  const std::unique_ptr<DIR, int (*)(DIR*)> open(::opendir(folder.c_str()), &::closedir);
  if (!open) {
    if (errno == ENOENT) return versions;
    return failed(folder, errno);
  }
  while (const dirent* entry = ::readdir(open.get())) {
    if (const std::uint32_t version = version_of(entry->d_name, stem); version != 0) versions.push_back(version);
  }
  std::ranges::sort(versions);
  if (versions.size() > versions_max) {
    return std::unexpected(Error(ErrorCode::size_limit, folder + ": more than 1000 versions of one type"));
  }
  return versions;
}

Result<void> make_folder(const std::string& folder) {
  for (std::size_t end = 0; end != std::string::npos;) {
    end = folder.find('/', end + 1);
    const std::string part = folder.substr(0, end);
    if (::mkdir(part.c_str(), 0777) != 0 && errno != EEXIST) return failed(part, errno);
  }
  return {};
}

}  // namespace

Result<std::string> load_file(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return failed(path, errno);
  std::string text;
  std::array<char, 65536> block;
  while (true) {
    const ssize_t size = ::read(file.get(), block.data(), block.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return failed(path, errno);
    if (size == 0) return text;
    text.append(block.data(), static_cast<std::size_t>(size));
    if (text.size() > snapshot_bytes_max) return std::unexpected(Error(ErrorCode::size_limit, path + ": larger than 16 MiB"));
  }
}

Result<void> save_file(const std::string& path, std::string_view text) {
  const std::string fresh = path + ".new." + std::to_string(::getpid());
  int error = 0;
  {
    const Descriptor file(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
    if (file.get() < 0) return failed(fresh, errno);
    if (!write_all(file.get(), text) || ::fsync(file.get()) != 0) error = errno;
  }
  if (error == 0 && std::rename(fresh.c_str(), path.c_str()) != 0) error = errno;
  if (error == 0) return {};
  ::unlink(fresh.c_str());
  return failed(path, error);
}

Result<Snapshot> load_snapshot(const std::string& path) {
  auto text = load_file(path);
  if (!text) return std::unexpected(std::move(text.error()));
  auto snapshot = parse_snapshot(*text);
  if (!snapshot) return in_file(path, snapshot.error());
  return snapshot;
}

Result<Goldens> load_goldens(const std::string& path) {
  if (::access(path.c_str(), F_OK) != 0 && errno == ENOENT) return Goldens{};
  auto text = load_file(path);
  if (!text) return std::unexpected(std::move(text.error()));
  auto goldens = parse_goldens(*text);
  if (!goldens) return in_file(path, goldens.error());
  return goldens;
}

Result<std::vector<Snapshot>> load_history(const std::string& folder, const std::string& type) {
  auto versions = versions_in(folder, file_stem(type));
  if (!versions) return std::unexpected(std::move(versions.error()));
  std::vector<Snapshot> history;
  for (const std::uint32_t version : *versions) {
    const std::string path = folder + "/" + snapshot_name(type, version);
    auto snapshot = load_snapshot(path);
    if (!snapshot) return std::unexpected(std::move(snapshot.error()));
    if (snapshot->type != type || snapshot->version != version) {
      return std::unexpected(Error(ErrorCode::refused, path + ": is version " + std::to_string(snapshot->version) + " of " +
                                                           snapshot->type + ", and its name says otherwise"));
    }
    history.push_back(std::move(*snapshot));
  }
  return history;
}

Result<void> save_snapshot(const std::string& folder, const Snapshot& snapshot, const Goldens* goldens) {
  if (auto made = make_folder(folder); !made) return made;
  if (goldens != nullptr) {
    auto saved = save_file(folder + "/" + golden_name(snapshot.type, snapshot.version), to_text(*goldens));
    if (!saved) return saved;
  }
  return save_file(folder + "/" + snapshot_name(snapshot.type, snapshot.version), to_text(snapshot));
}

}  // namespace structwire::contract
