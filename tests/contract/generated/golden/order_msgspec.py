"""Generated from the contract of C++ structs by structwire; do not edit."""

from __future__ import annotations

import datetime as dt
import enum
from decimal import Decimal
from msgspec import Meta, Struct, UNSET, UnsetType, field
from typing import Annotated, Any

UInt16 = Annotated[int, Meta(ge=0, le=65535)]


class Currency(enum.Enum):
    """ISO 4217, as far as we trade."""

    EUR = "EUR"
    USD = "USD"
    other = "other"

    @classmethod
    def _missing_(cls, value: Any) -> Currency | None:
        return cls.other


class Priority(enum.Enum):
    low = 1
    normal = 5
    high = 9


class Address(Struct, forbid_unknown_fields=True):
    """Where a parcel goes."""

    street: str
    postcode: Annotated[str, Meta(pattern="^[0-9]{5}$")]
    note: str | None = None


class Line(Struct):
    article: str
    count: UInt16 = 1
    # Not checked here: ge 0, le 99999.99.
    price: Decimal = Decimal("0")


class Card(Struct, tag="card", tag_field="method"):
    holder: str
    digest: Annotated[bytes, Meta(min_length=4)]


class Transfer(Struct, tag="transfer", tag_field="method"):
    account: str
    due: dt.date | None = None


class Order(Struct, rename="camel", kw_only=True):
    """What a customer buys.
    One of these for each basket."""

    id: Annotated[int, Meta(ge=1, description="Given by the shop.")]
    currency: Currency = Currency.EUR
    # C++ also reads it as: prio.
    priority: Priority = Priority.normal
    ship_to: Address
    lines: Annotated[list[Line], Meta(min_length=1, max_length=100)]
    payment: Card | Transfer
    placed: Annotated[dt.datetime, Meta(tz=True)]
    coupon: str | UnsetType = UNSET
    labels: dict[str, str] = field(default_factory=dict)


Root = Card | Transfer
