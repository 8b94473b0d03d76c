// Generated from the contract of C++ structs by structwire; do not edit.
// These are the types of its JSON.

/** Bytes in base64. */
export type Base64Text = string;

/** A date: 2024-02-29. */
export type DateText = string;

/** A date and time as RFC 3339 has it, up to microseconds. */
export type DateTimeText = string;

/** A decimal number of any length: "1.50". */
export type DecimalText = string;

/** -2^63 to 2^63 - 1. JSON.parse rounds what is beyond 2^53; a parser that gives bigint does not. */
export type Int64 = number;

/** ISO 4217, as far as we trade. */
export const Currency = {
  EUR: "EUR",
  USD: "USD",
  other: "other",
} as const;
export type Currency = (typeof Currency)[keyof typeof Currency] | (string & {});

export const Priority = {
  low: 1,
  normal: 5,
  high: 9,
} as const;
export type Priority = (typeof Priority)[keyof typeof Priority];

/**
 * Where a parcel goes.
 * Other fields are refused.
 */
export interface Address {
  street: string;
  /** Rules: pattern ^[0-9]{5}$. */
  postcode: string;
  note?: string | null;
}

export interface Line {
  article: string;
  /**
   * Rules: unsigned 16 bits.
   * @default 1
   */
  count?: number;
  /**
   * Rules: ge 0, le 99999.99.
   * @default "0"
   */
  price?: DecimalText;
}

export interface Card {
  method: "card";
  holder: string;
  /** Rules: min_length 4. */
  digest: Base64Text;
}

export interface Transfer {
  method: "transfer";
  account: string;
  due?: DateText | null;
}

/**
 * What a customer buys.
 * One of these for each basket.
 */
export interface Order {
  /**
   * Given by the shop.
   * Rules: ge 1.
   */
  id: Int64;
  /** @default "EUR" */
  currency?: Currency;
  /**
   * Also read as: prio.
   * @default 5
   */
  priority?: Priority;
  shipTo: Address;
  /** Rules: min_length 1, max_length 100. */
  lines: Line[];
  payment: Card | Transfer;
  /** Rules: with a time zone. */
  placed: DateTimeText;
  coupon?: string;
  labels?: { [key: string]: string };
}

export type Root = Card | Transfer;
