"""What an operator can set, and where the texts are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from bot.ports import Operator


def flows_folder() -> Traversable:
    """The shipped conversations."""
    return files("bot") / "flows"


def content_folder() -> Traversable:
    """The shipped facts, services and places."""
    return files("bot") / "content"


def locales_folder() -> Traversable:
    """The catalogs: of the checkout where there is one, so that an edit is seen at once; else those shipped."""
    checkout = Path(__file__).parent.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / "locales").is_dir():
        return checkout / "locales"
    return files("bot") / "locales"


def diagnostics_folder() -> Traversable:
    """A page for each diagnostic: of the checkout where there is one, else those shipped."""
    checkout = Path(__file__).parent.parent / "docs" / "diagnostics"
    return checkout if checkout.is_dir() else files("bot") / "diagnostics"


@dataclass(frozen=True, slots=True)
class Texts:
    """The folders of what is said and known; the shipped ones where no other is named."""

    flows: Traversable = field(default_factory=flows_folder)
    content: Traversable = field(default_factory=content_folder)
    locales: Traversable = field(default_factory=locales_folder)


def home_folder(environment: Mapping[str, str]) -> Path | None:
    """The operator's own folder, where one is set."""
    home = environment.get("WAYMARK_HOME")
    return Path(home) if home else None


def services_file(environment: Mapping[str, str]) -> Path:
    """Where the services are kept that an operator took in."""
    return (home_folder(environment) or _folder(environment, "XDG_DATA_HOME", ".local/share")) / "services.db"


def directory_file(environment: Mapping[str, str]) -> Path:
    """Where the directory is kept that is built from those and the shipped ones."""
    return services_file(environment).with_name("directory.db")


def reviews_file(environment: Mapping[str, str]) -> Path | None:
    """Where reviews are recorded: in the operator's folder, else in the checkout; nowhere where there is neither."""
    home, checkout = home_folder(environment), Path(__file__).parent.parent
    if home:
        return home / "content" / "reviews.toml"
    return checkout / "bot" / "content" / "reviews.toml" if (checkout / "pyproject.toml").is_file() else None


TELEGRAM = "https://api.telegram.org/bot"
SCREENS = 25.0
"""Screens a second over all chats: Telegram asks for no more than about thirty messages."""


class SettingsError(Exception):
    """Something an operator must set, in one line: what, and how."""


@dataclass(frozen=True, slots=True)
class Account:
    """A bot, and the Bot API it is at. The token is never shown."""

    token: str = field(repr=False)
    api: str


@dataclass(frozen=True, slots=True)
class TelegramSettings:
    """What `waymark telegram` runs with. The token is never shown."""

    token: str = field(repr=False)
    api: str
    operator: Operator
    database: Path
    keys: Path
    services: Path
    directory: Path
    warning: str = ""
    screens: float = SCREENS


def telegram_settings(environment: Mapping[str, str], token_file: Path | None) -> TelegramSettings:
    """Read the environment. Raises `SettingsError` for the first thing that is missing."""
    account = telegram_account(environment, token_file)
    database, keys, warning = kept_in(environment)
    return TelegramSettings(
        account.token,
        account.api,
        operator_of(environment),
        database,
        keys,
        services_file(environment),
        directory_file(environment),
        warning,
        _screens(environment),
    )


def telegram_account(environment: Mapping[str, str], token_file: Path | None) -> Account:
    """Which bot, and where. Raises `SettingsError` where that is not said."""
    return Account(token_of(environment, token_file), api_of(environment))


def api_of(environment: Mapping[str, str]) -> str:
    """Where the Bot API is. Raises `SettingsError` where that cannot be."""
    api = environment.get("WAYMARK_TELEGRAM_API") or TELEGRAM
    if not api.startswith(("http://", "https://")) or not api.endswith("/bot"):
        raise SettingsError(
            "WAYMARK_TELEGRAM_API must be an address that ends in /bot, such as http://localhost:8081/bot"
        )
    return api


def kept_in(environment: Mapping[str, str]) -> tuple[Path, Path, str]:
    """The database, the file of its keys, and a warning where one lies beside the other."""
    home, key_file = home_folder(environment), environment.get("WAYMARK_KEY_FILE")
    data = home or _folder(environment, "XDG_DATA_HOME", ".local/share")
    database = data / "sessions.db"
    if key_file:
        return database, Path(key_file), ""
    if home:
        keys = data / "keys" / "waymark.keys"
        beside = f"the keys are kept in {keys.parent}, beside what they open; WAYMARK_KEY_FILE puts them elsewhere"
        return database, keys, beside
    return database, _folder(environment, "XDG_CONFIG_HOME", ".config") / "waymark.keys", ""


def _screens(environment: Mapping[str, str]) -> float:
    said = environment.get("WAYMARK_SCREENS_A_SECOND") or str(SCREENS)
    try:
        screens = float(said)
    except ValueError:
        screens = -1.0
    if not 0 <= screens < float("inf"):
        raise SettingsError(
            "WAYMARK_SCREENS_A_SECOND must be a number, such as 25; with 0 only what Telegram refuses waits"
        )
    return screens


def _folder(environment: Mapping[str, str], name: str, otherwise: str) -> Path:
    """Ours among the user's folders, where the system keeps such things."""
    return Path(environment.get(name) or Path.home() / otherwise) / "waymark"


def token_of(environment: Mapping[str, str], token_file: Path | None) -> str:
    """The token. Raises `SettingsError`, which holds nothing of it."""
    if token_file is not None:
        try:
            token = token_file.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(
                f"--token-file {token_file}: {type(error).__name__}; it holds the token and nothing else"
            ) from None
    else:
        token = environment.get("WAYMARK_TOKEN", "").strip()
    number, colon, secret = token.partition(":")
    if not token:
        raise SettingsError("no token: set WAYMARK_TOKEN, or name a file with --token-file; @BotFather gives one")
    if not (number.isdecimal() and colon and secret) or any(character.isspace() for character in token):
        raise SettingsError("that is not a token: one looks like 123456:ABC-DEF, as @BotFather gives it")
    return token


def operator_of(environment: Mapping[str, str]) -> Operator:
    """Who runs this. Raises `SettingsError` where any of it is missing."""
    names = ("WAYMARK_OPERATOR_NAME", "WAYMARK_OPERATOR_CONTACT", "WAYMARK_OPERATOR_COUNTRY")
    values = [environment.get(name, "").strip() for name in names]
    missing = [name for name, value in zip(names, values, strict=True) if not any(map(str.isalnum, value))]
    if missing:
        raise SettingsError(f"set {', '.join(missing)}: people are told who runs this before they say anything")
    return Operator(*values)
