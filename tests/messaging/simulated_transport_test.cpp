// SPDX-License-Identifier: Apache-2.0
//
// What every transport keeps, over the simulated network where it is at its best.
#include <structwire/messaging/simulated.hpp>

#include "tests/messaging/transport_suite.hpp"

namespace structwire::messaging::testing {
namespace {

class SimulatedWorld final : public TransportWorld {
 public:
  SimulatedWorld() : network_(1) { network_.set_default_quality({.bytes_per_second = 1'000'000'000}); }
  std::unique_ptr<Transport> transport() override { return network_.attach("host" + std::to_string(++hosts_)); }
  std::string any_address() override { return "sim://node*"; }
  std::string fixed_address() override { return "sim://fixed" + std::to_string(++names_); }
  Instant now() override { return network_.now(); }

 private:
  SimulatedNetwork network_;
  int hosts_ = 0;
  int names_ = 0;
};

INSTANTIATE_TEST_SUITE_P(
    Simulated, TransportSuite,
    ::testing::Values(TransportSetup{"network", [] { return std::make_unique<SimulatedWorld>(); }, false}),
    name_of_setup);

}  // namespace
}  // namespace structwire::messaging::testing
