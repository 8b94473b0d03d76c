// SPDX-License-Identifier: Apache-2.0
#pragma once

// The contract fingerprint: SHA-256 over all that a contract says of data, so over more than wire_fingerprint does:
// constraints, defaults, aliases, policies and the version as well. What is for people is not in it: titles,
// descriptions, extra keys of JSON Schema, names of structs, members and enumerators in C++.
//
//   const sw::ContractFingerprint& print = sw::contract_fingerprint<Message>();
//   sw::fingerprint_text(print)                  // 64 hex digits
//
// It is made at run time, once per type: see docs/decisions/contract_fingerprint.md.

#include <string>

#include <structwire/contract/describe.hpp>
#include <structwire/contract/fingerprint.hpp>
#include <structwire/contract/schema.hpp>
#include <structwire/contract/sha256.hpp>

namespace structwire {

using ContractFingerprint = sha256::Digest;

namespace contract {

/// The text that the fingerprint is the SHA-256 of: the Schema's JSON without what is for people, its definitions named
/// by their number, maps inside defaults in the order of their keys.
std::string canonical_text(Schema schema);

}  // namespace contract

ContractFingerprint contract_fingerprint(const contract::Schema& schema);

/// Of a C++ type. The first call per type costs a describe(), further ones a load. Any thread.
template <class T>
const ContractFingerprint& contract_fingerprint() {
  static const ContractFingerprint made = contract_fingerprint(contract::describe<T>());
  return made;
}

/// 64 hex digits.
std::string fingerprint_text(const ContractFingerprint& fingerprint);

}  // namespace structwire
