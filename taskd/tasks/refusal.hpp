// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <taskd/api/error_map.hpp>

#include <expected>
#include <string>

namespace structwire::taskd {

/// Why something below the doors was not done. Doors turn it into an ErrorBody and look its status
/// up in `api/error_map.hpp`; nobody below a door knows HTTP.
struct Refusal {
  api::Code code = api::Code::internal;
  std::string message;
  std::string path;  ///< the request's member, e.g. `$.queue`; empty where no member is to blame

  friend bool operator==(const Refusal&, const Refusal&) = default;
};

/// A value, or why there is none. (`sw::Result` carries the codec's errors, which name bytes and
/// schema; below the doors there are neither.)
template <class T>
using Attempt = std::expected<T, Refusal>;

}  // namespace structwire::taskd
