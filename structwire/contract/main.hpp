// SPDX-License-Identifier: Apache-2.0
#pragma once

// The contract program. A user writes one file, links structwire::contract, and commits what it writes:
//
//   #include <structwire/contract/main.hpp>
//   #include "messages.hpp"
//
//   int main(int count, char** words) { return sw::contract::main<Message, Manifest>(count, words); }
//
//   contracts snapshot                 # at a release: contracts/Message.v1.json and its golden bytes
//   contracts check                    # in CI: can today's structs talk to the released ones?
//
// It says per format and direction what breaks, and shows a message that breaks. `contracts --help` tells the rest; the
// guide is docs/guide/contracts.md. Exit codes: 0 compatible, 1 a break that nobody accepted, 2 a command line or file
// that cannot be understood.
//
// Per type this instantiates describe(), a decoder and an encoder in both formats; all else works on data.

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <structwire/contract/command/check.hpp>
#include <structwire/contract/describe.hpp>
#include <structwire/core/convert.hpp>
#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>

namespace structwire::contract {
inline namespace STRUCTWIRE_INLINE {

namespace main_detail {

template <class T>
Result<Value> decode(WireForm form, std::span<const std::byte> bytes) {
  auto object = form == WireForm::json ? json::decode<T>(bytes) : msgpack::decode<T>(bytes);
  if (!object) return std::unexpected(std::move(object.error()));
  Value value;
  if (auto made = to_value_into(*object, value); !made) return std::unexpected(std::move(made.error()));
  return value;
}

template <class T>
Result<Buffer> encode(WireForm form, const Value& value) {
  DecodeOptions options;
  options.raw_format = form == WireForm::json ? &json::format() : &msgpack::format();
  Result<T> object = convert<T>(value, options);
  if (!object) return std::unexpected(std::move(object.error()));
  Buffer bytes;
  auto written = form == WireForm::json ? json::append_to(*object, bytes) : msgpack::append_to(*object, bytes);
  if (!written) return std::unexpected(std::move(written.error()));
  return bytes;
}

}  // namespace main_detail

/// T as the check sees it. Its name is that of the struct, without scope; `name` gives it another one, which its files
/// then have.
template <class T>
Contract contract_of(std::string_view name = {}) {
  Contract contract{std::string(name), describe<T>(), &main_detail::decode<T>, &main_detail::encode<T>,
                    wire_fingerprint<T>};
  if (contract.name.empty()) contract.name = describe_detail::short_name<T>();
  return contract;
}

}  // namespace STRUCTWIRE_INLINE

/// The program over contracts made with contract_of(), for names of one's own. Prints, and returns the exit code.
int run(int count, char** words, std::span<const Contract> contracts);

template <class... T>
int main(int count, char** words) {
  const std::vector<Contract> contracts{contract_of<T>()...};
  return run(count, words, contracts);
}

}  // namespace structwire::contract
