// SPDX-License-Identifier: Apache-2.0
#pragma once

// The message of document 000 in three versions, as three programs know it: a field with a default is added, then one is
// renamed. From version 2 on each says which it is.

#include <cstdint>
#include <string>
#include <utility>

#include <structwire/contract/encode_version.hpp>
#include <structwire/contract/migrate.hpp>
#include <structwire/core/literal.hpp>
#include <structwire/core/types.hpp>

namespace rolling {

namespace sw = structwire;

struct MessageV1 {
  std::string message_id;
  std::string worker_id;
  sw::Bytes payload;
  using wire = sw::Rules<sw::version<1>>;
};

struct MessageV2 {
  sw::Literal<2> version;
  std::string message_id;
  std::string worker_id;
  sw::Bytes payload;
  int priority = 0;
  using wire = sw::Rules<sw::member<&MessageV2::priority, sw::defaulted>, sw::version<2>>;
};

struct MessageV3 {
  sw::Literal<3> version;
  std::string message_id;
  std::string worker_id;
  sw::Bytes data;
  int priority = 0;
  using wire = sw::Rules<sw::member<&MessageV3::priority, sw::defaulted>, sw::version<3>>;
};

inline MessageV2 migrate(MessageV1&& old) {
  return {{}, std::move(old.message_id), std::move(old.worker_id), std::move(old.payload), 0};
}
inline MessageV3 migrate(MessageV2&& old) {
  return {{}, std::move(old.message_id), std::move(old.worker_id), std::move(old.payload), old.priority};
}
inline MessageV2 migrate_back(MessageV3&& newer) {
  return {{}, std::move(newer.message_id), std::move(newer.worker_id), std::move(newer.data), newer.priority};
}
inline MessageV1 migrate_back(MessageV2&& newer) {
  return {std::move(newer.message_id), std::move(newer.worker_id), std::move(newer.payload)};
}

/// What the program of each version knows.
using Known1 = sw::Migrations<MessageV1>;
using Known2 = sw::MigrationsByField<"version", MessageV1, MessageV2>;
using Known3 = sw::MigrationsByField<"version", MessageV1, MessageV2, MessageV3>;

inline const sw::Bytes& content(const MessageV1& message) { return message.payload; }
inline const sw::Bytes& content(const MessageV2& message) { return message.payload; }
inline const sw::Bytes& content(const MessageV3& message) { return message.data; }

inline MessageV1 made(std::string id, sw::Bytes bytes, int, const MessageV1*) {
  return {std::move(id), "w", std::move(bytes)};
}
inline MessageV2 made(std::string id, sw::Bytes bytes, int priority, const MessageV2*) {
  return {{}, std::move(id), "w", std::move(bytes), priority};
}
inline MessageV3 made(std::string id, sw::Bytes bytes, int priority, const MessageV3*) {
  return {{}, std::move(id), "w", std::move(bytes), priority};
}

}  // namespace rolling
