// SPDX-License-Identifier: Apache-2.0
#pragma once

// citm_catalog.json: a catalogue of events; maps whose keys are numbers written as text.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace codec_bench {

struct CiEvent {
  std::optional<std::string> description;
  std::int64_t id;
  std::optional<std::string> logo;
  std::string name;
  std::vector<std::int64_t> subTopicIds;
  std::optional<std::string> subjectCode;
  std::optional<std::string> subtitle;
  std::vector<std::int64_t> topicIds;
  friend bool operator==(const CiEvent&, const CiEvent&) = default;
};

struct CiPrice {
  std::int64_t amount;
  std::int64_t audienceSubCategoryId;
  std::int64_t seatCategoryId;
  friend bool operator==(const CiPrice&, const CiPrice&) = default;
};

struct CiArea {
  std::int64_t areaId;
  std::vector<std::int64_t> blockIds;
  friend bool operator==(const CiArea&, const CiArea&) = default;
};

struct CiSeatCategory {
  std::vector<CiArea> areas;
  std::int64_t seatCategoryId;
  friend bool operator==(const CiSeatCategory&, const CiSeatCategory&) = default;
};

struct CiPerformance {
  std::int64_t eventId;
  std::int64_t id;
  std::optional<std::string> logo;
  std::optional<std::string> name;
  std::vector<CiPrice> prices;
  std::vector<CiSeatCategory> seatCategories;
  std::optional<std::string> seatMapImage;
  std::int64_t start;
  std::string venueCode;
  friend bool operator==(const CiPerformance&, const CiPerformance&) = default;
};

struct CiDoc {
  std::map<std::string, std::string> areaNames;
  std::map<std::string, std::string> audienceSubCategoryNames;
  std::map<std::string, std::string> blockNames;
  std::map<std::string, CiEvent> events;
  std::vector<CiPerformance> performances;
  std::map<std::string, std::string> seatCategoryNames;
  std::map<std::string, std::string> subTopicNames;
  std::map<std::string, std::string> subjectNames;
  std::map<std::string, std::string> topicNames;
  std::map<std::string, std::vector<std::int64_t>> topicSubTopics;
  std::map<std::string, std::string> venueNames;
  friend bool operator==(const CiDoc&, const CiDoc&) = default;
};

}  // namespace codec_bench
