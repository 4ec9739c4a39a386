"""The command for whoever writes, reads or translates and has no use for a terminal: a page on this machine."""

from __future__ import annotations

import asyncio
import os
import signal
import webbrowser
from contextlib import suppress
from pathlib import Path

import click

from bot.overlay import own_parts
from bot.preview.draft import Drafts, NoTextsError
from bot.settings import home_folder


@click.command()
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Listen here; without it at any free port.")
@click.option("--no-browser", is_flag=True, help="Only print the address.")
def preview(folder: Path | None, port: int, *, no_browser: bool) -> None:
    """Show the bot on a page in the browser as a phone would, beside what is written. Only this machine can open it.

    FOLDER holds your own flows/, content/ and locales/, or flows alone; they lie over the shipped texts. What you save
    there is shown at once.
    """
    try:
        from bot.messengers.preview.server import Server, TakenError  # noqa: PLC0415 - an extra: it may not be there
    except ModuleNotFoundError as error:
        missing = f"`waymark preview` needs {error.name}: install Waymark with its extra `web`"
        raise click.ClickException(missing) from None
    from bot.preview.stage import Stage  # noqa: PLC0415 - the same

    home = home_folder(os.environ)
    try:
        drafts = Drafts(folder or (home if home and own_parts(home) else None))
    except NoTextsError as error:
        raise click.ClickException(str(error)) from None

    async def serve() -> None:
        stage = Stage(drafts)
        server = Server(stage, port)
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            with suppress(NotImplementedError, AttributeError):  # not every system has all of them
                asyncio.get_running_loop().add_signal_handler(getattr(signal, name), server.stop)
        await stage.open()
        watching = asyncio.create_task(stage.watch())
        click.echo(f"The preview is at {server.address}\nCtrl-C ends it. Nothing of it leaves this machine.")
        if not no_browser:
            webbrowser.open(server.address)
        try:
            await server.run()
        finally:
            watching.cancel()

    try:
        asyncio.run(serve())
    except TakenError as error:
        raise click.ClickException(str(error)) from None
