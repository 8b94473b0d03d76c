// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <structwire/core/error.hpp>

namespace structwire::messaging::zeromq_detail {

/// Where sockets get their names from: folders that only this user may enter, removed at the end.
class Folders {
 public:
  Folders() = default;
  Folders(const Folders&) = delete;
  Folders& operator=(const Folders&) = delete;
  ~Folders();
  /// `ipc://…/socket` in a new one. Errors: io.
  Result<std::string> new_address();

 private:
  std::vector<std::string> folders_;
};

}  // namespace structwire::messaging::zeromq_detail
