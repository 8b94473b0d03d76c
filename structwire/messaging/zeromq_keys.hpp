// SPDX-License-Identifier: Apache-2.0
#pragma once

// Keys of CURVE as text, for the files that people keep them in. The library opens no files itself.
//
//   secret …40 characters…      a pair, for its owner only            public …40 characters…      for everybody
//   public …40 characters…
//
// Each in a line of its own; empty lines are passed over.

#include <string>
#include <string_view>

#include <structwire/core/error.hpp>
#include <structwire/messaging/zeromq.hpp>

namespace structwire::messaging {

std::string text_of(const CurveKeys& keys);
std::string public_text_of(const CurveKeys& keys);

/// A pair. Errors: malformed for text of another form, for what is no key, and for halves that do not belong together. No
/// error shows any of the text.
Result<CurveKeys> read_curve_keys(std::string_view text);
/// A public key. Errors: malformed, also for text that has a secret key in it.
Result<std::string> read_public_key(std::string_view text);

}  // namespace structwire::messaging
