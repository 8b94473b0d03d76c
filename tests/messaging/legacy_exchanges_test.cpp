// SPDX-License-Identifier: Apache-2.0
//
// Golden exchanges: of each pairing of an old and a new program all that is said, byte for byte.
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include <tests/support/legacy_sides.hpp>

namespace structwire::messaging {
namespace {

std::string requests_of_the_old() {
  std::string all;
  constexpr std::pair<LegacyMode, std::string_view> modes[] = {{LegacyMode::fire_and_forget, "fire_and_forget"},
                                                               {LegacyMode::confirmed, "confirmed"},
                                                               {LegacyMode::with_response, "with_response"},
                                                               {LegacyMode::with_receipt_ack, "with_receipt_ack"},
                                                               {LegacyMode::with_receipt_and_response, "with_receipt_and_response"}};
  const auto play = [&](std::string_view title, LegacyMode mode, std::string_view handler, Outcome outcome) {
    LegacyWorld world;
    world.request(mode, "[1]", handler);
    if (!world.works.empty()) world.finish(std::move(outcome));
    all.append("# an old program asks a new one: ").append(title).append("\n").append(world.transcript).append("\n");
  };
  for (const auto& [mode, name] : modes) {
    play(std::string(name), mode, "echo", Reply{.format = 1, .payload = bytes_of("[1]")});
    play(std::string(name) + ", and its handler fails", mode, "echo", std::unexpected(Failure{.text = "boom"}));
    play(std::string(name) + ", and there is no such handler", mode, "nobody", Reply{});
  }
  return all;
}

// `older`: of the two generations of the protocol's repliers.
std::string sends_of_the_new(bool older) {
  std::string all;
  constexpr std::pair<Delivery, std::string_view> deliveries[] = {
      {Delivery::fire_and_forget, "fire_and_forget"}, {Delivery::queued, "queued"},     {Delivery::accepted, "accepted"},
      {Delivery::done, "done"},                       {Delivery::response, "response"}, {Delivery::receipt, "receipt"}};
  for (const auto& [delivery, name] : deliveries) {
    for (const bool succeeds : {true, false}) {
      if (delivery == Delivery::fire_and_forget && !succeeds) continue;
      LegacyWorld world;
      world.send(1, delivery, R"({"n":1})");
      const LegacyMetadata sent = world.take().metadata;
      const LegacyControl& control = sent.control;
      if (control.receipt) world.receipt(control.receipt->receipt_id, succeeds ? R"("Delivered")" : R"({"ContractMismatch":"no"})");
      if (control.response) {
        const Uuid to = control.response->response_id;
        const std::string more = older ? "" : std::string(R"(,"response_type":")") + (succeeds ? "response\"" : "nack\"");
        const std::string failed = R"({"response_id":")" + to.text() + R"(","status":"error","message":"boom"})";
        world.reply(succeeds ? "response_message" : "error_response", to, more, succeeds ? "[2]" : failed);
      } else if (control.accept_id) {
        const Uuid to = *control.accept_id;
        const std::string more = older ? "" : std::string(R"(,"response_type":")") + (succeeds ? "ack\"" : "nack\"");
        const std::string said = R"({"response_id":")" + to.text() + "\"" + (succeeds ? ok_status : R"(,"status":"error","message":"boom"})");
        world.reply(succeeds ? "ack_response" : "error_response", to, more, said);
      }
      all.append("# a new program asks an old one, of the ").append(older ? "older" : "newer").append(" repliers: ").append(name);
      all.append(succeeds ? "\n" : ", and it fails\n").append(world.transcript).append("\n");
    }
  }
  return all;
}

// STRUCTWIRE_WRITE_GOLDEN=1 writes them anew; a change is a change of the wire.
TEST(LegacyExchanges, of_every_pairing_are_as_they_were) {
  const std::string place = "tests/messaging/golden/legacy_exchanges.txt";
  const std::string head = "# Exchanges of the older JSON protocol between an old and a new program: < what the old one says, > the new one (metadata,\n"
                           "# then payload), and = what its sends come to. legacy_exchanges_test.cpp plays them.\n\n";
  const std::string played = head + requests_of_the_old() + sends_of_the_new(true) + sends_of_the_new(false);
  if (std::getenv("STRUCTWIRE_WRITE_GOLDEN") != nullptr) std::ofstream(place) << played;
  std::ifstream file(place);
  const std::string golden{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(golden, played);
}

}  // namespace
}  // namespace structwire::messaging
