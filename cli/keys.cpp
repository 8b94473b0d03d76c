// SPDX-License-Identifier: Apache-2.0
#include <cli/commands.hpp>
#include <cli/exit_codes.hpp>
#include <cli/terminal.hpp>

#include <structwire/messaging/zeromq_keys.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <expected>
#include <memory>
#include <string>

namespace structwire::cli {
namespace {

using Written = std::expected<void, std::string>;

std::unexpected<std::string> failed(const std::string& name) {
  return std::unexpected(name + ": " + std::strerror(errno));
}

// A new file with these rights from its first moment; one that is there stays as it is.
Written write_new(const std::string& name, const std::string& text, mode_t mode) {
  const int file = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (file < 0) return failed(name);
  const auto size = static_cast<ssize_t>(text.size());
  const bool whole = ::write(file, text.data(), text.size()) == size && ::fsync(file) == 0;
  Written written = whole ? Written() : failed(name);
  if (::close(file) != 0 && whole) written = failed(name);
  if (!written) ::unlink(name.c_str());
  return written;
}

int make_keys(const std::string& folder) {
  const auto keys = messaging::curve_keypair();
  if (!keys) {
    complain(keys.error().message());
    return exit_failed;
  }
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    complain(failed(folder).error());
    return exit_failed;
  }
  Written written = write_new(folder + "/secret.key", messaging::text_of(*keys), 0600);
  if (written) written = write_new(folder + "/public.key", messaging::public_text_of(*keys), 0644);
  if (!written) {
    complain(written.error());
    return exit_failed;
  }
  return put_line(keys->public_key) ? exit_ok : exit_failed;
}

}  // namespace

Run keys_command(Arguments& arguments) {
  auto folder = std::make_shared<std::string>();
  arguments.text("FOLDER", *folder, "Where to put secret.key and public.key; made if absent").required();
  arguments.manual(R"(Examples:
  structwire keys server
  structwire keys worker-7
  mkdir allowed && cp worker-7/public.key allowed/worker-7.key
  structwired --messages 10.0.0.5:9090 --messages-key server/secret.key --messages-allowed allowed

Makes a new key pair of CURVE, for active messages between machines, and prints the public key. Only you can read
secret.key, which stays where it is used; public.key is for the others. Keys that are there are not replaced.)");
  return [folder] { return make_keys(*folder); };
}

}  // namespace structwire::cli
