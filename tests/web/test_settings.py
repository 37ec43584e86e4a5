"""Settings come from the environment and a file; a wrong one is named, with the mend."""

from pathlib import Path

import pytest

from web.mail_server import mail_server
from web.settings import Settings, SettingsFault, read_settings


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "pobratim.toml"
    file.write_text('locale = "sr-Cyrl"\nlog = "json"\n', "utf-8")
    settings = read_settings({"POBRATIM_LOCALE": "en", "PATH": "/bin"}, file)
    assert (settings.locale, settings.log) == ("en", "json")


def test_without_a_key_each_start_makes_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert read_settings({}).secret_key != read_settings({}).secret_key


def test_a_process_started_from_this_one_has_the_same_settings() -> None:
    settings = read_settings({"POBRATIM_LOCALE": "en", "POBRATIM_DATABASE_URL": "dbname=x"})
    assert read_settings(settings.as_environment()) == settings


def test_tls_follows_from_the_address() -> None:
    assert read_settings({"POBRATIM_BASE_URL": "https://pobratim.example"}).secure
    assert not read_settings({"POBRATIM_BASE_URL": "http://127.0.0.1:8000"}).secure


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("POBRATIM_LOCALE", "sr"),
        ("POBRATIM_LOG", "xml"),
        ("POBRATIM_SECRET_KEY", "short"),
        ("POBRATIM_TRUSTED_PROXIES", "proxy.example"),
        ("POBRATIM_TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/40"),
        ("POBRATIM_BASE_URL", "pobratim.example"),
        ("POBRATIM_BASE_URL", "https://"),
        ("POBRATIM_BASE_URL", "https://pobratim.example:port"),
        ("POBRATIM_BASE_URL", "https://pobratim.example/app"),
        ("POBRATIM_BASE_URL", "http://x y"),
        ("POBRATIM_BASE_URL", "http://x\ty"),
        ("POBRATIM_BASE_URL", "https://ana@pobratim.example"),
        ("POBRATIM_BASE_URL", "https://pobratim.example#top"),
        ("POBRATIM_BASE_URL", "https://pobratim.example\udcff"),
        ("POBRATIM_SECRET_KEY", "k" * 40 + "\udcff"),
        ("POBRATIM_OIDC_ISSUER", "login.example.rs"),
        ("POBRATIM_OIDC_ISSUER", "http://login.example.rs"),
        ("POBRATIM_OIDC_ISSUER", "https://login.example.rs?realm=towns"),
        ("POBRATIM_OIDC_ISSUER", "https://ana@login.example.rs"),
        ("POBRATIM_OIDC_ISSUER", "https://login.example.rs:port"),
        ("POBRATIM_OIDC_ISSUER", "https://"),
        ("POBRATIM_OIDC_AUDIENCE", "pobratim\udcff"),
    ],
)
def test_a_wrong_value_is_named_with_its_mend(name: str, value: str) -> None:
    with pytest.raises(SettingsFault, match=rf"{name}.*Give"):
        read_settings({name: value})


@pytest.mark.parametrize("issuer", ["https://login.example.rs/realms/towns", "https://a.rs/", "http://[::1]:8080/x"])
def test_an_issuer_stays_as_it_is_written(issuer: str) -> None:
    assert read_settings({"POBRATIM_OIDC_ISSUER": issuer}).oidc_issuer == issuer


@pytest.mark.parametrize("text", ["colour = 1", "locale = ", "\x00", "locale = 5"])
def test_a_wrong_file_is_explained(tmp_path: Path, text: str) -> None:
    file = tmp_path / "pobratim.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(SettingsFault):
        read_settings({}, file)


def test_a_wrong_value_in_the_file_is_named_by_the_file(tmp_path: Path) -> None:
    file = tmp_path / "pobratim.toml"
    file.write_text('locale = "sr"\n', "utf-8")
    with pytest.raises(SettingsFault, match=r"^locale in .*pobratim.toml: ") as fault:
        read_settings({}, file)
    assert "POBRATIM_LOCALE" not in str(fault.value)
    assert read_settings({"POBRATIM_LOCALE": "en"}, file).locale == "en"


@pytest.mark.parametrize("address", ["https://побратим.срб", "http://[::1]:8000", "https://pobratim.example:8443/"])
def test_an_address_of_a_site(address: str) -> None:
    assert read_settings({"POBRATIM_BASE_URL": address}).base_url == address


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ana:hush@db/x",
        "postgresql://ana:hu@hush@db/x",
        "postgresql://ana:hush/hush@db/x",
        "postgresql://db/x?user=ana&password=hush",
        "host=db password = 'hush hush' dbname=x",
        "mysql://ana:hush%ret@db",
    ],
)
def test_settings_are_shown_without_the_password(url: str) -> None:
    shown = Settings(database_url=url).shown()["database_url"]
    assert "hush" not in shown
    assert "ana" in shown or "user" not in url


def test_settings_are_shown_even_where_they_are_no_text() -> None:
    Settings(database_url="postgresql://db/\udcff").shown()["database_url"].encode()


def test_a_named_file_must_exist(tmp_path: Path) -> None:
    with pytest.raises(SettingsFault, match="no such file"):
        read_settings({}, tmp_path / "other.toml")


def test_a_secret_is_never_part_of_a_message() -> None:
    with pytest.raises(SettingsFault) as fault:
        read_settings({"POBRATIM_SECRET_KEY": "hush"})
    assert "hush" not in str(fault.value)


@pytest.mark.parametrize(
    ("url", "host", "port", "secured", "password"),
    [
        ("smtp://u:p%40ss@mail.example.rs", "mail.example.rs", 587, "starttls", "p@ss"),
        ("smtps://u:p@mail.example.rs", "mail.example.rs", 465, "tls", "p"),
        ("smtp://localhost:25?tls=no", "localhost", 25, "none", ""),
    ],
)
def test_a_mail_server_is_named_by_its_address(url: str, host: str, port: int, secured: str, password: str) -> None:
    server = mail_server(url, "", "https://pobratim.example.rs")
    assert server is not None
    assert (server.host, server.port, server.secured, server.password) == (host, port, secured, password)
    assert server.sender == "pobratim@pobratim.example.rs"


def test_without_an_address_no_mail_is_sent() -> None:
    assert mail_server("", "", "https://pobratim.example.rs") is None


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.rs",
        "http://mail.example.rs",
        "smtp://",
        "smtp://u:p/ss@host",
        "smtp://host:x",
        "smtp://host?tls=yes",
        "smtps://host?tls=no",
        "smtp://host?x",
    ],
)
def test_an_address_of_no_mail_server_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(SettingsFault, match="is no address of a mail server") as refused:
        read_settings({"POBRATIM_SMTP_URL": url})
    assert url not in str(refused.value).partition(" Give ")[0]


@pytest.mark.parametrize("sender", ["pobratim", "a b@primer.rs", "a@primer.rs\nBcc: b@primer.rs", "a@b@c"])
def test_a_sender_that_is_no_address_is_refused(sender: str) -> None:
    with pytest.raises(SettingsFault, match="is no mail address"):
        read_settings({"POBRATIM_MAIL_FROM": sender})
