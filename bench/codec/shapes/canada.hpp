// SPDX-License-Identifier: Apache-2.0
#pragma once

// canada.json: GeoJSON, a polygon of 111,126 doubles.

#include <array>
#include <string>
#include <vector>

namespace codec_bench {

struct CaProps {
  std::string name;
  friend bool operator==(const CaProps&, const CaProps&) = default;
};

struct CaGeom {
  std::string type;
  std::vector<std::vector<std::array<double, 2>>> coordinates;
  friend bool operator==(const CaGeom&, const CaGeom&) = default;
};

struct CaFeature {
  std::string type;
  CaProps properties;
  CaGeom geometry;
  friend bool operator==(const CaFeature&, const CaFeature&) = default;
};

struct CaDoc {
  std::string type;
  std::vector<CaFeature> features;
  friend bool operator==(const CaDoc&, const CaDoc&) = default;
};

}  // namespace codec_bench
