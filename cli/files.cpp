// SPDX-License-Identifier: Apache-2.0
#include <cli/files.hpp>

#include <array>
#include <cerrno>
#include <cstring>

namespace structwire::cli {
namespace {

std::unexpected<Error> failed(const std::string& name) {
  return std::unexpected(Error(ErrorCode::io, shown_name(name) + ": " + std::strerror(errno)));
}

}  // namespace

void FileCloser::operator()(std::FILE* file) const {
  if (file != stdin && file != stdout) std::fclose(file);
}

Result<File> open_input(const std::string& name) {
  if (name == "-") return File(stdin);
  File file(std::fopen(name.c_str(), "rbe"));
  if (!file) return failed(name);
  return file;
}

Result<File> open_output(const std::string& name) {
  if (name == "-") return File(stdout);
  File file(std::fopen(name.c_str(), "wbe"));
  if (!file) return failed(name);
  return file;
}

Result<std::string> read_all(std::FILE* file, const std::string& name) {
  std::string text;
  std::array<char, 65536> block;
  std::size_t got = 0;
  while ((got = std::fread(block.data(), 1, block.size(), file)) > 0)
    text.append(block.data(), got);
  if (std::ferror(file) != 0) return failed(name);
  return text;
}

std::string shown_name(const std::string& name) { return name == "-" ? "standard input" : name; }

}  // namespace structwire::cli
