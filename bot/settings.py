"""What an operator can set, and where the program's own texts are."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path


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
