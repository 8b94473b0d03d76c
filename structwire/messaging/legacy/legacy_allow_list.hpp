// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which addresses may be dialled because a message names them. A message can name anything: without a list, whoever
// reaches this side could make it connect to wherever he likes.
//
//    tcp://10.0.0.5:7000      this address
//    tcp://10.0.0.5:*         any port there; a host name or an IPv6 address in brackets likewise
//    tcp://10.0.0.0/8:*       any IPv4 address of a network; or with one port
//    ipc:///run/app/peer      this path
//    ipc:///run/app/*         any path that begins so, without a `..` in it
//
// Addresses are compared as they are written: no names are looked up.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <structwire/core/error.hpp>

namespace structwire::messaging {

class LegacyAllowList {
 public:
  /// Nobody.
  LegacyAllowList() = default;
  /// Errors: invalid_text for a pattern that is none of the above.
  static Result<LegacyAllowList> of(const std::vector<std::string>& patterns);

  bool allows(std::string_view address) const noexcept;

 private:
  struct Pattern {
    std::string start;   ///< Of the address: the whole, a path's beginning, or a host.
    bool path = false;   ///< Of ipc://.
    bool open = false;   ///< More may follow: any port, any path.
    std::uint32_t network = 0;
    std::uint32_t mask = 0;  ///< Not 0: `network` in place of `start`.
    std::string port;        ///< Empty: any.
  };
  static Result<Pattern> read(std::string_view text);

  std::vector<Pattern> patterns_;
};

}  // namespace structwire::messaging
