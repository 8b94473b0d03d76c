// SPDX-License-Identifier: Apache-2.0
#pragma once

// twitter.json with every member. The data's `protected` is a keyword, so it is renamed when it is loaded.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace codec_bench {

struct TwMeta {
  std::string result_type;
  std::string iso_language_code;
  friend bool operator==(const TwMeta&, const TwMeta&) = default;
};

struct TwUrl {
  std::string url;
  std::string expanded_url;
  std::string display_url;
  std::vector<std::int64_t> indices;
  friend bool operator==(const TwUrl&, const TwUrl&) = default;
};

struct TwDescEnt {
  std::vector<TwUrl> urls;
  friend bool operator==(const TwDescEnt&, const TwDescEnt&) = default;
};

struct TwUrlEnt {
  std::vector<TwUrl> urls;
  friend bool operator==(const TwUrlEnt&, const TwUrlEnt&) = default;
};

struct TwUserEntities {
  TwDescEnt description;
  std::optional<TwUrlEnt> url;
  friend bool operator==(const TwUserEntities&, const TwUserEntities&) = default;
};

struct TwUser {
  std::int64_t id;
  std::string id_str;
  std::string name;
  std::string screen_name;
  std::string location;
  std::string description;
  std::optional<std::string> url;
  TwUserEntities entities;
  bool protected_;
  std::int64_t followers_count;
  std::int64_t friends_count;
  std::int64_t listed_count;
  std::string created_at;
  std::int64_t favourites_count;
  std::optional<std::int64_t> utc_offset;
  std::optional<std::string> time_zone;
  bool geo_enabled;
  bool verified;
  std::int64_t statuses_count;
  std::string lang;
  bool contributors_enabled;
  bool is_translator;
  bool is_translation_enabled;
  std::string profile_background_color;
  std::string profile_background_image_url;
  std::string profile_background_image_url_https;
  bool profile_background_tile;
  std::string profile_image_url;
  std::string profile_image_url_https;
  std::optional<std::string> profile_banner_url;
  std::string profile_link_color;
  std::string profile_sidebar_border_color;
  std::string profile_sidebar_fill_color;
  std::string profile_text_color;
  bool profile_use_background_image;
  bool default_profile;
  bool default_profile_image;
  bool following;
  bool follow_request_sent;
  bool notifications;
  friend bool operator==(const TwUser&, const TwUser&) = default;
};

struct TwHashtag {
  std::string text;
  std::vector<std::int64_t> indices;
  friend bool operator==(const TwHashtag&, const TwHashtag&) = default;
};

struct TwMention {
  std::string screen_name;
  std::string name;
  std::int64_t id;
  std::string id_str;
  std::vector<std::int64_t> indices;
  friend bool operator==(const TwMention&, const TwMention&) = default;
};

struct TwSize {
  std::int64_t w;
  std::int64_t h;
  std::string resize;
  friend bool operator==(const TwSize&, const TwSize&) = default;
};

struct TwSizes {
  TwSize medium;
  TwSize small;
  TwSize thumb;
  TwSize large;
  friend bool operator==(const TwSizes&, const TwSizes&) = default;
};

struct TwMedia {
  std::int64_t id;
  std::string id_str;
  std::vector<std::int64_t> indices;
  std::string media_url;
  std::string media_url_https;
  std::string url;
  std::string display_url;
  std::string expanded_url;
  std::string type;
  TwSizes sizes;
  std::optional<std::int64_t> source_status_id;
  std::optional<std::string> source_status_id_str;
  friend bool operator==(const TwMedia&, const TwMedia&) = default;
};

struct TwEntities {
  std::vector<TwHashtag> hashtags;
  std::vector<std::string> symbols;
  std::vector<TwUrl> urls;
  std::vector<TwMention> user_mentions;
  std::optional<std::vector<TwMedia>> media;
  friend bool operator==(const TwEntities&, const TwEntities&) = default;
};

struct TwRetweet {
  TwMeta metadata;
  std::string created_at;
  std::int64_t id;
  std::string id_str;
  std::string text;
  std::string source;
  bool truncated;
  std::optional<std::int64_t> in_reply_to_status_id;
  std::optional<std::string> in_reply_to_status_id_str;
  std::optional<std::int64_t> in_reply_to_user_id;
  std::optional<std::string> in_reply_to_user_id_str;
  std::optional<std::string> in_reply_to_screen_name;
  TwUser user;
  std::optional<std::string> geo;
  std::optional<std::string> coordinates;
  std::optional<std::string> place;
  std::optional<std::string> contributors;
  std::int64_t retweet_count;
  std::int64_t favorite_count;
  TwEntities entities;
  bool favorited;
  bool retweeted;
  std::optional<bool> possibly_sensitive;
  std::string lang;
  friend bool operator==(const TwRetweet&, const TwRetweet&) = default;
};

struct TwStatus {
  TwMeta metadata;
  std::string created_at;
  std::int64_t id;
  std::string id_str;
  std::string text;
  std::string source;
  bool truncated;
  std::optional<std::int64_t> in_reply_to_status_id;
  std::optional<std::string> in_reply_to_status_id_str;
  std::optional<std::int64_t> in_reply_to_user_id;
  std::optional<std::string> in_reply_to_user_id_str;
  std::optional<std::string> in_reply_to_screen_name;
  TwUser user;
  std::optional<std::string> geo;
  std::optional<std::string> coordinates;
  std::optional<std::string> place;
  std::optional<std::string> contributors;
  std::int64_t retweet_count;
  std::int64_t favorite_count;
  TwEntities entities;
  bool favorited;
  bool retweeted;
  std::string lang;
  std::optional<TwRetweet> retweeted_status;
  std::optional<bool> possibly_sensitive;
  friend bool operator==(const TwStatus&, const TwStatus&) = default;
};

struct TwSearchMeta {
  double completed_in;
  std::int64_t max_id;
  std::string max_id_str;
  std::string next_results;
  std::string query;
  std::string refresh_url;
  std::int64_t count;
  std::int64_t since_id;
  std::string since_id_str;
  friend bool operator==(const TwSearchMeta&, const TwSearchMeta&) = default;
};

struct TwDoc {
  std::vector<TwStatus> statuses;
  TwSearchMeta search_metadata;
  friend bool operator==(const TwDoc&, const TwDoc&) = default;
};

}  // namespace codec_bench
