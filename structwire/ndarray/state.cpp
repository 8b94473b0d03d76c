// SPDX-License-Identifier: Apache-2.0
#include <structwire/ndarray/state.hpp>

#include <memory>

#include <structwire/core/error_detail.hpp>

namespace structwire::ndarray {
namespace {

// The error again, at a member of the state.
std::unexpected<Error> at_member(const char* name, const Error& error) {
  auto detail = std::make_unique<ErrorDetail>();
  detail->code = error.code();
  detail->text = error.message();
  detail->path.push_back({PathSegment::Step::member, name, 0});
  return std::unexpected(Error(std::move(detail)));
}

Result<Layout> layout_of(std::span<const std::uint64_t> shape, const std::string& dtype,
                         const ArrayLimits& limits) {
  auto type = ElementType::parse(dtype);
  if (!type) return at_member("dtype", type.error());
  if (shape.size() > limits.dimensions) {
    return at_member("shape",
                     Error(ErrorCode::size_limit, "An array of more dimensions than the limit"));
  }
  auto layout =
      Layout::make(*type, Extents(shape.begin(), shape.end()), ElementOrder::row_major, limits);
  if (!layout) return at_member("shape", layout.error());
  return layout;
}

template <class State>
Result<View> view_of_any(const State& state, const ArrayLimits& limits) {
  auto layout = layout_of(state.shape, state.dtype, limits);
  if (!layout) return std::unexpected(std::move(layout.error()));
  auto view = View::make(std::move(*layout), state.data);
  if (!view) return at_member("data", view.error());
  return view;
}

}  // namespace

StateWithArray to_state(const View& view) {
  StateWithArray state{Bytes(view.layout().size_bytes()),
                       {view.shape().begin(), view.shape().end()},
                       view.type().name()};
  view.copy_row_major_to(state.data);
  return state;
}

Result<StateWithArrayView> to_state_view(const View& view) {
  if (view.order() != ElementOrder::row_major) {
    return std::unexpected(Error(ErrorCode::unsupported,
                                 "An array in column-major order has to be copied into a state"));
  }
  return StateWithArrayView{
      view.bytes(), {view.shape().begin(), view.shape().end()}, view.type().name()};
}

Result<View> view_of(const StateWithArray& state, const ArrayLimits& limits) {
  return view_of_any(state, limits);
}
Result<View> view_of(const StateWithArrayView& state, const ArrayLimits& limits) {
  return view_of_any(state, limits);
}

Result<Array> to_array(StateWithArray state, const ArrayLimits& limits) {
  auto view = view_of(state, limits);
  if (!view) return std::unexpected(std::move(view.error()));
  return Array::make(view->layout(), std::move(state.data));
}

}  // namespace structwire::ndarray
