// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <structwire/messaging/zeromq.hpp>

#include <expected>
#include <string>
#include <vector>

/// The keys that the door for active messages works with, from the files that people keep them in.
namespace structwire::taskd::messages {

struct DoorKeys {
  messaging::CurveKeys own;
  std::vector<std::string> allowed;  ///< public keys of who may connect
};

/// `key_file`: the daemon's own pair, which nobody else may read. `allowed_folder`: a file for each public key that is let
/// in; names that begin with a dot are passed over. Errors: a sentence for people.
std::expected<DoorKeys, std::string> read_keys(const std::string& key_file, const std::string& allowed_folder);

}  // namespace structwire::taskd::messages
