"""Amounts as people type and read them: a table of examples, and laws for every currency and locale."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rewards.amounts import (
    MOST_UNITS,
    Amount,
    AmountUnclear,
    DaysDoNotSplit,
    Kind,
    UnknownCurrency,
    currency_codes,
    exponent,
    in_words,
    split,
    typed,
)

# English twice (Indian groups of two), commas, points, thin spaces, apostrophes, Arabic and Hebrew
# with marks of direction, symbols that several currencies share.
LOCALES = (
    "en", "en_GB", "en_IN", "en_CA", "de", "de_AT", "de_CH", "fr", "fr_CH", "es", "es_AR", "es_MX",
    "pt", "pt_PT", "it", "nl", "sv", "da", "nb", "fi", "pl", "cs", "hu", "bg", "tr", "el", "ro", "lv",
    "ru", "uk", "ar", "fa", "he", "hi", "mr", "ja", "zh", "ko", "th", "id", "vi",
)  # fmt: skip

amounts = st.builds(
    Amount,
    units=st.integers(1, MOST_UNITS) | st.integers(1, 5000).map(lambda whole: whole * 1000),
    currency=st.sampled_from(sorted(currency_codes())) | st.none(),
)


@pytest.mark.parametrize(
    ("currency", "decimals"),
    [("EUR", 2), ("USD", 2), ("JPY", 0), ("KRW", 0), ("KWD", 3), ("BHD", 3), ("TND", 3),
     # In shops without decimals (CLDR), in ISO 4217 and thus on pay slips with two.
     ("RSD", 2), ("HUF", 2), ("MGA", 2)],
)  # fmt: skip
def test_minor_units_are_those_of_iso_4217(currency: str, decimals: int) -> None:
    assert exponent(currency) == decimals


@pytest.mark.parametrize("code", ["DEM", "XAU", "XXX", "XTS", "eur", "", "EURO", "BGN"])
def test_what_cannot_be_paid_out_is_no_currency(code: str) -> None:
    with pytest.raises(UnknownCurrency, match="is not a currency"):
        exponent(code)


@pytest.mark.parametrize(
    ("units", "currency", "locale", "words"),
    [
        (20_000, "EUR", "en", "€200"),
        (20_050, "EUR", "en", "€200.50"),
        (123_450, "EUR", "de", "1.234,50 €"),
        (123_400, "EUR", "de", "1.234 €"),
        (30_000, "JPY", "en", "¥30,000"),
        (1_500, "KWD", "en", "KWD 1.500"),
        (1_001, "KWD", "en", "KWD 1.001"),
        (100_000, "USD", "en", "$1,000"),
        (100_000, "CAD", "en", "CA$1,000"),
        (12_345_600, "INR", "en_IN", "₹1,23,456"),
        (-5_000, "EUR", "en", "-€50"),
        (0, "EUR", "en", "€0"),
        (1, None, "en", "half a vacation day"),
        (2, None, "en", "1 vacation day"),
        (3, None, "en", "1½ vacation days"),
        (4, None, "en", "2 vacation days"),
        (2469, None, "de", "1.234½ vacation days"),
        (0, None, "en", "0 vacation days"),
        (-3, None, "en", "−1½ vacation days"),
    ],
)
def test_amounts_read_as_people_write_them(
    units: int, currency: str | None, locale: str, words: str
) -> None:
    said = in_words(Amount(units=units, currency=currency), locale)
    assert said.replace("\u00a0", " ") == words


@settings(max_examples=400)
@given(amount=amounts, locale=st.sampled_from(LOCALES))
def test_what_is_written_can_be_typed_back(amount: Amount, locale: str) -> None:
    assert typed(in_words(amount, locale), locale=locale) == amount


@pytest.mark.parametrize("locale", LOCALES)
def test_every_currency_can_be_typed_back_in_every_locale(locale: str) -> None:
    for currency in currency_codes():
        for units in (1, 1_234_567, 10 ** exponent(currency)):
            amount = Amount(units=units, currency=currency)
            assert typed(in_words(amount, locale), locale=locale) == amount


@pytest.mark.parametrize(
    ("text", "units", "currency"),
    [
        ("€200", 20_000, "EUR"),
        ("€ 200", 20_000, "EUR"),
        ("200€", 20_000, "EUR"),
        ("200 €", 20_000, "EUR"),
        ("EUR 200", 20_000, "EUR"),
        ("200eur", 20_000, "EUR"),
        ("EUR 200 €", 20_000, "EUR"),
        ("200 euros", 20_000, "EUR"),
        ("€\u00a01\u202f000", 100_000, "EUR"),
        ("1 000 000 EUR", 100_000_000, "EUR"),
        ("CHF 1'000", 100_000, "CHF"),
        ("€1,234.50", 123_450, "EUR"),
        ("€1234.5", 123_450, "EUR"),
        ("  .5 € ", 50, "EUR"),
        ("$99.99", 9_999, "USD"),
        ("£5", 500, "GBP"),
        ("¥200", 200, "JPY"),
        ("KWD 1,500", 1_500_000, "KWD"),
        ("KWD 1.500", 1_500, "KWD"),
        ("٢٠٠ €", 20_000, "EUR"),
        ("€２００", 20_000, "EUR"),
        ("١٬٢٣٤٫٥٠ €", 123_450, "EUR"),
        ("\u200f200\u200e €", 20_000, "EUR"),
        ("2 vacation days", 4, None),
        ("2 days", 4, None),
        ("1.5 days off", 3, None),
        ("1.50 Days", 3, None),
        ("1½ days", 3, None),
        ("1 ½ days", 3, None),
        ("1 1/2 days", 3, None),
        ("2 and a half days", 5, None),
        ("half a day", 1, None),
        ("half a vacation day", 1, None),
        ("a half day", 1, None),
        ("½ day", 1, None),
        ("0.5 d", 1, None),
        ("a day", 2, None),
        ("one vacation day", 2, None),
    ],
)
def test_what_people_type_is_understood(text: str, units: int, currency: str | None) -> None:
    assert typed(text) == Amount(units=units, currency=currency)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Write an amount, such as “€200” or “2 vacation days”."),
        ("   ", "Write an amount"),
        ("200", "“200” says no currency. Write it like “€200”."),
        ("€", "“€” is not an amount. Write it like “€200”."),
        ("NaN EUR", "“NaN EUR” is not an amount"),
        ("inf days", "“inf” is not a number of days"),
        ("€1e3", "“€1e3” is not an amount"),
        ("€0x10", "“€0x10” is not an amount"),
        ("€1,2,3", "“€1,2,3” is not an amount"),
        ("€²", "“€²” is not an amount"),
        ("-5 €", "“-5 €” is negative"),
        ("€−5", "is negative"),
        ("(200 €)", "is negative"),
        ("-2 days", "is negative"),
        ("€0", "€0 is too little: write €0.01 or more."),
        ("0 days", "0 vacation days is too little: write half a vacation day or more."),
        ("1000000000000000000 €", "€1,000,000,000,000,000,000 is too much: €10,000,000,000,000 is"),
        ("1" * 19 + " days", "is too much"),
        ("9" * 500, "too long to be an amount"),
        ("200 XYZ", "“XYZ” is not a currency here"),
        ("200 kr", "“kr” is not a currency here"),
        ("200 DEM", "“DEM” is not a currency here"),
        ("€200 $", "“€200 $” says two currencies"),
        ("€200.505", "If you mean €200,505, write that."),
        ("€200.5055", "“€200.5055” has too many decimals: the smallest step is €0.01."),
        ("¥200.5", "has too many decimals: the smallest step is ¥1."),
        # Another country's habit is not guessed at.
        ("1.234,50 €", "is not how an amount is written here. If you mean €1,234.50, write that."),
        ("1234,50 EUR", "If you mean €1,234.50, write that."),
        ("€1.500", "If you mean €1,500, write that."),
        ("€1.234.567", "If you mean €1,234,567, write that."),
        ("KWD 1.234.567", "If you mean KWD 1,234,567, write that."),
        ("1,5 days", "did you mean “1½ vacation days”?"),
        # Half days, nothing smaller.
        ("half of a half day", "is too fine: vacation days come in whole and half days"),
        ("half a half day", "is too fine"),
        ("a quarter day", "is too fine"),
        ("0.25 days", "is too fine"),
        ("¼ day", "is too fine"),
        ("1.5½ days", "is too fine"),
        ("1/3 day", "is too fine"),
        ("many days", "“many” is not a number of days"),
        ("days", "Write “2 vacation days” or “1.5 days”."),
    ],
)
def test_what_is_unclear_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(AmountUnclear) as refused:
        typed(text, field="prize_1_what")
    assert sentence in str(refused.value).replace("\u00a0", " ")
    assert refused.value.field == "prize_1_what"


@pytest.mark.parametrize(
    ("text", "locale", "units"),
    [
        ("1.234,50 €", "de", 123_450),
        ("1234,5 EUR", "de", 123_450),
        ("1.500 €", "de", 150_000),
        ("1 234,50 €", "fr", 123_450),
        ("1’234.50 EUR", "de_CH", 123_450),
        ("€1,23,456.50", "en_IN", 12_345_650),
    ],
)
def test_the_locale_says_what_a_comma_is(text: str, locale: str, units: int) -> None:
    assert typed(text, locale=locale) == Amount(units=units, currency="EUR")


@pytest.mark.parametrize(
    ("text", "locale", "sentence"),
    [
        ("1,234.50 €", "de", "If you mean 1.234,50 €, write that."),
        ("1.50 €", "de", "If you mean 1,50 €, write that."),
        ("1,500 €", "de", "If you mean 1.500 €, write that."),
        ("KWD 1'234.567", "fr", "write"),
        ("1.5 days", "de", "did you mean “1½ vacation days”?"),
    ],
)
def test_and_a_foreign_one_is_refused_with_what_it_may_mean(
    text: str, locale: str, sentence: str
) -> None:
    with pytest.raises(AmountUnclear) as refused:
        typed(text, locale=locale)
    assert sentence in str(refused.value).replace("\u00a0", " ")


def test_what_can_be_used_here_is_said() -> None:
    assert typed("200", currencies={"EUR"}) == Amount(units=20_000, currency="EUR")
    assert typed("1.5", kind=Kind.DAYS) == Amount(units=3)
    assert typed("0 €", least=0) == Amount(units=0, currency="EUR")
    assert typed("2 days", currencies={"EUR"}) == Amount(units=4)
    for text, allowed, sentence in (
        ("$200", {"currencies": {"GBP", "EUR"}}, r"US Dollar \(USD\) .* here: EUR, GBP\."),
        ("200", {"currencies": {"GBP", "EUR"}}, "says no currency"),
        ("€200", {"kind": Kind.DAYS}, "is not a number of days"),
        ("2 days", {"kind": Kind.CASH}, "Write an amount of money, such as “€200”"),
        ("", {"kind": Kind.DAYS}, "such as “2 vacation days”"),
        ("", {"currencies": {"JPY"}, "kind": Kind.CASH}, "such as “¥200”"),
    ):
        with pytest.raises(AmountUnclear, match=sentence):
            typed(text, **allowed)  # type: ignore[arg-type]


@settings(max_examples=300)
@given(text=st.text(max_size=30) | st.from_regex(r"[€$ ]?[0-9.,' ½-]{1,12} ?(€|EUR|days?)?"))
def test_whatever_is_typed_is_an_amount_or_refused(text: str) -> None:
    amount = None
    with suppress(AmountUnclear):
        amount = typed(text)
    if amount is not None:
        assert 1 <= amount.units <= MOST_UNITS
        assert typed(in_words(amount)) == amount


@given(amount=amounts, parts=st.integers(1, 50))
def test_shares_sum_exactly_and_differ_by_a_cent_at_most(amount: Amount, parts: int) -> None:
    if amount.kind is Kind.DAYS:
        with pytest.raises(DaysDoNotSplit, match="never divided"):
            split(amount, parts)
        return
    shares = [share.units for share in split(amount, parts)]
    assert len(shares) == parts
    assert sum(shares) == amount.units
    assert shares == sorted(shares, reverse=True)
    assert shares[0] - shares[-1] <= 1


def test_the_remainder_goes_to_the_first() -> None:
    shares = split(Amount(units=10_000, currency="EUR"), 3)
    assert [share.units for share in shares] == [3_334, 3_333, 3_333]
    assert [share.units for share in split(Amount(units=2, currency="JPY"), 3)] == [1, 1, 0]
    with pytest.raises(ValueError, match="0 parts"):
        split(Amount(units=1, currency="EUR"), 0)
