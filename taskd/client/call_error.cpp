// SPDX-License-Identifier: Apache-2.0
#include <taskd/client/call_error.hpp>

#include <utility>

namespace structwire::taskd {

bool CallError::is(api::Code wanted) const {
  return kind == Kind::refused && api::code_named(code) == wanted;
}

bool CallError::may_pass() const {
  if (kind == Kind::unreachable || kind == Kind::timeout) return true;
  if (kind != Kind::refused) return false;
  const std::optional<api::Code> known = api::code_named(code);
  // A code that this version does not know is judged by its status.
  return known ? api::row(*known).retry : status == 429 || status == 503;
}

CallError CallError::refusal(api::ErrorBody body, int status) {
  CallError error;
  error.kind = Kind::refused;
  error.code = std::move(body.code);
  error.message = std::move(body.message);
  error.path = std::move(body.path).value_or(std::string());
  error.offset = body.offset;
  error.status = status;
  return error;
}

}  // namespace structwire::taskd
