"""`pobratim serve` and `pobratim worker`."""

import click

from web.settings import read_settings


@click.command(epilog="Example: pobratim serve --host 0.0.0.0 --port 8000 --workers 4")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes.")
@click.option("--web-only", is_flag=True, help="Leave projecting to `pobratim worker`.")
def serve(host: str, port: int, workers: int, web_only: bool) -> None:
    """Serve the pages and the API over POBRATIM_DATABASE_URL."""
    from web.main import erase_again  # noqa: PLC0415
    from web.serving import run  # noqa: PLC0415

    settings = read_settings()
    tell_erased(erase_again(settings))
    run(settings, host=host, port=port, workers=workers, web_only=web_only)


@click.command(epilog="Example: pobratim worker")
def worker() -> None:
    """Keep the views up to date, without the web. Several may run; one of them works."""
    from web.main import installation  # noqa: PLC0415

    with installation(read_settings()) as pobratim:
        tell_erased(pobratim.erase_again())
        pobratim.work_until_stopped()


def tell_erased(entries: int) -> None:
    """After a restore; else nothing is said."""
    if entries:
        click.echo(
            f"{entries:,} entries that had been erased came back with a backup. They are erased again.", err=True
        )
