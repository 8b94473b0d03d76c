// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/zeromq/zeromq_folders.hpp>

#include <unistd.h>

#include <cstdlib>

namespace structwire::messaging::zeromq_detail {

Folders::~Folders() {
  for (const std::string& folder : folders_) {
    unlink((folder + "/socket").c_str());
    rmdir(folder.c_str());
  }
}

Result<std::string> Folders::new_address() {
  const char* parent = std::getenv("TMPDIR");
  std::string folder = std::string(parent == nullptr ? "/tmp" : parent) + "/structwire-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr)
    return std::unexpected(Error(ErrorCode::io, "Cannot make a folder for a socket: " + folder));
  folders_.push_back(folder);
  return "ipc://" + folder + "/socket";
}

}  // namespace structwire::messaging::zeromq_detail
