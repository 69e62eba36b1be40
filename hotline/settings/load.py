"""Environment + ``hotline.toml`` -> one frozen :class:`Settings`, or every problem at once.

Nothing is started, created or connected to here. Secrets are held so that no ``repr`` shows them, and no
problem ever quotes one.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretBytes, SecretStr, ValidationError

from hotline import prompts
from hotline.model import Language
from hotline.settings import started_with
from hotline.settings import wording as checks
from hotline.settings.centre import Centre
from hotline.settings.environment import Environment
from hotline.settings.problems import in_words
from hotline.settings.wording import Wording

LONGEST_SOCKET_PATH = 100
"""Unix sockets' addresses hold 108 bytes on Linux and 104 elsewhere."""


class SettingsProblems(Exception):
    """Hotline can't start: ``problems`` holds every one of them, each with what to do."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that a running Hotline was told; never changes while it runs."""

    twilio_account_sid: str
    twilio_auth_token: SecretStr
    twilio_auth_token_secondary: SecretStr | None
    """A second token that is accepted on incoming requests while tokens are being rotated."""
    twilio_api_base_url: str
    """Without a slash at its end, as ``public_base_url``."""
    public_base_url: str
    database_url: SecretStr
    """An SQLAlchemy URL: ``sqlite:///...`` or ``postgresql+psycopg://...``."""
    database_connections: int
    """How many of them one process may have to PostgreSQL."""
    redis_url: SecretStr
    embedded_redis: bool
    """True when no REDIS_URL was given: ``hotline run`` keeps its own Redis, on `socket_path`."""
    home: Path
    """Absolute; where Hotline keeps what it keeps on disk."""
    config_path: Path
    data_keys: tuple[SecretBytes, ...]
    """Sealing keys of 32 bytes, newest first: the first one seals, all of them open."""
    secret_key: SecretStr
    port: int
    metrics_token: SecretStr | None
    single_sign_on_secret: SecretStr | None
    """What we show the provider of single sign-on, if there is one and it has given us any."""
    events_secret: SecretBytes | None
    """What signs the events that another system is told of."""
    secret_files: tuple[Path, ...]
    """Files that secrets were read from."""
    centre: Centre
    given: frozenset[str] = frozenset()
    """Names of the variables that were set, those with _FILE at their end among them."""
    wording: Wording = field(default_factory=Wording)
    """What the centre says in its own words, or its own voice."""


def socket_path(home: Path) -> Path:
    """The embedded Redis's socket under ``home``."""
    return home / "redis.sock"


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Read the environment given and the ``hotline.toml`` it points to, or what that said when Hotline was started.

    Raises :class:`SettingsProblems` with everything that is missing or wrong in both.
    """
    env = Environment(environ)
    home = env.path("HOTLINE_HOME", "./var")
    config_path = env.path("HOTLINE_CONFIG", "./hotline.toml")
    redis_url = env.redis_url()
    if redis_url is None and len(str(socket_path(home)).encode()) > LONGEST_SOCKET_PATH:
        env.problems.append(
            "HOTLINE_HOME: its full path is too long for the embedded Redis's socket "
            f"({LONGEST_SOCKET_PATH} bytes at most with /redis.sock): choose a shorter one, or set REDIS_URL."
        )
    twilio_account_sid = env.account_sid()
    twilio_auth_token = env.auth_token()
    twilio_auth_token_secondary = env.optional_secret("TWILIO_AUTH_TOKEN_SECONDARY")
    twilio_api_base_url = env.base_url("TWILIO_API_BASE_URL", "https://api.twilio.com")
    public_base_url = env.base_url("PUBLIC_BASE_URL", None)
    env.reachable(public_base_url, twilio_api_base_url)
    database_url = env.database_url(home)
    database_connections = env.database_connections()
    data_keys = env.data_keys()
    secret_key = env.long_secret("SECRET_KEY")
    port = env.port()
    metrics_token = env.optional_secret("METRICS_TOKEN")
    single_sign_on_secret = env.optional_secret("SINGLE_SIGN_ON_SECRET")
    events_secret = env.events_secret()
    kept = started_with.kept(environ)
    centre, centre_problems = read_centre(kept or config_path)
    wording, wording_problems = read_wording(config_path, centre) if centre else (Wording(), ())
    if kept is not None:
        wording_problems = ()  # a recording that went meanwhile: its sentence is said by the voice
    if centre is not None and centre.events.address and events_secret is None:
        env.problems.append(
            "EVENTS_SECRET is missing or wrong, and [events] has an address: what is sent there must be signed."
        )
    problems = (*env.problems, *centre_problems, *wording_problems)
    if problems or centre is None:
        raise SettingsProblems(problems)
    return Settings(
        twilio_account_sid=twilio_account_sid,
        twilio_auth_token=twilio_auth_token,
        twilio_auth_token_secondary=twilio_auth_token_secondary,
        twilio_api_base_url=twilio_api_base_url,
        public_base_url=public_base_url,
        database_url=database_url,
        database_connections=database_connections,
        redis_url=redis_url or SecretStr(f"unix://{socket_path(home)}"),
        embedded_redis=redis_url is None,
        home=home,
        config_path=config_path,
        data_keys=data_keys,
        secret_key=secret_key,
        port=port,
        metrics_token=metrics_token,
        single_sign_on_secret=single_sign_on_secret,
        events_secret=SecretBytes(events_secret) if events_secret is not None else None,
        secret_files=env.secret_files,
        centre=centre,
        given=env.given(),
        wording=wording,
    )


def read_centre(path: Path) -> tuple[Centre | None, tuple[str, ...]]:
    """The centre's own settings at ``path``, or what is wrong with them, in words."""
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        return Centre.model_validate(written), ()
    except FileNotFoundError:
        return None, (
            f"{path}: there is no such file: copy hotline.toml from Hotline's own folder and fill it in, "
            "or point HOTLINE_CONFIG at yours.",
        )
    except (OSError, UnicodeDecodeError) as unreadable:
        reason = unreadable.strerror if isinstance(unreadable, OSError) else "it is not UTF-8 text"
        return None, (f"{path}: can't be read ({reason}): let the user that runs Hotline read it.",)
    except tomllib.TOMLDecodeError as broken:
        return None, (f"{path}: is not valid TOML: {broken}.",)
    except ValidationError as refused:
        return None, tuple(f"{path}: {complaint}" for complaint in in_words(refused, Centre))


def read_wording(path: Path, centre: Centre) -> tuple[Wording, tuple[str, ...]]:
    """The sentences and the recordings of the centre whose own settings are at ``path``, and what is wrong with them.

    A folder of recordings that is named must be there; the one that goes without saying need not.
    """
    sentences, problems = checks.written(centre.prompts)
    folder = path.parent / Path(centre.voices.recordings).expanduser()
    if "recordings" in centre.voices.model_fields_set and not folder.is_dir():
        problems += (f"[voices] recordings: there is no folder {folder}: make it, or remove the line.",)
    everything = prompts.load(Language, {}, replaced=sentences).sentences
    recordings, unplayable = checks.recorded(folder, everything)
    told = (f"{path}: {each}" for each in problems)
    return Wording(sentences, recordings), (*told, *(f"{folder}: {each}" for each in unplayable))
