// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <taskd/tasks/store.hpp>

#include <memory>

namespace structwire::taskd {

/// A store that forgets everything when it is destroyed: for tests, trials and simulations.
/// `commit` cannot fail. Everything costs a logarithm of the number of tasks.
[[nodiscard]] std::unique_ptr<Store> make_store_memory();

}  // namespace structwire::taskd
