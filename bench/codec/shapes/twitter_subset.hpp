// SPDX-License-Identifier: Apache-2.0
#pragma once

// twitter.json, the members that a program might want; the others are skipped.

#include <cstdint>
#include <string>
#include <vector>

namespace codec_bench {

struct TsUser {
  std::int64_t id;
  std::string name;
  std::string screen_name;
  std::string location;
  std::string description;
  bool verified;
  std::int64_t followers_count;
  std::int64_t friends_count;
  std::int64_t statuses_count;
  friend bool operator==(const TsUser&, const TsUser&) = default;
};

struct TsStatus {
  std::string created_at;
  std::int64_t id;
  std::string text;
  TsUser user;
  std::int64_t retweet_count;
  std::int64_t favorite_count;
  friend bool operator==(const TsStatus&, const TsStatus&) = default;
};

struct TsDoc {
  std::vector<TsStatus> statuses;
  friend bool operator==(const TsDoc&, const TsDoc&) = default;
};

}  // namespace codec_bench
