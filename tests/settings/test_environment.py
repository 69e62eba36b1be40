"""What the environment may say, and what is answered when it says something else."""

import re
from pathlib import Path

import pytest

from hotline.settings import started_with
from hotline.settings.load import SettingsProblems, load_settings
from tests.settings.examples import KEY, OLDER_KEY, REPOSITORY, good_environment


def problems_of(environ: dict[str, str]) -> tuple[str, ...]:
    with pytest.raises(SettingsProblems) as refused:
        load_settings(environ)
    return refused.value.problems


def test_what_is_not_given_has_its_documented_default(tmp_path: Path) -> None:
    settings = load_settings(good_environment(tmp_path))

    assert settings.twilio_api_base_url == "https://api.twilio.com"
    assert settings.database_url.get_secret_value() == f"sqlite:///{tmp_path}/hotline.db"
    assert settings.redis_url.get_secret_value() == f"unix://{tmp_path}/redis.sock"
    assert settings.embedded_redis
    assert settings.port == 8000
    assert settings.metrics_token is None
    assert settings.twilio_auth_token_secondary is None


def test_everything_missing_is_told_at_once_with_what_to_do(tmp_path: Path) -> None:
    problems = problems_of({"HOTLINE_CONFIG": str(tmp_path / "nowhere.toml")})

    for name in (
        "TWILIO_ACCOUNT_SID",
        "TWILIO_AUTH_TOKEN",
        "PUBLIC_BASE_URL",
        "HOTLINE_DATA_KEY",
        "SECRET_KEY",
        "nowhere.toml",
    ):
        assert [problem for problem in problems if name in problem], f"{name} is not told"
    assert all(": " in problem for problem in problems), "every problem says what to do after a colon"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TWILIO_ACCOUNT_SID", "AC123"),
        ("TWILIO_API_BASE_URL", "http://carrier.example.org"),
        ("PUBLIC_BASE_URL", "hotline.example.org"),
        ("PUBLIC_BASE_URL", "http://hotline.example.org"),
        ("PUBLIC_BASE_URL", "https://hotline.example.org/?who=me"),
        ("PUBLIC_BASE_URL", "https://user:word@hotline.example.org"),
        ("PUBLIC_BASE_URL", "https://hotline.example.org:none"),
        ("PUBLIC_BASE_URL", "http://127.0.0.1:8000"),
        ("PUBLIC_BASE_URL", "https://localhost"),
        ("TWILIO_AUTH_TOKEN", "abc123"),
        ("DATABASE_URL", "mysql://somebody:hidden@db/hotline"),
        ("DATABASE_URL", "hotline.db"),
        ("REDIS_URL", "localhost:6379"),
        ("REDIS_URL", "redis://:pa#ss@127.0.0.1:6379"),
        ("REDIS_URL", "redis://:pa/ss@127.0.0.1"),
        ("REDIS_URL", "redis://:pa?ss@127.0.0.1"),
        ("REDIS_URL", "redis://:pa@ss@127.0.0.1"),
        ("REDIS_URL", "redis://:pa[ss@127.0.0.1"),
        ("REDIS_URL", "redis://:pass@127.0.0.1:none"),
        ("REDIS_URL", "redis://127.0.0.1/0?colour=blue"),
        ("REDIS_URL", "redis://127.0.0.1/0?socket_timeout=soon"),
        ("REDIS_URL", "redis://redis.internal"),
        ("REDIS_URL", "redis://:pass@10.0.0.7:6379/0"),
        ("REDIS_URL", "redis://:pass@localhost.example.org"),
        ("REDIS_URL", "rediss://redis.example.org"),
        ("REDIS_URL", "rediss://:pass@redis.example.org/0?ssl_cert_reqs=none"),
        ("REDIS_NETWORK", "mine"),
        ("DATABASE_URL", "postgresql://me:pa@ss@db/hotline"),
        ("DATABASE_URL", "postgresql://me:pa:ss@db:port/hotline"),
        ("HOTLINE_DATA_KEY", "c2hvcnQ="),
        ("HOTLINE_DATA_KEY", f"{KEY},{KEY}"),
        ("HOTLINE_DATA_KEY", f"{KEY},"),
        ("SECRET_KEY", "too-little"),
        ("PORT", "0"),
        ("PORT", "70000"),
        ("PORT", "http"),
        ("DATABASE_CONNECTIONS", "3"),
        ("DATABASE_CONNECTIONS", "many"),
    ],
)
def test_a_wrong_value_is_one_problem_that_names_it_but_never_quotes_it(
    tmp_path: Path, name: str, value: str
) -> None:
    problems = problems_of(good_environment(tmp_path, **{name: value}))

    assert len(problems) in (1, value.count(",") + 1)
    assert problems[0].startswith(name)
    assert value not in problems[0] or len(value) < 2
    assert "pa" not in re.sub(r"\bpassword|\bpath|\bpart", "", problems[0]) or "ss@" not in value


def test_an_invisible_mark_before_a_secret_or_the_settings_is_left_out(tmp_path: Path) -> None:
    token, config = tmp_path / "token", tmp_path / "hotline.toml"
    token.write_text("\ufefftoken-of-the-account\n", encoding="utf-8")
    config.write_text("\ufeff" + (REPOSITORY / "hotline.toml").read_text(encoding="utf-8"), encoding="utf-8")
    given = good_environment(
        tmp_path, TWILIO_AUTH_TOKEN="", TWILIO_AUTH_TOKEN_FILE=str(token), HOTLINE_CONFIG=str(config)
    )
    assert load_settings(given).twilio_auth_token.get_secret_value() == "token-of-the-account"


@pytest.mark.parametrize(
    "url",
    [
        "unix:///run/redis.sock",
        "redis://127.0.0.1:6379/0",
        "redis://localhost",
        "redis://[::1]:6379",
        "redis://:pa%23ss%40@127.0.0.1",
        "rediss://:pass@redis.example.org:6380/0",
        "rediss://default:pa%23ss@redis.example.org",
    ],
)
def test_redis_may_be_here_or_behind_tls_and_a_password(tmp_path: Path, url: str) -> None:
    assert load_settings(good_environment(tmp_path, REDIS_URL=url)).redis_url.get_secret_value() == url


@pytest.mark.parametrize(
    "url", ["redis://redis.internal", "rediss://:pass@redis.example.org/0?ssl_cert_reqs=none"]
)
def test_on_a_network_that_is_said_to_be_private_redis_needs_neither(tmp_path: Path, url: str) -> None:
    settings = load_settings(good_environment(tmp_path, REDIS_URL=url, REDIS_NETWORK="private"))
    assert settings.redis_url.get_secret_value() == url


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_way_to_write_postgresql_ends_in_the_same_driver(tmp_path: Path, scheme: str) -> None:
    settings = load_settings(good_environment(tmp_path, DATABASE_URL=f"{scheme}://db/hotline"))

    assert settings.database_url.get_secret_value() == "postgresql+psycopg://db/hotline"


def test_addresses_lose_the_slash_at_their_end(tmp_path: Path) -> None:
    settings = load_settings(good_environment(tmp_path, PUBLIC_BASE_URL="https://hotline.example.org/"))

    assert settings.public_base_url == "https://hotline.example.org"


def test_sealing_keys_keep_their_order_newest_first(tmp_path: Path) -> None:
    settings = load_settings(good_environment(tmp_path, HOTLINE_DATA_KEY=f"{KEY}, {OLDER_KEY}"))

    assert [key.get_secret_value()[0] for key in settings.data_keys] == [0, 1]


def test_a_secret_may_be_kept_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("from-the-file\n")
    environ = good_environment(tmp_path, TWILIO_AUTH_TOKEN="", TWILIO_AUTH_TOKEN_FILE=str(file))

    assert load_settings(environ).twilio_auth_token.get_secret_value() == "from-the-file"


def test_a_secret_in_a_file_and_in_the_environment_is_a_problem(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("from-the-file")

    [problem] = problems_of(good_environment(tmp_path, TWILIO_AUTH_TOKEN_FILE=str(file)))
    assert "both set" in problem


def test_a_secret_file_that_is_missing_or_empty_is_a_problem(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.touch()
    environ = good_environment(tmp_path, SECRET_KEY="", SECRET_KEY_FILE=str(empty), REDIS_URL_FILE="/nowhere")

    told = problems_of(environ)
    assert len(told) == 2
    assert "is empty" in "".join(told)
    assert "can't be read" in "".join(told)


def test_no_secret_shows_in_the_settings_own_words(tmp_path: Path) -> None:
    environ = good_environment(
        tmp_path,
        TWILIO_AUTH_TOKEN_SECONDARY="second-token",
        DATABASE_URL="postgresql://me:db-word@db/hotline",
        REDIS_URL="rediss://:redis-word@redis",
        METRICS_TOKEN="metrics-word",
    )
    shown = repr(load_settings(environ))

    for secret in ("token-of", "second-token", "db-word", "redis-word", "metrics-word", "session-key", KEY):
        assert secret not in shown


def test_a_home_too_deep_for_a_unix_socket_is_told_before_anything_starts(tmp_path: Path) -> None:
    [problem] = problems_of(good_environment(tmp_path / ("d" * 100)))

    assert problem.startswith("HOTLINE_HOME")
    assert not load_settings(
        good_environment(tmp_path / ("d" * 100), REDIS_URL="redis://localhost")
    ).embedded_redis


def test_processes_started_again_read_what_the_first_were_started_with(tmp_path: Path) -> None:
    """Whatever is written into the file meanwhile; where it is stays known."""
    config, copy = tmp_path / "hotline.toml", tmp_path / "home" / "started.toml"
    copy.parent.mkdir()
    config.write_text(Path(good_environment(tmp_path)["HOTLINE_CONFIG"]).read_text())
    given = good_environment(tmp_path, HOTLINE_CONFIG=str(config))
    first = load_settings(given)
    started_with.keep(config, copy)
    assert copy.stat().st_mode & 0o777 == 0o600
    config.write_text("[line\n")
    again = load_settings({**given, started_with.VARIABLE: str(copy)})
    assert (again.centre, again.config_path) == (first.centre, config)
    copy.unlink()
    with pytest.raises(SettingsProblems):
        load_settings({**given, started_with.VARIABLE: str(copy)})
