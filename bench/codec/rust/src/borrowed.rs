// SPDX-License-Identifier: Apache-2.0

//! The shapes of ../../shapes for serde. Strings that point into the input where it has no escapes.

#![allow(non_snake_case)]

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkerMsg<'a> {
    #[serde(borrow)]
    pub message_id: Cow<'a, str>,
    #[serde(borrow)]
    pub worker_id: Cow<'a, str>,
    #[serde(borrow)]
    pub payload: Cow<'a, str>,
    pub timestamp: f64,
    pub priority: i32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Payload<'a> {
    #[serde(borrow)]
    pub kind: Cow<'a, str>,
    #[serde(borrow)]
    pub key: Cow<'a, str>,
    #[serde(borrow)]
    pub body: Cow<'a, str>,
    pub values: Vec<f64>,
    #[serde(borrow)]
    pub tags: Vec<Cow<'a, str>>,
    #[serde(borrow)]
    pub note: Option<Cow<'a, str>>,
    pub final_: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CrossUpdate<'a> {
    #[serde(borrow)]
    pub update_id: Cow<'a, str>,
    #[serde(borrow)]
    pub source: Cow<'a, str>,
    #[serde(borrow)]
    pub target: Cow<'a, str>,
    pub seq: i64,
    pub timestamp: f64,
    #[serde(borrow)]
    pub clock: BTreeMap<Cow<'a, str>, i64>,
    #[serde(borrow)]
    pub payload: Payload<'a>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkerState<'a> {
    pub id: i64,
    #[serde(borrow)]
    pub name: Cow<'a, str>,
    #[serde(borrow)]
    pub status: Cow<'a, str>,
    pub load: f64,
    pub last_seen: f64,
    pub tasks_done: i64,
    pub alive: bool,
    pub queue: Vec<i32>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot<'a> {
    #[serde(borrow)]
    pub snapshot_id: Cow<'a, str>,
    pub version: i64,
    pub created: f64,
    #[serde(borrow)]
    pub owner: Cow<'a, str>,
    #[serde(borrow)]
    pub workers: Vec<WorkerState<'a>>,
    pub metrics: Vec<f64>,
    #[serde(borrow)]
    pub counters: BTreeMap<Cow<'a, str>, i64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TsUser<'a> {
    pub id: i64,
    #[serde(borrow)]
    pub name: Cow<'a, str>,
    #[serde(borrow)]
    pub screen_name: Cow<'a, str>,
    #[serde(borrow)]
    pub location: Cow<'a, str>,
    #[serde(borrow)]
    pub description: Cow<'a, str>,
    pub verified: bool,
    pub followers_count: i64,
    pub friends_count: i64,
    pub statuses_count: i64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TsStatus<'a> {
    #[serde(borrow)]
    pub created_at: Cow<'a, str>,
    pub id: i64,
    #[serde(borrow)]
    pub text: Cow<'a, str>,
    #[serde(borrow)]
    pub user: TsUser<'a>,
    pub retweet_count: i64,
    pub favorite_count: i64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TsDoc<'a> {
    #[serde(borrow)]
    pub statuses: Vec<TsStatus<'a>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TwMeta<'a> {
    #[serde(borrow)]
    pub result_type: Cow<'a, str>,
    #[serde(borrow)]
    pub iso_language_code: Cow<'a, str>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TwUrl<'a> {
    #[serde(borrow)]
    pub url: Cow<'a, str>,
    #[serde(borrow)]
    pub expanded_url: Cow<'a, str>,
    #[serde(borrow)]
    pub display_url: Cow<'a, str>,
    pub indices: Vec<i64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TwDescEnt<'a> {
    #[serde(borrow)]
    pub urls: Vec<TwUrl<'a>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TwUrlEnt<'a> {
    #[serde(borrow)]
    pub urls: Vec<TwUrl<'a>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TwUserEntities<'a> {
    #[serde(borrow)]
    pub description: TwDescEnt<'a>,
    #[serde(borrow)]
    pub url: Option<TwUrlEnt<'a>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TwUser<'a> {
    pub id: i64,
    #[serde(borrow)]
    pub id_str: Cow<'a, str>,
    #[serde(borrow)]
    pub name: Cow<'a, str>,
    #[serde(borrow)]
    pub screen_name: Cow<'a, str>,
    #[serde(borrow)]
    pub location: Cow<'a, str>,
    #[serde(borrow)]
    pub description: Cow<'a, str>,
    #[serde(borrow)]
    pub url: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub entities: TwUserEntities<'a>,
    pub protected_: bool,
    pub followers_count: i64,
    pub friends_count: i64,
    pub listed_count: i64,
    #[serde(borrow)]
    pub created_at: Cow<'a, str>,
    pub favourites_count: i64,
    pub utc_offset: Option<i64>,
    #[serde(borrow)]
    pub time_zone: Option<Cow<'a, str>>,
    pub geo_enabled: bool,
    pub verified: bool,
    pub statuses_count: i64,
    #[serde(borrow)]
    pub lang: Cow<'a, str>,
    pub contributors_enabled: bool,
    pub is_translator: bool,
    pub is_translation_enabled: bool,
    #[serde(borrow)]
    pub profile_background_color: Cow<'a, str>,
    #[serde(borrow)]
    pub profile_background_image_url: Cow<'a, str>,
    #[serde(borrow)]
    pub profile_background_image_url_https: Cow<'a, str>,
    pub profile_background_tile: bool,
    #[serde(borrow)]
    pub profile_image_url: Cow<'a, str>,
    #[serde(borrow)]
    pub profile_image_url_https: Cow<'a, str>,
    #[serde(borrow)]
    pub profile_banner_url: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub profile_link_color: Cow<'a, str>,
    #[serde(borrow)]
    pub profile_sidebar_border_color: Cow<'a, str>,
    #[serde(borrow)]
    pub profile_sidebar_fill_color: Cow<'a, str>,
    #[serde(borrow)]
    pub profile_text_color: Cow<'a, str>,
    pub profile_use_background_image: bool,
    pub default_profile: bool,
    pub default_profile_image: bool,
    pub following: bool,
    pub follow_request_sent: bool,
    pub notifications: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TwHashtag<'a> {
    #[serde(borrow)]
    pub text: Cow<'a, str>,
    pub indices: Vec<i64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TwMention<'a> {
    #[serde(borrow)]
    pub screen_name: Cow<'a, str>,
    #[serde(borrow)]
    pub name: Cow<'a, str>,
    pub id: i64,
    #[serde(borrow)]
    pub id_str: Cow<'a, str>,
    pub indices: Vec<i64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TwSize<'a> {
    pub w: i64,
    pub h: i64,
    #[serde(borrow)]
    pub resize: Cow<'a, str>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TwSizes<'a> {
    #[serde(borrow)]
    pub medium: TwSize<'a>,
    #[serde(borrow)]
    pub small: TwSize<'a>,
    #[serde(borrow)]
    pub thumb: TwSize<'a>,
    #[serde(borrow)]
    pub large: TwSize<'a>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TwMedia<'a> {
    pub id: i64,
    #[serde(borrow)]
    pub id_str: Cow<'a, str>,
    pub indices: Vec<i64>,
    #[serde(borrow)]
    pub media_url: Cow<'a, str>,
    #[serde(borrow)]
    pub media_url_https: Cow<'a, str>,
    #[serde(borrow)]
    pub url: Cow<'a, str>,
    #[serde(borrow)]
    pub display_url: Cow<'a, str>,
    #[serde(borrow)]
    pub expanded_url: Cow<'a, str>,
    #[serde(borrow)]
    pub r#type: Cow<'a, str>,
    #[serde(borrow)]
    pub sizes: TwSizes<'a>,
    pub source_status_id: Option<i64>,
    #[serde(borrow)]
    pub source_status_id_str: Option<Cow<'a, str>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TwEntities<'a> {
    #[serde(borrow)]
    pub hashtags: Vec<TwHashtag<'a>>,
    #[serde(borrow)]
    pub symbols: Vec<Cow<'a, str>>,
    #[serde(borrow)]
    pub urls: Vec<TwUrl<'a>>,
    #[serde(borrow)]
    pub user_mentions: Vec<TwMention<'a>>,
    #[serde(borrow)]
    pub media: Option<Vec<TwMedia<'a>>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TwRetweet<'a> {
    #[serde(borrow)]
    pub metadata: TwMeta<'a>,
    #[serde(borrow)]
    pub created_at: Cow<'a, str>,
    pub id: i64,
    #[serde(borrow)]
    pub id_str: Cow<'a, str>,
    #[serde(borrow)]
    pub text: Cow<'a, str>,
    #[serde(borrow)]
    pub source: Cow<'a, str>,
    pub truncated: bool,
    pub in_reply_to_status_id: Option<i64>,
    #[serde(borrow)]
    pub in_reply_to_status_id_str: Option<Cow<'a, str>>,
    pub in_reply_to_user_id: Option<i64>,
    #[serde(borrow)]
    pub in_reply_to_user_id_str: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub in_reply_to_screen_name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub user: TwUser<'a>,
    #[serde(borrow)]
    pub geo: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub coordinates: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub place: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub contributors: Option<Cow<'a, str>>,
    pub retweet_count: i64,
    pub favorite_count: i64,
    #[serde(borrow)]
    pub entities: TwEntities<'a>,
    pub favorited: bool,
    pub retweeted: bool,
    pub possibly_sensitive: Option<bool>,
    #[serde(borrow)]
    pub lang: Cow<'a, str>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TwStatus<'a> {
    #[serde(borrow)]
    pub metadata: TwMeta<'a>,
    #[serde(borrow)]
    pub created_at: Cow<'a, str>,
    pub id: i64,
    #[serde(borrow)]
    pub id_str: Cow<'a, str>,
    #[serde(borrow)]
    pub text: Cow<'a, str>,
    #[serde(borrow)]
    pub source: Cow<'a, str>,
    pub truncated: bool,
    pub in_reply_to_status_id: Option<i64>,
    #[serde(borrow)]
    pub in_reply_to_status_id_str: Option<Cow<'a, str>>,
    pub in_reply_to_user_id: Option<i64>,
    #[serde(borrow)]
    pub in_reply_to_user_id_str: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub in_reply_to_screen_name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub user: TwUser<'a>,
    #[serde(borrow)]
    pub geo: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub coordinates: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub place: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub contributors: Option<Cow<'a, str>>,
    pub retweet_count: i64,
    pub favorite_count: i64,
    #[serde(borrow)]
    pub entities: TwEntities<'a>,
    pub favorited: bool,
    pub retweeted: bool,
    #[serde(borrow)]
    pub lang: Cow<'a, str>,
    #[serde(borrow)]
    pub retweeted_status: Option<TwRetweet<'a>>,
    pub possibly_sensitive: Option<bool>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TwSearchMeta<'a> {
    pub completed_in: f64,
    pub max_id: i64,
    #[serde(borrow)]
    pub max_id_str: Cow<'a, str>,
    #[serde(borrow)]
    pub next_results: Cow<'a, str>,
    #[serde(borrow)]
    pub query: Cow<'a, str>,
    #[serde(borrow)]
    pub refresh_url: Cow<'a, str>,
    pub count: i64,
    pub since_id: i64,
    #[serde(borrow)]
    pub since_id_str: Cow<'a, str>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TwDoc<'a> {
    #[serde(borrow)]
    pub statuses: Vec<TwStatus<'a>>,
    #[serde(borrow)]
    pub search_metadata: TwSearchMeta<'a>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaProps<'a> {
    #[serde(borrow)]
    pub name: Cow<'a, str>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaGeom<'a> {
    #[serde(borrow)]
    pub r#type: Cow<'a, str>,
    pub coordinates: Vec<Vec<[f64; 2]>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaFeature<'a> {
    #[serde(borrow)]
    pub r#type: Cow<'a, str>,
    #[serde(borrow)]
    pub properties: CaProps<'a>,
    #[serde(borrow)]
    pub geometry: CaGeom<'a>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaDoc<'a> {
    #[serde(borrow)]
    pub r#type: Cow<'a, str>,
    #[serde(borrow)]
    pub features: Vec<CaFeature<'a>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CiEvent<'a> {
    #[serde(borrow)]
    pub description: Option<Cow<'a, str>>,
    pub id: i64,
    #[serde(borrow)]
    pub logo: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub name: Cow<'a, str>,
    pub subTopicIds: Vec<i64>,
    #[serde(borrow)]
    pub subjectCode: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub subtitle: Option<Cow<'a, str>>,
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
pub struct CiPerformance<'a> {
    pub eventId: i64,
    pub id: i64,
    #[serde(borrow)]
    pub logo: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub name: Option<Cow<'a, str>>,
    pub prices: Vec<CiPrice>,
    pub seatCategories: Vec<CiSeatCategory>,
    #[serde(borrow)]
    pub seatMapImage: Option<Cow<'a, str>>,
    pub start: i64,
    #[serde(borrow)]
    pub venueCode: Cow<'a, str>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CiDoc<'a> {
    #[serde(borrow)]
    pub areaNames: BTreeMap<Cow<'a, str>, Cow<'a, str>>,
    #[serde(borrow)]
    pub audienceSubCategoryNames: BTreeMap<Cow<'a, str>, Cow<'a, str>>,
    #[serde(borrow)]
    pub blockNames: BTreeMap<Cow<'a, str>, Cow<'a, str>>,
    #[serde(borrow)]
    pub events: BTreeMap<Cow<'a, str>, CiEvent<'a>>,
    #[serde(borrow)]
    pub performances: Vec<CiPerformance<'a>>,
    #[serde(borrow)]
    pub seatCategoryNames: BTreeMap<Cow<'a, str>, Cow<'a, str>>,
    #[serde(borrow)]
    pub subTopicNames: BTreeMap<Cow<'a, str>, Cow<'a, str>>,
    #[serde(borrow)]
    pub subjectNames: BTreeMap<Cow<'a, str>, Cow<'a, str>>,
    #[serde(borrow)]
    pub topicNames: BTreeMap<Cow<'a, str>, Cow<'a, str>>,
    #[serde(borrow)]
    pub topicSubTopics: BTreeMap<Cow<'a, str>, Vec<i64>>,
    #[serde(borrow)]
    pub venueNames: BTreeMap<Cow<'a, str>, Cow<'a, str>>,
}
