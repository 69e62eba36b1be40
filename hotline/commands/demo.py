"""``hotline demo``: everything, with a pretend phone network and sample staff, on this machine alone.

It lives in a home of its own (``demo`` under HOTLINE_HOME) and takes nothing from the environment that could
reach a real account or a real database. It stays as it was left until its home is deleted.
"""

import base64
import os
import secrets
import shlex
import shutil
import sys
import textwrap
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from hotline import paths
from hotline.commands import directory_command, staff_file
from hotline.commands import run as running
from hotline.commands.samples import sample_months
from hotline.dialling import read
from hotline.runtime.supervisor import Process, make_sure_of_being_alone
from hotline.settings import environment
from hotline.settings.load import Settings, SettingsProblems, load_settings
from hotline.store.migrations import migrate
from hotline.telephony.twiml.renderer import RETRY

SAMPLES = Path(__file__).parents[1] / "samples"
SIGN_IN = "Ana Lima"
CALLERS = {"+16175550150": "Mia", "+16175550151": "Tom", "+16175550153": "Rosa", "+16175550154": "Joe"}
HIDDEN_CALLERS = {"+16175550152": "Kim"}
_SECRETS: Final = "secrets.toml"
_PASSWORD: Final = "HOTLINE_DEMO_PASSWORD"  # noqa: S105 - a name


class DemoRefused(Exception):
    """Not to be done with the demo, and why, in words."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A demo that is ready to run."""

    home: Path
    given: Mapping[str, str]
    """Its environment."""
    settings: Settings
    staff: Sequence[Mapping[str, str]]
    outside: Sequence[Mapping[str, Any]]
    """Whom callers can be handed over to."""
    phones: int
    """Where the phone network listens."""
    password: str = field(repr=False)


def run(environ: Mapping[str, str]) -> None:
    """Prepare the demo's home, say where to look, and run until told to stop. Raises as running.run does."""
    ready = prepare(environ)
    log = ready.home / "hotline.log"
    print(welcome(ready, log), flush=True)
    with log.open("w", encoding="utf-8") as lines:
        running.run(ready.given, [_simulator(ready)], lines, says_where=False)


def prepare(environ: Mapping[str, str]) -> Prepared:
    """Make the demo's home, secrets and database, with the sample staff in it. Raises as running.run does."""
    home = _home(environ)
    running.make_home(home)
    make_sure_of_being_alone(home)
    web = _free_port(_wanted_port(environ))
    phones = _free_port(web + 1)
    kept = _kept_secrets(home)
    password = kept.pop(_PASSWORD)
    given = _environment(environ, home, web, phones) | kept
    settings, _redis = running.check(given)
    migrate.upgrade(settings.database_url.get_secret_value())
    staff = tomllib.loads((SAMPLES / "staff.toml").read_text(encoding="utf-8"))
    staff_file.open_doors(settings, staff, password)
    directory = tomllib.loads((SAMPLES / "directory.toml").read_text(encoding="utf-8"))
    directory_command.fill_empty(settings, directory)
    _fill_samples(settings)
    outside = [one for one in directory["entry"] if one.get("hand_offs")]
    return Prepared(home, given, settings, staff["staff"], outside, phones, password)


def fill_samples(environ: Mapping[str, str]) -> str:
    """Put the sample months into the demo that was started from here, unless they are there. Raises DemoRefused."""
    return _fill_samples(load_settings(settings_of(environ)))


def _fill_samples(settings: Settings) -> str:
    application = staff_file.opened(settings)
    with application.database:
        return sample_months.fill(settings, application.database, application.clock())


def is_here(environ: Mapping[str, str]) -> bool:
    """Whether a demo was started from here."""
    return (_home(environ) / _SECRETS).exists()


def settings_of(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment in which any other command is about the demo that was started from here. Raises DemoRefused."""
    home = _home(environ)
    if not is_here(environ):
        raise DemoRefused(
            f"There is no demo in {_near(home)} yet: `make run`, or `hotline demo`, starts one."
        )
    web = _wanted_port(environ)
    kept = _kept_secrets(home)
    del kept[_PASSWORD]
    return _environment(environ, home, web, web + 1) | kept


def _home(environ: Mapping[str, str]) -> Path:
    return Path(environ.get("HOTLINE_HOME", "").strip() or "./var").expanduser().absolute() / "demo"


def _simulator(ready: Prepared) -> Process:
    """The pretend phone network, with the hotline's numbers, some callers, everybody's phone, and some outside."""
    settings = ready.settings
    line = settings.centre.line
    command = ["python", "-m", "hotline.simulator"]
    command += ["--port", str(ready.phones), "--web", settings.public_base_url]
    command += ["--console", settings.public_base_url]
    # The addresses as they are to be given to Twilio, which then asks again.
    command += ["--papers-in-order"]
    for option, path in (
        ("voice", paths.VOICE), ("fallback", paths.VOICE_FALLBACK), ("status", paths.VOICE_STATUS), ("sms", paths.SMS),
    ):  # fmt: skip
        command += [f"--{option}-path", path + RETRY]
    for number in line.numbers:
        command += ["--number", number.e164]
    for phone, name in CALLERS.items():
        command += ["--caller", f"{phone}={name}"]
    for phone, name in HIDDEN_CALLERS.items():
        command += ["--hidden-caller", f"{phone}={name}"]
    for person in ready.staff:
        command += ["--staff", f"{person['phone']}={person['name']}:{person['roles'][0].capitalize()}"]
    for one in ready.outside:
        rung = read(one["numbers"][-1], line.countries)
        if rung is not None:
            command += ["--beside", f"{rung.e164}={one['name']}:In the directory"]
    command += ["--beside", f"{line.failsafe_number.e164}=Failsafe:The last resort"]
    return Process("phones", shlex.join(command), patience=3)


def _wanted_port(environ: Mapping[str, str]) -> int:
    given = environment.Environment(environ)
    port = given.port()
    if given.problems:
        raise SettingsProblems(tuple(given.problems))
    return port


def _free_port(wanted: int) -> int:
    port = wanted
    while not running.is_free(port):
        port += 1
    if port != wanted:
        print(f"Port {wanted} is taken: using {port}.")
    return port


def _environment(environ: Mapping[str, str], home: Path, web: int, phones: int) -> dict[str, str]:
    ours = {*environment.PLAIN, *environment.SECRETS, *(f"{name}_FILE" for name in environment.SECRETS)}
    config = home / "hotline.toml"
    if not config.exists():
        shutil.copyfile(SAMPLES / "demo.toml", config)
    return {
        **{name: value for name, value in environ.items() if name not in ours},
        "HOTLINE_HOME": str(home),
        "HOTLINE_CONFIG": str(config),
        "PORT": str(web),
        "PUBLIC_BASE_URL": f"http://{running.HERE}:{web}",
        "TWILIO_API_BASE_URL": f"http://{running.HERE}:{phones}",
    }


def _kept_secrets(home: Path) -> dict[str, str]:
    """Made once, for this demo only; the same ones open its data next time."""
    file = home / _SECRETS
    if not file.exists():
        made = {
            "TWILIO_ACCOUNT_SID": f"AC{secrets.token_hex(16)}",
            "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
            "HOTLINE_DATA_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
            "SECRET_KEY": secrets.token_urlsafe(48),
            _PASSWORD: f"demo-{secrets.token_hex(4)}",
        }
        text = "".join(f'{name} = "{value}"\n' for name, value in made.items())
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as kept:
            kept.write(text)
    return {name: str(value) for name, value in tomllib.loads(file.read_text(encoding="utf-8")).items()}


def welcome(ready: Prepared, log: Path) -> str:
    """What is printed first: where the demo is, and who signs in how. `log`: where everything else is said."""
    return f"""
  Hotline's demo starts on this machine; it calls nobody outside. In a few seconds:

    Phones   http://{running.HERE}:{ready.phones}/    call, press 2, and answer as staff
    Console  {ready.settings.public_base_url}/    sign in as "{SIGN_IN}"
             with the password {ready.password}; it opens every sample account:
{_accounts(ready.staff)}

  Everything it says is in {_near(log)}; the demo's data is beside it.
  Any other command is about this demo with `demo` before it, in another window: {_program()} demo report
  Ctrl-C stops it.
"""


def _accounts(staff: Sequence[Mapping[str, str]]) -> str:
    """Each account on a line of its own, with what they are beside it."""
    longest = max(len(one["name"]) for one in staff)
    lines = (f"{one['name']:<{longest}}  {' and '.join(one['roles'])}" for one in staff)
    return textwrap.indent("\n".join(lines), " " * 15)


def _program() -> Path:
    """What was typed to start this, as it is typed again."""
    typed = Path(sys.argv[0])
    return _near(typed.absolute()) if typed.name == "hotline" else Path("hotline")


def _near(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
