"""Roughly where countries lie and how their postcodes look: enough to notice that two columns are swapped."""

from __future__ import annotations

import re

BOUNDS: dict[str, tuple[int, int, int, int]] = {
    "AR": (-56, -21, -74, -53), "AT": (46, 50, 9, 18), "AU": (-55, -9, 96, 168), "BE": (49, 52, 2, 7),
    "BR": (-34, 6, -74, -28), "CA": (41, 84, -142, -52), "CH": (45, 48, 5, 11), "CL": (-56, -17, -110, -66),
    "CO": (-5, 14, -82, -66), "DE": (47, 56, 5, 16), "DK": (54, 58, 8, 16), "EG": (21, 32, 24, 37),
    "ES": (27, 44, -19, 5), "FI": (59, 71, 19, 32), "FR": (41, 52, -6, 10), "GB": (49, 61, -9, 2),
    "GR": (34, 42, 19, 30), "IE": (51, 56, -11, -5), "IN": (6, 36, 68, 98), "IT": (35, 48, 6, 19),
    "JO": (29, 34, 34, 40), "KE": (-5, 6, 33, 42), "LB": (33, 35, 35, 37), "MA": (20, 36, -18, 0),
    "MX": (14, 33, -119, -86), "NG": (4, 14, 2, 15), "NL": (50, 54, 3, 8), "NO": (57, 81, 4, 34),
    "NZ": (-53, -29, -180, 180), "PE": (-19, 1, -82, -68), "PL": (48, 55, 14, 25), "PT": (29, 43, -32, -6),
    "RO": (43, 49, 20, 30), "SE": (55, 70, 10, 25), "TN": (30, 38, 7, 12), "TR": (35, 43, 25, 45),
    "UA": (44, 53, 22, 41), "US": (17, 72, -180, -64), "UY": (-36, -30, -59, -53), "ZA": (-47, -22, 16, 38),
}  # fmt: skip
"""South, north, west and east in whole degrees, islands far out included where they have no code of their own."""

POSTCODES: dict[str, str] = {
    "AR": r"[A-Z]?\d{4}(?:[A-Z]{3})?", "AT": r"\d{4}", "AU": r"\d{4}", "BE": r"\d{4}", "BR": r"\d{5}-?\d{3}",
    "CA": r"[A-Z]\d[A-Z] ?\d[A-Z]\d", "CH": r"\d{4}", "DE": r"\d{5}", "DK": r"\d{4}", "ES": r"\d{5}", "FI": r"\d{5}",
    "FR": r"\d{5}", "GB": r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}", "GR": r"\d{3} ?\d{2}", "IE": r"[A-Z]\d[\dW] ?[A-Z\d]{4}",
    "IN": r"\d{3} ?\d{3}", "IT": r"\d{5}", "MX": r"\d{5}", "NL": r"\d{4} ?[A-Z]{2}", "NO": r"\d{4}", "NZ": r"\d{4}",
    "PL": r"\d{2}-\d{3}", "PT": r"\d{4}-\d{3}", "SE": r"\d{3} ?\d{2}", "TR": r"\d{5}", "UA": r"\d{5}",
    "US": r"\d{5}(?:-\d{4})?", "ZA": r"\d{4}",
}  # fmt: skip


def outside(country: str, latitude: float, longitude: float) -> bool:
    """Whether a point cannot lie in a country; False for a country that we have no bounds of."""
    if country not in BOUNDS:
        return False
    south, north, west, east = BOUNDS[country]
    return not (south <= latitude <= north and west <= longitude <= east)


def is_postcode(country: str, text: str) -> bool:
    """Whether a text looks like a postcode of a country; True for a country whose form we do not know."""
    form = POSTCODES.get(country)
    return form is None or bool(re.fullmatch(form, text.upper()))
