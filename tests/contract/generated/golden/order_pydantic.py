"""Generated from the contract of C++ structs by structwire; do not edit."""

from __future__ import annotations

import base64
import datetime as dt
import enum
from decimal import Decimal
from pydantic import (
    AliasChoices,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
)
from typing import Annotated, Any, Literal

UInt16 = Annotated[int, Field(ge=0, le=65535)]

try:
    from pydantic import MISSING
except ImportError:  # before pydantic 2.14
    from pydantic.experimental.missing_sentinel import MISSING


def _from_base64(value: Any) -> Any:
    return base64.b64decode(value, validate=True) if isinstance(value, str) else value


def _to_base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


Base64 = Annotated[bytes, BeforeValidator(_from_base64), PlainSerializer(_to_base64, when_used="json")]


class Contract(BaseModel):
    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True, regex_engine="python-re")


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


class Address(Contract):
    """Where a parcel goes."""
    model_config = ConfigDict(extra="forbid")

    street: str
    postcode: Annotated[str, Field(pattern="^[0-9]{5}$")]
    note: str | None = None


class Line(Contract):
    article: str
    count: UInt16 = 1
    price: Annotated[Annotated[Decimal, Field(allow_inf_nan=True)], Field(ge=Decimal("0"), le=Decimal("99999.99"))] = Decimal("0")


class Card(Contract):
    method: Literal["card"] = "card"
    holder: str
    digest: Annotated[Base64, Field(min_length=4)]


class Transfer(Contract):
    method: Literal["transfer"] = "transfer"
    account: str
    due: dt.date | None = None


class Order(Contract):
    """What a customer buys.
    One of these for each basket."""

    id: Annotated[int, Field(ge=1, description="Given by the shop.")]
    currency: Currency = Currency.EUR
    priority: Priority = Field(default=Priority.normal, validation_alias=AliasChoices("priority", "prio"), serialization_alias="priority")
    ship_to: Address = Field(alias="shipTo")
    lines: Annotated[list[Line], Field(min_length=1, max_length=100)]
    payment: Annotated[Card | Transfer, Field(discriminator="method")]
    placed: AwareDatetime
    coupon: str | MISSING = MISSING
    labels: dict[str, str] = Field(default_factory=dict)


Root = Annotated[Card | Transfer, Field(discriminator="method")]
