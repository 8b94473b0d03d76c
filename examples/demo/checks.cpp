// SPDX-License-Identifier: Apache-2.0
#include <examples/demo/checks.hpp>

#include <examples/demo/md5.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace demo {
namespace {

std::unexpected<sw::Error> failed(const std::string& path) {
  return std::unexpected(sw::Error(sw::ErrorCode::io, path + ": " + std::strerror(errno)));
}

PathKind kind_of(const struct stat& info) {
  if (S_ISREG(info.st_mode)) return PathKind::file;
  if (S_ISDIR(info.st_mode)) return PathKind::directory;
  if (S_ISLNK(info.st_mode)) return PathKind::link;
  return PathKind::other;
}

sw::Result<std::string> md5_of_file(const std::string& path) {
  static thread_local std::vector<std::byte> block(256 * 1024);
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return failed(path);
  Md5 md5;
  ssize_t got = 0;
  while ((got = ::read(file, block.data(), block.size())) > 0) {
    md5.add(std::span(block).first(static_cast<std::size_t>(got)));
  }
  ::close(file);
  if (got < 0) return failed(path);
  return md5.finish();
}

}  // namespace

sw::Result<FileFinding> check_file(const FileRecord& record) {
  struct stat info{};
  if (::lstat(record.path.c_str(), &info) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return FileFinding{.kind = PathKind::missing};
    if (errno == EACCES) return FileFinding{.kind = PathKind::hidden, .readable = false};
    return failed(record.path);
  }
  FileFinding finding{.kind = kind_of(info)};
  if (finding.kind != PathKind::file) return finding;
  finding.bytes = info.st_size;
  if (!record.md5) return finding;
  finding.readable = ::access(record.path.c_str(), R_OK) == 0;
  if (!finding.readable) return finding;
  const sw::Result<std::string> md5 = md5_of_file(record.path);
  if (!md5) return std::unexpected(md5.error());
  finding.intact = *md5 == *record.md5;
  return finding;
}

sw::Result<IncludeFinding> resolve_include(const IncludeRecord& record) {
  static const std::vector<std::string> folders = header_folders();
  IncludeFinding finding;
  const auto try_folder = [&](const std::string& folder) {
    std::string path = folder + "/" + record.target;
    struct stat info{};
    if (::stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return false;
    finding.bytes = info.st_size;
    finding.found = std::move(path);
    return true;
  };
  if (record.quoted && try_folder(record.file.substr(0, record.file.rfind('/')))) return finding;
  for (const std::string& folder : folders) {
    if (try_folder(folder)) break;
  }
  return finding;
}

}  // namespace demo
