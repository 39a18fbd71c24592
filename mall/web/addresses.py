"""The address form, for the account and for checkout: friendly to Chinese addresses, strict about little."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import phonenumbers
from babel import Locale
from flask import Flask, current_app
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from mall.domain.members import rules
from mall.web.forms import Form, at_most, required

#: Where a mall that counts in this currency usually sends things.
_HOME = {"CNY": "CN", "TWD": "TW", "HKD": "HK", "MOP": "MO", "SGD": "SG", "MYR": "MY", "USD": "US", "GBP": "GB",
         "JPY": "JP", "KRW": "KR", "EUR": "DE", "AUD": "AU", "CAD": "CA"}  # fmt: skip
_FIRST = ("CN", "TW", "HK", "MO", "SG", "MY")


def home_country() -> str:
    """The country that is proposed, and that phone numbers without a country code belong to."""
    return _HOME.get(current_app.config["SETTINGS"].currency, "CN")


@lru_cache(maxsize=8)
def _countries(locale: str) -> tuple[tuple[str, str], ...]:
    territories = Locale.parse(locale).territories
    names = {str(code): str(name) for code, name in territories.items() if _is_country(str(code))}
    rest = sorted((code for code in names if code not in _FIRST), key=names.__getitem__)
    return tuple((code, names[code]) for code in (*_FIRST, *rest))


def _is_country(code: str) -> bool:
    """CLDR's territories also hold continents, the euro zone and codes for the unknown."""
    return len(code) == 2 and code.isalpha() and code not in {"EU", "EZ", "UN", "ZZ", "XA", "XB", "QO"}


def countries() -> list[tuple[str, str]]:
    """Code and name of every country in the reader's language, the likely ones first."""
    return list(_countries(str(get_locale() or "en")))


def country_name(code: str) -> str:
    """The country in the reader's language; an unknown code stays as it is."""
    return dict(_countries(str(get_locale() or "en"))).get(code, code)


def e164(text: str, country: str) -> str | None:
    """A phone number as the world dials it (+8613800138000); None if no such number can exist."""
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def spoken_phone(number: str | None) -> str:
    """A stored number as people write it: "+86 138 0013 8000"."""
    if not number:
        return ""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


#: Countries whose addresses go from the large to the small, when they are written in the country's own script.
_LARGE_FIRST = frozenset({"CN", "TW", "HK", "MO", "JP", "KR"})
#: Where every address names its province (or what stands there for one).
_NEEDS_REGION = frozenset({"CN"})
_EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def address_lines(address: Mapping[str, str]) -> list[str]:
    """An address as it stands on a parcel: in its country's order, and in that of the Latin script where it is
    written in Latin letters (as the Universal Postal Union asks). Orders from before there was a district have none.
    """
    a = {name: address.get(name) or "" for name in _PLACE}
    country, region = country_name(address["country"]), "" if a["region"] == a["city"] else a["region"]
    if address["country"] in _LARGE_FIRST and _EAST_ASIAN.search("".join(a.values())):
        place = "".join(part for part in (region, a["city"], a["district"]))
        street = " ".join(part for part in (a["line1"], a["line2"]) if part)
        return [line for line in (f"{country} {a['postcode']}".strip(), place, street) if line]
    towns = ", ".join(part for part in (a["district"], a["city"]) if part)
    place = f"{a['postcode']} {towns}".strip()
    place = ", ".join(part for part in (place, region) if part)
    return [line for line in (a["line1"], a["line2"], place, country) if line]


_PLACE = ("region", "city", "district", "line1", "line2", "postcode")


def address_line(address: Mapping[str, str]) -> str:
    """The same in one line."""
    lines = address_lines(address)
    return (" " if _EAST_ASIAN.search(lines[-1]) and address["country"] in _LARGE_FIRST else ", ").join(lines)


class AddressForm(Form):
    """Where to send things. In China: province, city, district, street; elsewhere from the street to the country."""

    recipient = StringField(_l("Recipient"), [required(), at_most(80)])
    phone = StringField(_l("Phone"), [required(), at_most(40)])
    country = SelectField(_l("Country or region"), [required()])
    region = StringField(_l("Province or state"), [at_most(80)])
    city = StringField(_l("City"), [required(), at_most(80)])
    district = StringField(_l("District or county"), [at_most(80)])
    line1 = StringField(_l("Street and number"), [required(), at_most(160)])
    line2 = StringField(_l("Building, floor, room"), [at_most(160)])
    postcode = StringField(_l("Postcode"), [at_most(16)])
    is_default = BooleanField(_l("Use this address first"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.country.choices = [SelectChoice(code, name) for code, name in countries()]
        if not self.country.data:
            self.country.data = home_country()

    def validate_phone(self, field: Field) -> None:
        """A number that the carrier can call; kept with its country code."""
        number = e164(field.data, self.country.data or home_country())
        if number is None:
            raise ValidationError(
                _("We cannot call this number. With another country's number, start with + and its code.")
            )
        field.data = number

    def validate_region(self, field: Field) -> None:
        """Some countries have streets of one name in every province."""
        if self.country.data in _NEEDS_REGION and not field.data:
            raise ValidationError(_("Please name the province."))

    def in_order(self) -> list[tuple[Field, str]]:
        """The fields of the place with what browsers call them, as the country chosen writes an address, or as the
        reader is used to."""
        large_first = self.country.data in _LARGE_FIRST or str(get_locale() or "en").startswith("zh")
        return [(self[name], _AUTOCOMPLETE[name]) for name in (_FROM_LARGE if large_first else _FROM_SMALL)]

    def odd_postcode(self) -> str | None:
        """A sentence to look at the postcode again, if it is unusual there: a hint, not a refusal."""
        country, postcode = self.country.data, self.postcode.data or ""
        if rules.postcode_fits(country, postcode):
            return None
        return str(
            _(
                "Saved. Is the postcode right? “%(postcode)s” is unusual in %(country)s.",
                postcode=postcode or "—",
                country=country_name(country),
            )
        )

    def fields(self) -> dict[str, Any]:
        """The arguments of `members.addresses.save_address`."""
        names = (
            "recipient",
            "phone",
            "country",
            "region",
            "city",
            "district",
            "line1",
            "line2",
            "postcode",
            "is_default",
        )
        return {name: getattr(self, name).data or ("" if name != "is_default" else False) for name in names}


_FROM_LARGE = ("country", "region", "city", "district", "line1", "line2", "postcode")
_FROM_SMALL = ("country", "line1", "line2", "city", "district", "region", "postcode")
_AUTOCOMPLETE = {
    "country": "country",
    "region": "address-level1",
    "city": "address-level2",
    "district": "address-level3",
    "line1": "address-line1",
    "line2": "address-line2",
    "postcode": "postal-code",
}


def init_app(app: Flask) -> None:
    """Make addresses and phone numbers known to the templates."""
    app.jinja_env.filters.update(
        address_line=address_line, address_lines=address_lines, spoken_phone=spoken_phone
    )
