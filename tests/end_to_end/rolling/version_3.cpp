// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/compare.hpp>
#include <structwire/contract/describe.hpp>
#include <tests/end_to_end/rolling/program.hpp>

#include <string_view>

namespace {

/// The worst that happens to old programs that read what new ones write: what `contract check` says of going back.
template <class Before, class After>
void print_forward(const char* step) {
  using namespace structwire::contract;
  Verdict worst = Verdict::compatible;
  std::string detail;
  for (const Difference& each : differences(describe<Before>(), describe<After>(), WireForm::msgpack)) {
    if (each.forward <= worst) continue;
    worst = each.forward;
    detail = each.rule + " at " + each.path;
  }
  std::printf("%s: %s %s\n", step, std::string(name_of(worst)).c_str(), detail.c_str());
}

}  // namespace

/// Beside what all do: `--forward` prints whether an old program can read what the next version writes.
int main(int count, char** arguments) {
  if (count == 2 && std::string_view(arguments[1]) == "--forward") {
    print_forward<rolling::MessageV1, rolling::MessageV2>("1 to 2");
    print_forward<rolling::MessageV2, rolling::MessageV3>("2 to 3");
    return 0;
  }
  return rolling::main_of<rolling::Known3>(count, arguments);
}
