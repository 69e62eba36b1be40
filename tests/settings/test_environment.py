"""What the environment may say, and what is answered when it says something else."""

from pathlib import Path

import pytest

from hotline.settings import SettingsProblems, load_settings
from tests.settings.examples import KEY, OLDER_KEY, good_environment


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
        ("DATABASE_URL", "mysql://somebody:hidden@db/hotline"),
        ("DATABASE_URL", "hotline.db"),
        ("REDIS_URL", "localhost:6379"),
        ("HOTLINE_DATA_KEY", "c2hvcnQ="),
        ("HOTLINE_DATA_KEY", f"{KEY},{KEY}"),
        ("HOTLINE_DATA_KEY", f"{KEY},"),
        ("SECRET_KEY", "too-little"),
        ("PORT", "0"),
        ("PORT", "70000"),
        ("PORT", "http"),
    ],
)
def test_a_wrong_value_is_one_problem_that_names_it_but_never_quotes_it(
    tmp_path: Path, name: str, value: str
) -> None:
    problems = problems_of(good_environment(tmp_path, **{name: value}))

    assert len(problems) in (1, value.count(",") + 1)
    assert problems[0].startswith(name)
    assert value not in problems[0] or len(value) < 2


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_way_to_write_postgresql_ends_in_the_same_driver(tmp_path: Path, scheme: str) -> None:
    settings = load_settings(good_environment(tmp_path, DATABASE_URL=f"{scheme}://db/hotline"))

    assert settings.database_url.get_secret_value() == "postgresql+psycopg://db/hotline"


def test_addresses_lose_the_slash_at_their_end(tmp_path: Path) -> None:
    settings = load_settings(good_environment(tmp_path, PUBLIC_BASE_URL="http://127.0.0.1:8000/"))

    assert settings.public_base_url == "http://127.0.0.1:8000"


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
        REDIS_URL="redis://:redis-word@redis",
        METRICS_TOKEN="metrics-word",
    )
    shown = repr(load_settings(environ))

    for secret in ("token-of", "second-token", "db-word", "redis-word", "metrics-word", "session-key", KEY):
        assert secret not in shown


def test_a_home_too_deep_for_a_unix_socket_is_told_before_anything_starts(tmp_path: Path) -> None:
    [problem] = problems_of(good_environment(tmp_path / ("d" * 100)))

    assert problem.startswith("HOTLINE_HOME")
    assert not load_settings(good_environment(tmp_path / ("d" * 100), REDIS_URL="redis://r")).embedded_redis
