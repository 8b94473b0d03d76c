// SPDX-License-Identifier: Apache-2.0
#include <examples/artifacts/cursor_store.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>
#include <utility>

#include <examples/artifacts/digest.hpp>
#include <structwire/core/validate.hpp>
#include <structwire/json.hpp>

namespace artifacts {
namespace {

constexpr std::size_t file_bytes_max = 1 << 20;
/// Most file systems take 255 bytes, of which the name of a new file needs some.
constexpr std::size_t name_bytes_max = 200;

std::string sentence(const std::filesystem::path& path, std::string_view what) {
  return path.string() + ": " + std::string(what);
}
CursorError system_error(const std::filesystem::path& path, std::string_view doing) {
  const std::string reason = std::generic_category().message(errno);
  return {CursorProblem::unreadable, sentence(path, std::string(doing) + ": " + reason)};
}

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  explicit operator bool() const { return descriptor_ >= 0; }
  int get() const { return descriptor_; }
  /// False when the system finds only now that something was not written.
  bool close() { return ::close(std::exchange(descriptor_, -1)) == 0; }

 private:
  int descriptor_;
};

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// False with errno where it could not be read, also for a file over the limit (EFBIG).
bool read_all(int descriptor, std::string& text) {
  char piece[4096];
  for (;;) {
    const ssize_t size = ::read(descriptor, piece, sizeof piece);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return size == 0;
    text.append(piece, static_cast<std::size_t>(size));
    if (text.size() > file_bytes_max) {
      errno = EFBIG;
      return false;
    }
  }
}

bool stands_in_names(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

}  // namespace

std::filesystem::path CdfCursorStore::file_of(std::string_view dataset_name) const {
  std::string name;
  for (const char c : dataset_name) {
    if (stands_in_names(c)) {
      name += c;
    } else {
      constexpr char digits[] = "0123456789ABCDEF";
      const auto byte = static_cast<unsigned char>(c);
      name += {'%', digits[byte >> 4], digits[byte & 15]};
    }
  }
  if (name.size() > name_bytes_max) {
    // "%-" stands in no other name.
    name = name.substr(0, name_bytes_max / 2) + "%-" +
           sha256_hex(std::as_bytes(std::span(dataset_name)));
  }
  return folder_ / (name + ".cursor.json");
}

std::expected<void, CursorError> CdfCursorStore::save(const CdfCursor& cursor) const {
  if (const auto valid = sw::validate(cursor); !valid) {
    return std::unexpected(CursorError{CursorProblem::wrong_schema, valid.error().message()});
  }
  std::error_code failed;
  std::filesystem::create_directories(folder_, failed);
  if (failed)
    return std::unexpected(
        CursorError{CursorProblem::unreadable, sentence(folder_, failed.message())});
  const File folder(::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder) return std::unexpected(system_error(folder_, "cannot be opened"));

  const std::filesystem::path path = file_of(cursor.dataset_name);
  std::string fresh = (folder_ / ".new-XXXXXX").string();
  File file(::mkostemp(fresh.data(), O_CLOEXEC));
  if (!file) return std::unexpected(system_error(fresh, "cannot be made"));
  const std::string text = sw::json::reformat(sw::json::encode(cursor), 2).value() + "\n";
  const bool written = write_all(file.get(), text) && ::fsync(file.get()) == 0 && file.close() &&
                       ::rename(fresh.c_str(), path.c_str()) == 0;
  if (!written) {
    CursorError error = system_error(path, "cannot be written");
    ::unlink(fresh.c_str());
    return std::unexpected(std::move(error));
  }
  if (::fsync(folder.get()) != 0)
    return std::unexpected(system_error(folder_, "cannot be flushed"));
  return {};
}

std::expected<CdfCursor, CursorError> CdfCursorStore::load(std::string_view dataset_name) const {
  const std::filesystem::path path = file_of(dataset_name);
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file && errno == ENOENT)
    return std::unexpected(
        CursorError{CursorProblem::absent, sentence(path, "no cursor was saved")});
  std::string text;
  if (!file || !read_all(file.get(), text))
    return std::unexpected(system_error(path, "cannot be read"));
  auto cursor = sw::json::decode<CdfCursor>(text);
  if (!cursor) {
    // A wrong field may come before the place where the file was cut off.
    const auto syntax = sw::validate_syntax(std::as_bytes(std::span(text)), sw::json::format());
    if (!syntax)
      return std::unexpected(
          CursorError{CursorProblem::corrupt, sentence(path, syntax.error().message())});
    return std::unexpected(
        CursorError{CursorProblem::wrong_schema, sentence(path, cursor.error().message())});
  }
  if (cursor->dataset_name != dataset_name) {
    return std::unexpected(
        CursorError{CursorProblem::wrong_schema,
                    sentence(path, "is of another dataset, " + cursor->dataset_name)});
  }
  return std::move(*cursor);
}

}  // namespace artifacts
