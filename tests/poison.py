"""Bad files for the directory: each is a good one with one thing wrong in it."""

from __future__ import annotations

from dataclasses import dataclass, field

GOOD = """[
 {
  "id": "ie-law-centre",
  "name": "Example Law Centre",
  "status": "active",
  "description": "Gives free legal advice.",
  "url": "https://law.example.ie/",
  "email": "office@law.example.ie",
  "organization": {
   "id": "law",
   "name": "Example Law Centres",
   "description": "Law centres."
  },
  "phones": [
   {"id": "p", "number": "01 874 5690", "type": "voice"}
  ],
  "schedules": [
   {"id": "s", "byday": "MO,TU", "opens_at": "09:30", "closes_at": "17:00", "timezone_name": "Europe/Dublin"}
  ],
  "languages": [
   {"id": "l", "code": "ga"}
  ],
  "service_areas": [
   {"id": "a", "extent": "IE", "extent_type": "place"}
  ],
  "attributes": [
   {"id": "t", "taxonomy_term": {"code": "kind:legal"}}
  ],
  "service_at_locations": [
   {
    "id": "at",
    "location": {
     "id": "place",
     "location_type": "physical",
     "latitude": 53.35,
     "longitude": -6.26,
     "addresses": [
      {
       "id": "home",
       "address_1": "1 Example Street",
       "city": "Dublin",
       "state_province": "Dublin",
       "postal_code": "D01 F5P2",
       "country": "IE",
       "address_type": "physical"
      }
     ]
    }
   }
  ],
  "provenance": {
   "source": "https://law.example.ie/contact",
   "status": "VERIFIED",
   "checked_on": "2020-11-01",
   "review_by": "2021-01-30"
  }
 },
 {
  "id": "ie-line",
  "name": "Example Line",
  "status": "active",
  "organization": {
   "id": "other",
   "name": "Example Line",
   "description": "A line."
  },
  "phones": [
   {"id": "q", "number": "1800 341 900"}
  ],
  "service_areas": [
   {"id": "b", "extent": "IE", "extent_type": "place"}
  ],
  "attributes": [
   {"id": "u", "taxonomy_term": {"code": "kind:abuse"}}
  ],
  "provenance": {
   "source": "https://line.example.ie/",
   "status": "VERIFIED",
   "checked_on": "2020-11-02",
   "review_by": "2021-01-31"
  }
 }
]
"""

GOOD_CSV = """number,office,street,town,code,north,east,telephone,work,web
1,Smith & Sons,1 High Street,Leeds,LS1 4DY,53.79,-1.54,0113 496 0000,FAM|HOU,smith.example.co.uk
2,Jones LLP,"2 High Street, First Floor",York,YO1 7HH,53.96,-1.08,01904 555 123,FAM,
3,Brown,3 High Street,Hull,HU1 1UU,53.74,-0.33,01482 300 300,HOU,
"""

MAPPING = """name = "Offices"
places = ["GB-EAW"]
prefix = "off-"
unread = []

[columns]
"service.id" = "number"
"service.name" = "office"
"address.address_1" = "street"
"address.city" = "town"
"address.postal_code" = "code"
"location.latitude" = "north"
"location.longitude" = "east"
"phone.number" = "telephone"
"term" = "work"
"service.url" = "web"

[before]
"service.url" = "https://"

[constants]
"service.status" = "active"
"address.country" = "GB"
"provenance.source" = "https://offices.example.co.uk/"
"provenance.status" = "VERIFIED"
"provenance.checked_on" = "2020-11-01"

[bounds]
south = "49.8"
north = "55.9"
west = "-6.5"
east = "1.9"

[codes]
FAM = ["kind:legal", "field:family"]
HOU = ["kind:legal", "field:housing"]
"""


@dataclass(frozen=True, slots=True)
class Bad:
    """A bad file: what it holds, the line to be named, and words of the reason; `blames` says which file is named."""

    name: str
    data: bytes = field(repr=False)
    line: int
    reason: str
    suffix: str = ".json"
    mapping: str | None = field(default=None, repr=False)
    blames: str = "file"


def changed(name: str, old: str, new: str, reason: str, *, line: int = 0) -> Bad:
    """The good file with its first `old` made `new`; wrong on the line where that begins, or on another."""
    assert old in GOOD, old
    line = line or GOOD.count("\n", 0, GOOD.index(old)) + 1
    return Bad(name, GOOD.replace(old, new, 1).encode("utf-8", "surrogatepass"), line, reason)


def row(name: str, old: str, new: str, reason: str, *, line: int = 0) -> Bad:
    """The good CSV file with its first `old` made `new`."""
    assert old in GOOD_CSV, old
    line = line or GOOD_CSV.count("\n", 0, GOOD_CSV.index(old)) + 1
    return Bad(name, GOOD_CSV.replace(old, new, 1).encode(), line, reason, ".csv", MAPPING)


def mapped(name: str, old: str, new: str, reason: str) -> Bad:
    """The good CSV file with a bad mapping."""
    assert old in MAPPING, old
    line = MAPPING.count("\n", 0, MAPPING.index(old)) + 1
    return Bad(name, GOOD_CSV.encode(), line, reason, ".csv", MAPPING.replace(old, new, 1), "mapping")


def _named(code: int) -> str:
    """Example, with a character that is not to be seen in the middle of it."""
    return f"Exam{chr(code)}ple Law Centre"


_TEXT = "Gives free legal advice."
_NAME = "Example Law Centre"

POISON = (
    # What is no text, or no JSON
    Bad("broken UTF-8", GOOD.encode().replace(b"Gives free", b"Gives \xff\xfe free"), 6, "no UTF-8"),
    Bad("latin-1", GOOD.replace(_TEXT, "Conseils gratuits à tous").encode("latin-1"), 6, "no UTF-8"),
    Bad("utf-16", GOOD.encode("utf-16"), 1, "UTF-16"),
    Bad("a zip", b"PK\x03\x04 services.json", 1, "zip"),
    Bad("zero bytes", GOOD.encode().replace(b"Gives", b"Gi\0ves"), 6, "zero byte"),
    Bad("empty", b"", 1, "empty"),
    Bad("blank", b" \n\n", 1, "empty"),
    Bad("a comma too many", GOOD.replace('"ie-law-centre",', '"ie-law-centre",,').encode(), 3, "no JSON"),
    Bad("cut off", GOOD.encode()[:400], 17, "no JSON"),
    Bad("lists without an end", b"[" * 100_000, 1, "without an end"),
    Bad("no service", b"[]", 1, "no service in it"),
    Bad("numbers", b"[\n1,\n2]", 2, "object in braces"),
    Bad("a text", b'"services"', 1, "object in braces"),
    Bad("too many services", b"[" + b"{},\n" * 200_000 + b"{}]", 200_001, "more than 200000 services"),
    # What is not to be seen, or not what it seems
    changed("text that turns round", _NAME, _named(0x202E), "turns the direction"),
    changed("text isolated", _NAME, _named(0x2066), "turns the direction"),
    changed("a letter of no width", _NAME, _named(0x200B), "cannot be seen"),
    changed("a command to a terminal", _NAME, "\\u001b[31mExample", "cannot be seen"),
    changed("half a character", _NAME, "Example \\ud800", "half a character"),
    changed("two alphabets in a word", _NAME, f"Ex{chr(0x430)}mple Law Centre", "two alphabets"),
    changed("a heap of accents", _NAME, f"E{chr(0x301) * 9}xample", "heap of accents"),
    # What is for a browser, a database, a spreadsheet or a template
    changed("a script", _TEXT, "<script>alert(1)</script>", "HTML"),
    changed("a tag", _TEXT, "Call <b>now</b>", "HTML"),
    changed("an entity", _TEXT, "Advice &amp; help", "HTML"),
    changed("a link in the text", _TEXT, "[Click](javascript:alert(1))", "a link or a script"),
    changed("a table dropped", _TEXT, "x'); DROP TABLE service;--", "command to a database"),
    changed("a union", _TEXT, "x UNION SELECT number FROM phone", "command to a database"),
    changed("always true", _TEXT, "' OR '1'='1", "command to a database"),
    changed("a formula", _NAME, "=HYPERLINK(0)", "formula"),
    changed("a template", _TEXT, "Call {services.legal}", "placeholder"),
    # What is too long, of the wrong type, or twice
    changed("a long description", _TEXT, "advice " * 101, "fit on a screen"),
    changed("a long name", _NAME, "Law " * 31, "fit on a screen"),
    changed("a name over two lines", _NAME, "Law\\nCentre", "more than one line"),
    changed("a list for a name", f'"{_NAME}"', '["Example"]', "must be a text, not a list"),
    changed("a number for a name", f'"{_NAME}"', "12", "must be a text, not a number"),
    changed("a text for a latitude", "53.35", '"53.35"', "must be a number, not a text"),
    changed("true for a latitude", "53.35", "true", "must be a number"),
    changed("no number for a latitude", "53.35", "NaN", "must lie between"),
    changed("an endless latitude", "53.35", "1e999", "must lie between"),
    changed("a latitude of a thousand digits", "53.35", "9" * 5000, "must lie between"),
    changed("a latitude beyond the pole", "53.35", "91", "must lie between"),
    changed("an object for phones", '[\n   {"id": "p", "number": "01 874 5690", "type": "voice"}\n  ]',
            '{"number": "01 874 5690"}', "must be a list"),
    changed("a text among the phones", '{"id": "p", "number": "01 874 5690", "type": "voice"}', '"01 874 5690"',
            "must be an object"),
    changed("a name twice", '"name": "Example Law Centre",\n  "status"',
            '"name": "Example Law Centre", "name": "Other",\n  "status"', "stands twice"),
    changed("an id twice", '"ie-line"', '"ie-law-centre"', "stands in this file already"),
    changed("an id that leaves the folder", "ie-law-centre", "../../etc/passwd", "no id"),
    changed("no id", '"id": "ie-law-centre",', "", "id is missing", line=2),
    changed("no name", '"name": "Example Law Centre",', "", "name is missing", line=2),
    changed("an organization that is two", '"other"', '"law"', "is that of another organization"),
    # What nobody can reach or find
    changed("a number of another country", "01 874 5690", "+33 1 42 68 53 00", "another country"),
    changed("a number with too few digits", "01 874 5690", "01 874 56", "too few or too many digits"),
    changed("words for a number", "01 874 5690", "ask inside", "no number"),
    changed("a script for an address", 'https://law.example.ie/"', 'javascript:alert(1)"', "must begin with https"),
    changed("a login in an address", 'https://law.example.ie/"', 'https://law.example.ie@evil.example/"', "no site"),
    changed("a machine for an address", 'https://law.example.ie/"', 'https://127.0.0.1/"', "no site"),
    changed("letters that look alike", 'https://law.example.ie/"', f'https://l{chr(0x430)}w.example.ie/"',
            "no web address"),
    changed("an e-mail address without a site", "office@law.example.ie", "office@law", "no e-mail"),
    changed("no place", '"extent": "IE"', '"extent": "Narnia"', "no place of ours"),
    changed("a language nobody speaks", '"ga"', '"qqq"', "no language"),
    changed("no such term", "kind:legal", "kind:wizard", "no term of a kind", line=2),
    changed("no such status", '"active"', '"open"', "none of active"),
    changed("an hour that is none", "09:30", "25:00", "must be a time"),
    changed("a day that is none", "MO,TU", "Monday", "must be days"),
    changed("a timezone that is none", "Europe/Dublin", "Mars/Phobos", "no timezone"),
    # What is old, or will never be
    changed("no such day", "2020-11-01", "2020-02-30", "must be a day"),
    changed("checked in the future", "2020-11-01", "2096-11-01", "lies in the future"),
    changed("to be checked before it was", "2021-01-30", "2020-10-30", "must come after"),
    changed("never to be checked", "2021-01-30", "2099-01-30", "more than a year"),
    changed("no source", '"source": "https://law.example.ie/contact",', "", "source is missing", line=51),
    changed("nobody checked it", '"VERIFIED"', '"RECALLED"', "must be one of VERIFIED"),
    # What would put somebody in danger, or send them astray
    changed("a shelter with its address", "kind:legal", "kind:shelter", "shelter", line=2),
    changed("a shelter by its name", _NAME, "Example Women's Refuge", "shelter", line=2),
    changed("the police, unsaid", _NAME, "Example Police Line", "safety:police_run", line=2),
    changed("the police, without a note", '{"code": "kind:legal"}}',
            '{"code": "kind:legal"}}, {"taxonomy_term": {"code": "safety:police_run"}}', "alert", line=2),
    changed("columns swapped", '53.35,\n     "longitude": -6.26', '-6.26,\n     "longitude": 53.35', "swapped"),
    changed("in the sea", '53.35,\n     "longitude": -6.26', '0,\n     "longitude": 0', "outside IE"),
    changed("a postcode of another country", "D01 F5P2", "75001", "no postcode of IE"),
    changed("an address in another country", '"country": "IE"', '"country": "FR"', "the service is for IE"),
    # CSV and mappings
    Bad("no mapping", GOOD_CSV.encode(), 1, "needs a mapping", ".csv"),
    Bad("a header alone", GOOD_CSV.split("\n", maxsplit=1)[0].encode(), 1, "no service in it", ".csv", MAPPING),
    row("a column missing", ",telephone,", ",", 'column "telephone" is missing'),
    row("a column of nobody", ",work,", ",work,mood,", 'column "mood" is not in the mapping'),
    row("a column twice", ",work,", ",work,work,", "stands twice"),
    row("a value too few", "York,", "", "9 values where there are 10"),
    row("a quotation mark left open", "3,Brown", '3,"Brown', "quotation mark"),
    row("an endless value", "Jones LLP", "J" * 140_000, "quotation mark"),
    row("two headings swapped", "number,office,street,town,code", "number,office,street,code,town", "swapped", line=2),
    row("name and telephone swapped", "3,Brown,3 High Street,Hull,HU1 1UU,53.74,-0.33,01482 300 300",
        "3,01482 300 300,3 High Street,Hull,HU1 1UU,53.74,-0.33,Brown", "telephone is no number"),
    row("name and web swapped", "01904 555 123,FAM,", "01904 555 123,FAM,jones", "names no site"),
    row("north and east swapped", "53.74,-0.33", "-0.33,53.74", "swapped"),
    row("beyond the bounds", "53.74,-0.33", "57.5,-1.0", "outside the [bounds]"),
    row("words for a latitude", "53.74", "north", "must be a number"),
    row("a formula in a cell", "Brown", '"=cmd|1"', "formula"),
    mapped("no TOML", "[columns]", "[columns", "not readable as TOML"),
    mapped("a key of nobody", "unread", "unraed", "nothing that a mapping says"),
    mapped("a column of ours that is none", '"phone.number"', '"phone.numbre"', "none of our columns"),
    mapped("a term that is none", "field:family", "field:magic", "none of our terms"),
    mapped("a number where a text belongs", '"-6.5"', "-6.5", "quoted"),
)  # fmt: skip
