"""``hotline demo``: everything, with a pretend phone network and sample staff, on this machine alone.

It lives in a home of its own (``demo`` under HOTLINE_HOME) and takes nothing from the environment that could
reach a real account or a real database. It stays as it was left until its home is deleted.
"""

import base64
import os
import secrets
import shlex
import shutil
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from hotline import paths
from hotline.commands import paperwork
from hotline.commands import run as running
from hotline.runtime.supervisor import Process, make_sure_of_being_alone
from hotline.settings import environment
from hotline.settings.load import Settings, SettingsProblems
from hotline.store import migrate
from hotline.telephony.twiml import RETRY

SAMPLES = Path(__file__).parents[1] / "samples"
SIGN_IN = "Ana Lima"
CALLERS = {"+16175550150": "Mia", "+16175550151": "Tom"}
HIDDEN_CALLERS = {"+16175550152": "Kim"}


def run(environ: Mapping[str, str]) -> None:
    """Prepare the demo's home, say where to look, and run until told to stop. Raises as running.run does."""
    home = Path(environ.get("HOTLINE_HOME", "").strip() or "./var").expanduser().absolute() / "demo"
    running.make_home(home)
    make_sure_of_being_alone(home)
    web = _free_port(_wanted_port(environ))
    phones = _free_port(web + 1)
    kept = _kept_secrets(home)
    password = kept.pop("HOTLINE_DEMO_PASSWORD")
    given = _environment(environ, home, web, phones) | kept
    settings, _redis = running.check(given)
    migrate.upgrade(settings.database_url.get_secret_value())
    staff = tomllib.loads((SAMPLES / "staff.toml").read_text(encoding="utf-8"))
    paperwork.open_doors(settings, staff, password)
    simulator = _simulator(settings, staff["staff"], phones)
    log = home / "hotline.log"
    print(_welcome(web, phones, password, log), flush=True)
    with log.open("w", encoding="utf-8") as lines:
        running.run(given, [simulator], lines)


def _simulator(settings: Settings, staff: Sequence[Mapping[str, str]], port: int) -> Process:
    """The pretend phone network, with the hotline's numbers, some callers, and everybody's phone."""
    line = settings.centre.line
    command = ["python", "-m", "hotline.simulator", "--port", str(port), "--web", settings.public_base_url]
    command += ["--console", settings.public_base_url]
    # The addresses as they are to be given to Twilio, which then asks again.
    for option, path in (("voice", paths.VOICE), ("status", paths.VOICE_STATUS), ("sms", paths.SMS)):
        command += [f"--{option}-path", path + RETRY]
    for number in line.numbers:
        command += ["--number", number.e164]
    for phone, name in CALLERS.items():
        command += ["--caller", f"{phone}={name}"]
    for phone, name in HIDDEN_CALLERS.items():
        command += ["--hidden-caller", f"{phone}={name}"]
    for person in staff:
        command += ["--staff", f"{person['phone']}={person['name']}:{person['roles'][0].capitalize()}"]
    command += ["--staff", f"{line.failsafe_number.e164}=Failsafe:The last resort"]
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
    file = home / "secrets.toml"
    if not file.exists():
        made = {
            "TWILIO_ACCOUNT_SID": f"AC{secrets.token_hex(16)}",
            "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
            "HOTLINE_DATA_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
            "SECRET_KEY": secrets.token_urlsafe(48),
            "HOTLINE_DEMO_PASSWORD": f"demo-{secrets.token_hex(4)}",
        }
        text = "".join(f'{name} = "{value}"\n' for name, value in made.items())
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as kept:
            kept.write(text)
    return {name: str(value) for name, value in tomllib.loads(file.read_text(encoding="utf-8")).items()}


def _welcome(web: int, phones: int, password: str, log: Path) -> str:
    return f"""
  Hotline's demo starts on this machine; it calls nobody outside. In a few seconds:

    Phones   http://{running.HERE}:{phones}/    call, press 2, and answer as a member of staff
    Console  http://{running.HERE}:{web}/    sign in as "{SIGN_IN}" with the password {password}

  Everything it says is in {_near(log)}; the demo's data is beside it.
  Ctrl-C stops it.
"""


def _near(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
