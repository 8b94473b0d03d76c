// SPDX-License-Identifier: Apache-2.0

//! The shapes of ../../shapes for serde. Strings that own their text.

#![allow(non_snake_case)]

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkerMsg {
    pub message_id: String,
    pub worker_id: String,
    pub payload: String,
    pub timestamp: f64,
    pub priority: i32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Payload {
    pub kind: String,
    pub key: String,
    pub body: String,
    pub values: Vec<f64>,
    pub tags: Vec<String>,
    pub note: Option<String>,
    pub final_: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CrossUpdate {
    pub update_id: String,
    pub source: String,
    pub target: String,
    pub seq: i64,
    pub timestamp: f64,
    pub clock: BTreeMap<String, i64>,
    pub payload: Payload,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkerState {
    pub id: i64,
    pub name: String,
    pub status: String,
    pub load: f64,
    pub last_seen: f64,
    pub tasks_done: i64,
    pub alive: bool,
    pub queue: Vec<i32>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    pub snapshot_id: String,
    pub version: i64,
    pub created: f64,
    pub owner: String,
    pub workers: Vec<WorkerState>,
    pub metrics: Vec<f64>,
    pub counters: BTreeMap<String, i64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TsUser {
    pub id: i64,
    pub name: String,
    pub screen_name: String,
    pub location: String,
    pub description: String,
    pub verified: bool,
    pub followers_count: i64,
    pub friends_count: i64,
    pub statuses_count: i64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TsStatus {
    pub created_at: String,
    pub id: i64,
    pub text: String,
    pub user: TsUser,
    pub retweet_count: i64,
    pub favorite_count: i64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TsDoc {
    pub statuses: Vec<TsStatus>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TwMeta {
    pub result_type: String,
    pub iso_language_code: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TwUrl {
    pub url: String,
    pub expanded_url: String,
    pub display_url: String,
    pub indices: Vec<i64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TwDescEnt {
    pub urls: Vec<TwUrl>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TwUrlEnt {
    pub urls: Vec<TwUrl>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TwUserEntities {
    pub description: TwDescEnt,
    pub url: Option<TwUrlEnt>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TwUser {
    pub id: i64,
    pub id_str: String,
    pub name: String,
    pub screen_name: String,
    pub location: String,
    pub description: String,
    pub url: Option<String>,
    pub entities: TwUserEntities,
    pub protected_: bool,
    pub followers_count: i64,
    pub friends_count: i64,
    pub listed_count: i64,
    pub created_at: String,
    pub favourites_count: i64,
    pub utc_offset: Option<i64>,
    pub time_zone: Option<String>,
    pub geo_enabled: bool,
    pub verified: bool,
    pub statuses_count: i64,
    pub lang: String,
    pub contributors_enabled: bool,
    pub is_translator: bool,
    pub is_translation_enabled: bool,
    pub profile_background_color: String,
    pub profile_background_image_url: String,
    pub profile_background_image_url_https: String,
    pub profile_background_tile: bool,
    pub profile_image_url: String,
    pub profile_image_url_https: String,
    pub profile_banner_url: Option<String>,
    pub profile_link_color: String,
    pub profile_sidebar_border_color: String,
    pub profile_sidebar_fill_color: String,
    pub profile_text_color: String,
    pub profile_use_background_image: bool,
    pub default_profile: bool,
    pub default_profile_image: bool,
    pub following: bool,
    pub follow_request_sent: bool,
    pub notifications: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TwHashtag {
    pub text: String,
    pub indices: Vec<i64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TwMention {
    pub screen_name: String,
    pub name: String,
    pub id: i64,
    pub id_str: String,
    pub indices: Vec<i64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TwSize {
    pub w: i64,
    pub h: i64,
    pub resize: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TwSizes {
    pub medium: TwSize,
    pub small: TwSize,
    pub thumb: TwSize,
    pub large: TwSize,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TwMedia {
    pub id: i64,
    pub id_str: String,
    pub indices: Vec<i64>,
    pub media_url: String,
    pub media_url_https: String,
    pub url: String,
    pub display_url: String,
    pub expanded_url: String,
    pub r#type: String,
    pub sizes: TwSizes,
    pub source_status_id: Option<i64>,
    pub source_status_id_str: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TwEntities {
    pub hashtags: Vec<TwHashtag>,
    pub symbols: Vec<String>,
    pub urls: Vec<TwUrl>,
    pub user_mentions: Vec<TwMention>,
    pub media: Option<Vec<TwMedia>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TwRetweet {
    pub metadata: TwMeta,
    pub created_at: String,
    pub id: i64,
    pub id_str: String,
    pub text: String,
    pub source: String,
    pub truncated: bool,
    pub in_reply_to_status_id: Option<i64>,
    pub in_reply_to_status_id_str: Option<String>,
    pub in_reply_to_user_id: Option<i64>,
    pub in_reply_to_user_id_str: Option<String>,
    pub in_reply_to_screen_name: Option<String>,
    pub user: TwUser,
    pub geo: Option<String>,
    pub coordinates: Option<String>,
    pub place: Option<String>,
    pub contributors: Option<String>,
    pub retweet_count: i64,
    pub favorite_count: i64,
    pub entities: TwEntities,
    pub favorited: bool,
    pub retweeted: bool,
    pub possibly_sensitive: Option<bool>,
    pub lang: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TwStatus {
    pub metadata: TwMeta,
    pub created_at: String,
    pub id: i64,
    pub id_str: String,
    pub text: String,
    pub source: String,
    pub truncated: bool,
    pub in_reply_to_status_id: Option<i64>,
    pub in_reply_to_status_id_str: Option<String>,
    pub in_reply_to_user_id: Option<i64>,
    pub in_reply_to_user_id_str: Option<String>,
    pub in_reply_to_screen_name: Option<String>,
    pub user: TwUser,
    pub geo: Option<String>,
    pub coordinates: Option<String>,
    pub place: Option<String>,
    pub contributors: Option<String>,
    pub retweet_count: i64,
    pub favorite_count: i64,
    pub entities: TwEntities,
    pub favorited: bool,
    pub retweeted: bool,
    pub lang: String,
    pub retweeted_status: Option<TwRetweet>,
    pub possibly_sensitive: Option<bool>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TwSearchMeta {
    pub completed_in: f64,
    pub max_id: i64,
    pub max_id_str: String,
    pub next_results: String,
    pub query: String,
    pub refresh_url: String,
    pub count: i64,
    pub since_id: i64,
    pub since_id_str: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TwDoc {
    pub statuses: Vec<TwStatus>,
    pub search_metadata: TwSearchMeta,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaProps {
    pub name: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaGeom {
    pub r#type: String,
    pub coordinates: Vec<Vec<[f64; 2]>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaFeature {
    pub r#type: String,
    pub properties: CaProps,
    pub geometry: CaGeom,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaDoc {
    pub r#type: String,
    pub features: Vec<CaFeature>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CiEvent {
    pub description: Option<String>,
    pub id: i64,
    pub logo: Option<String>,
    pub name: String,
    pub subTopicIds: Vec<i64>,
    pub subjectCode: Option<String>,
    pub subtitle: Option<String>,
    pub topicIds: Vec<i64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CiPrice {
    pub amount: i64,
    pub audienceSubCategoryId: i64,
    pub seatCategoryId: i64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CiArea {
    pub areaId: i64,
    pub blockIds: Vec<i64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CiSeatCategory {
    pub areas: Vec<CiArea>,
    pub seatCategoryId: i64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CiPerformance {
    pub eventId: i64,
    pub id: i64,
    pub logo: Option<String>,
    pub name: Option<String>,
    pub prices: Vec<CiPrice>,
    pub seatCategories: Vec<CiSeatCategory>,
    pub seatMapImage: Option<String>,
    pub start: i64,
    pub venueCode: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CiDoc {
    pub areaNames: BTreeMap<String, String>,
    pub audienceSubCategoryNames: BTreeMap<String, String>,
    pub blockNames: BTreeMap<String, String>,
    pub events: BTreeMap<String, CiEvent>,
    pub performances: Vec<CiPerformance>,
    pub seatCategoryNames: BTreeMap<String, String>,
    pub subTopicNames: BTreeMap<String, String>,
    pub subjectNames: BTreeMap<String, String>,
    pub topicNames: BTreeMap<String, String>,
    pub topicSubTopics: BTreeMap<String, Vec<i64>>,
    pub venueNames: BTreeMap<String, String>,
}
