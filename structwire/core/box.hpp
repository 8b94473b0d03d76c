// SPDX-License-Identifier: Apache-2.0
#pragma once

// Box<T>: a T that stands elsewhere. It is to structs that contain themselves what a plain member
// is to others: never null, copied with what it holds, compared by what it holds.
//
//   struct Node {
//     std::int64_t value;
//     std::optional<sw::Box<Node>> next;
//   };
//
// T may be incomplete where the Box is declared. A Box owns its T; const passes through to it.
//
// A Box that was moved from holds nothing until it is assigned to. Destroying it, assigning to it,
// copying, moving and comparing it, and asking `was_moved_from` are all that may be done with it.
//
// Destruction of a chain of Boxes takes a bounded piece of the stack however long the chain is:
// below some depth a Box hands its T to the outermost Box of the same type that is being destroyed.
// Copying and comparing recurse; what was decoded is bounded by Limits::depth.

#include <compare>
#include <concepts>
#include <cstddef>
#include <functional>
#include <type_traits>
#include <utility>

#include <structwire/core/config.hpp>

namespace structwire {

template <class T>
class Box {
 public:
  using element_type = T;

  /// A new T{}. A struct that holds a Box of itself directly would never end: put the Box into an
  /// optional or a container.
  Box() : node_(new Node{T(), nullptr}) {}
  // No constructor that asks what T can be made of: a recursive T is asked while it is incomplete.
  Box(const T& value) : node_(new Node{T(value), nullptr}) {}
  Box(T&& value) : node_(new Node{T(std::move(value)), nullptr}) {}
  template <class... Arguments>
  explicit Box(std::in_place_t, Arguments&&... arguments)
      : node_(new Node{T(std::forward<Arguments>(arguments)...), nullptr}) {}

  Box(const Box& other) : node_(other.node_ == nullptr ? nullptr : new Node{T(*other), nullptr}) {}
  Box(Box&& other) noexcept : node_(std::exchange(other.node_, nullptr)) {}
  ~Box() { destroy(node_); }

  Box& operator=(const Box& other) {
    // Copied first: `other` may stand inside of what this Box holds, and would end with it.
    Box copy(other);
    swap(*this, copy);
    return *this;
  }
  Box& operator=(Box&& other) noexcept {
    Box taken(std::move(other));
    swap(*this, taken);
    return *this;
  }

  /// The value; never of a Box that was moved from.
  T& operator*() & noexcept { return held().value; }
  const T& operator*() const& noexcept { return held().value; }
  T&& operator*() && noexcept { return std::move(held().value); }
  T* operator->() noexcept { return &held().value; }
  const T* operator->() const noexcept { return &held().value; }

  bool was_moved_from() const noexcept { return node_ == nullptr; }

  friend void swap(Box& a, Box& b) noexcept { std::swap(a.node_, b.node_); }

  /// Boxes that were moved from equal each other and come before all others. Without constraints,
  /// because the answer for a recursive T depends on itself.
  friend bool operator==(const Box& a, const Box& b) {
    if (a.node_ == nullptr || b.node_ == nullptr) return a.node_ == b.node_;
    return static_cast<bool>(*a == *b);
  }
  template <class U>
    requires(std::same_as<U, T> && requires(const U& value) { value == value; })
  friend bool operator==(const Box& a, const U& b) {
    return static_cast<bool>(*a == b);
  }
  template <std::same_as<Box> B>
  friend auto operator<=>(const B& a, const B& b) -> decltype(*a <=> *b) {
    if (a.was_moved_from() || b.was_moved_from())
      return !a.was_moved_from() <=> !b.was_moved_from();
    return *a <=> *b;
  }

 private:
  // The link is used only while a chain is destroyed, when no memory should be asked for.
  struct Node {
    T value;
    Node* next;
  };
  // What this thread is destroying: how deep it is inside destructors of T, and what waits for the
  // outermost.
  struct Destruction {
    unsigned depth;
    Node* waiting;
  };
  static constexpr unsigned depth_max = 32;

  static Destruction& destruction() noexcept {
    static constinit thread_local Destruction state{0, nullptr};
    return state;
  }

  static void destroy(Node* node) noexcept {
    if (node == nullptr) return;
    Destruction& state = destruction();
    if (state.depth == depth_max) {
      node->next = std::exchange(state.waiting, node);
      return;
    }
    ++state.depth;
    delete node;
    if (state.depth == 1) {
      while (state.waiting != nullptr) {
        Node* const last = state.waiting;
        state.waiting = last->next;
        delete last;
      }
    }
    --state.depth;
  }

  Node& held() const noexcept {
    STRUCTWIRE_ASSERT(node_ != nullptr);
    return *node_;
  }

  Node* node_;
};

template <class T>
Box(T) -> Box<T>;

}  // namespace structwire

/// Not asked whether T has a hash until it is used, because T may be incomplete or hold Boxes of
/// itself.
template <class T>
struct std::hash<structwire::Box<T>> {
  std::size_t operator()(const structwire::Box<T>& box) const {
    return box.was_moved_from() ? 0 : std::hash<T>{}(*box);
  }
};
