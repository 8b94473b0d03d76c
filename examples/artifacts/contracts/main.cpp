// SPDX-License-Identifier: Apache-2.0
//
// The contracts of what workers say to each other, and the classes that others need to take part:
//
//   build/bin/artifacts_contracts generate msgspec --out artifact_messages.py
#include <examples/artifacts/messages.hpp>
#include <structwire/contract/main.hpp>

int main(int count, char** words) {
  using namespace artifacts;
  return structwire::contract::main<Message, CrossWorkerUpdate, QueryRequest, QueryResponse>(count, words);
}
