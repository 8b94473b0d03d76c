// SPDX-License-Identifier: Apache-2.0

// Prints one line per struct: fingerprint and canonical text; then one with the contract fingerprint. Built by every compiler; the outputs must be
// the same to the byte (`golden.txt`; tools/gcc16_fingerprints.sh for GCC 16 in C++26).

#include <cstdio>

#include <structwire/contract/contract_fingerprint.hpp>
#include <tests/fingerprint/structs.hpp>

namespace {

template <class T>
void print(const char* name) {
  constexpr structwire::Fingerprint fingerprint = structwire::wire_fingerprint<T>;
  std::printf("%016llx %s %s\n", static_cast<unsigned long long>(fingerprint), name,
              structwire::wire_description<T>().c_str());
  std::printf("%s %s\n", structwire::fingerprint_text(structwire::contract_fingerprint<T>()).c_str(), name);
}

}  // namespace

int main() {
  using namespace structwire::testing;
  print<Scalars>("Scalars");
  print<Texts>("Texts");
  print<Größe>("Größe");
  print<Node>("Node");
  print<Everything>("Everything");
  print<Foreign>("Foreign");
  print<Hidden>("Hidden");
  print<std::vector<Everything>>("vector<Everything>");
}
