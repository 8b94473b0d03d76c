// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <taskd/http/message.hpp>
#include <taskd/tasks/service.hpp>

#include <memory>
#include <optional>

namespace structwire::taskd::http {

/// The task API over HTTP: finds the route, negotiates, and hands a Call to the route's handler.
/// Everything that can be refused without the body is decided before anything happens, in this
/// order: path (404), method (405), format of the answer (406), format of the body (415).
///
/// Any thread; the service must outlive the door.
class Door final : public Application {
 public:
  explicit Door(Service& service) : service_(service) {}

  [[nodiscard]] std::optional<Response> refuse(const Request& request) const override;
  void handle(std::shared_ptr<Exchange> exchange) override;

 private:
  Service& service_;
};

}  // namespace structwire::taskd::http
