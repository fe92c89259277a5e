"""Words, numbers and dates in the visitor's language; every text of the page stands in `locale/*.yaml`."""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent

LANGUAGES = {"en": "en_GB", "de": "de_DE"}
"""Languages of the page and the region whose numbers and dates they take."""
NOTHING = "–"
"""What stands where there is no number."""


@lru_cache(maxsize=4)
def texts(language: str) -> dict[str, str]:
    """Return all texts of a language by dotted key."""
    from ruamel.yaml import YAML

    found: dict[str, str] = {}
    for file in sorted((Path(__file__).parent / "locale").glob(f"{language}*.yaml")):
        found |= _flat(YAML(typ="safe").load(file.read_text("utf-8")), "")
    return found


def _flat(tree: dict[str, Any], before: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in tree.items():
        name = f"{before}{key}"
        found += _flat(value, f"{name}.") if isinstance(value, dict) else [(name, str(value))]
    return found


def language_of(accepted: str) -> str:
    """Return the page's language for a browser's `Accept-Language`; English where none fits.

    >>> language_of("de-AT,de;q=0.9,en;q=0.8"), language_of("fr,en;q=0.5"), language_of("")
    ('de', 'en', 'en')
    """
    ranked = []
    for place, part in enumerate(accepted.split(",")[:20]):
        tag, _, weight = part.partition(";q=")
        try:
            share = float(weight) if weight else 1.0
        except ValueError:
            share = 0.0
        ranked.append((-share, place, tag.strip()[:2].lower()))
    return next((tag for _, _, tag in sorted(ranked) if tag in LANGUAGES), "en")


class Words:
    """The texts of one language, and how it writes numbers.

    Examples
    --------
    >>> Words("de").number(1234.56, 1), Words("en").percent(0.5), Words("de").month(1990.5)
    ('1.234,6', '50%', 'Juli 1990')
    """

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else "en"
        self.locale = LANGUAGES[self.language]
        self._texts = texts(self.language)

    def __call__(self, key: str, **values: Any) -> str:
        """Return a text with its values filled in; a missing key is an error."""
        text = self._texts[key]
        return text.format(**values) if values else text

    def __contains__(self, key: str) -> bool:
        return key in self._texts

    def name(self, key: str, usual: str) -> str:
        """Return the name of what the model declares, by default the English one where it is declared."""
        return self._texts.get(key, usual)

    def below(self, prefix: str) -> dict[str, str]:
        """Return the texts whose keys begin with a prefix, by the rest of the key."""
        start = f"{prefix}."
        return {key[len(start) :]: text for key, text in self._texts.items() if key.startswith(start)}

    def number(self, value: float | None, digits: int = 0) -> str:
        """Return a number with a fixed number of decimals."""
        if value is None or not math.isfinite(value):
            return NOTHING
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        said = str(format_decimal(round(value, digits) + 0.0, pattern, locale=self.locale))
        return said.replace("-", "−", 1)

    def percent(self, share: float | None, digits: int = 0) -> str:
        """Return a share as a percentage."""
        if share is None or not math.isfinite(share):
            return NOTHING
        pattern = {"en": "#,##0", "de": "#,##0"}[self.language] + ("." + "0" * digits if digits else "")
        sign = "%" if self.language == "en" else "\u202f%"
        said = str(format_percent(round(share, digits + 2) + 0.0, pattern + sign, locale=self.locale))
        return said.replace("-", "−", 1)

    def euros(self, value: float | None, digits: int = 2) -> str:
        r"""Return an amount of money.

        >>> Words("en").euros(-1234.5), Words("de").euros(13.106)
        ('−€1,234.50', '13,11\u202f€')
        """
        said = self.number(value, digits)
        if self.language == "de":
            return f"{said}\u202f€"
        return f"−€{said[1:]}" if said.startswith("−") else f"€{said}"

    def month(self, year: float) -> str:
        """Return a year with fraction as month and year."""
        from datetime import date

        whole = math.floor(year + 1e-6)
        number = min(12, max(1, 1 + round((year - whole) * 12)))
        return str(format_date(date(whole, number, 1), "LLLL y", locale=self.locale))

    def moment(self, written: str) -> str:
        """Return a time as it stands in files, as people of this language write it; nothing for none.

        >>> Words("de").moment("2026-11-30T18:46:12"), Words("en").moment("soon")
        ('30. November 2026, 18:46', '–')
        """
        from datetime import datetime

        try:
            found = datetime.fromisoformat(written)
        except ValueError:
            return NOTHING
        return str(
            format_datetime(
                found, f"{'d.' if self.language == 'de' else 'd'} MMMM y, HH:mm", locale=self.locale
            )
        )

    def sentence(self, parts: list[str]) -> str:
        """Return parts joined as in "a, b and c"."""
        from babel.lists import format_list

        return str(format_list(parts, locale=self.locale)) if parts else ""
