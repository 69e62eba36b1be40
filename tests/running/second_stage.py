"""The second stage of the Dockerfile, step by step, in name spaces of its own, for `test_bare_machine`.

`unshare --mount --net python -m tests.running.second_stage DOCKERFILE COMPOSE BUILT CENTRE`. What is written to /etc,
/opt, /run and /var/lib is seen here alone and gone afterwards. Then the release and the web's health are what the
compose file says of them. Prints what was seen, as JSON.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import shlex
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from tests.stories.centre import DATA_KEY, SID, TOKEN

SECRETS: Final = {
    "twilio_auth_token": TOKEN,
    "data_key": base64.b64encode(DATA_KEY).decode(),
    "secret_key": "s" * 48,
}
_SIOCSIFFLAGS, _UP_AND_RUNNING = 0x8914, 0x41


@dataclass
class Image:
    """What the steps have made so far."""

    user: str = "root"
    folder: str = "/"
    environ: dict[str, str] = field(default_factory=dict)
    stop: signal.Signals = signal.SIGTERM
    port: int = 0
    command: list[str] = field(default_factory=list)

    def starts(self, command: list[str], **told: str) -> subprocess.Popen[bytes]:
        """As whoever runs the image starts it."""
        return subprocess.Popen(
            command, cwd=self.folder, user=self.user, group=self.user, extra_groups=[],
            env={**self.environ, **told}, stdout=sys.stderr, stderr=sys.stderr,
        )  # fmt: skip


def main(dockerfile: Path, compose: Path, built: Path, centre: str) -> None:
    """Do it all; raises for a step that fails."""
    steps = dockerfile.read_text().replace("\\\n", " ").split("\n\n")[1]
    composed = yaml.safe_load(compose.read_text())
    _apart(built)
    image = Image()
    for line in steps.splitlines():
        if not line.startswith("#"):
            _step(image, *line.split(maxsplit=1))
    told = _settings(composed["x-hotline"], centre)
    services = composed["services"]
    migrated = image.starts(services["release"]["command"], **told).wait(300)
    web = image.starts(image.command, **told)
    check = services["web"]["healthcheck"]["test"]
    assert check[0] == "CMD"
    healthy = False
    until = time.monotonic() + 300
    while not healthy and time.monotonic() < until and web.poll() is None:
        healthy = image.starts(check[1:], **told).wait(60) == 0
        time.sleep(1)
    assert web.poll() is None, "the web has ended"
    seen = {
        "migrated": migrated,
        "healthy": healthy,
        "user": Path(f"/proc/{web.pid}").stat().st_uid,
        "folder": str(Path(f"/proc/{web.pid}/cwd").resolve()),
        "program": shutil.which(image.command[0], path=image.environ["PATH"]),
        "title": Path(f"/proc/{web.pid}/cmdline").read_text().rstrip("\0"),
        "elsewhere": socket.socket().connect_ex(("127.0.0.2", image.port)),
        "home": [oct(Path(image.folder).stat().st_mode & 0o777), Path(image.folder).owner()],
    }
    web.send_signal(image.stop)
    seen["stopped"] = web.wait(60)
    sys.stdout.write(json.dumps(seen))


def _step(image: Image, word: str, rest: str) -> None:
    match word:
        case "FROM":
            pass
        case "COPY":
            _, here, _ = rest.split()
            assert Path(here).is_dir(), f"{here} is copied, and isn't there"
        case "RUN":
            subprocess.run(["/bin/sh", "-c", rest], check=True)
        case "USER":
            image.user = rest
        case "WORKDIR":
            image.folder = rest
        case "ENV":
            image.environ |= dict(one.split("=", 1) for one in shlex.split(rest))
        case "STOPSIGNAL":
            image.stop = signal.Signals[rest]
        case "EXPOSE":
            image.port = int(rest)
        case "CMD":
            image.command = json.loads(rest)
        case _:
            raise AssertionError(f"{word} is a step that this doesn't know")


def _apart(built: Path) -> None:
    """Folders of our own in the places that are written to, with what was built at its place and nowhere else."""
    python = Path(sys.base_prefix)
    _mount("--make-rprivate", "/")
    for place in ("/opt", "/var/lib", "/run"):
        _mount("-t", "tmpfs", "tmpfs", place)
    etc = Path("/opt/etc")
    subprocess.run(["cp", "-a", "/etc", str(etc)], check=True)
    _mount("--bind", str(etc), "/etc")
    for user in ("passwd", "group", "shadow", "gshadow"):
        _without_hotline(Path("/etc") / user)
    subprocess.run(["cp", "-a", str(built / "opt" / "hotline"), "/opt/hotline"], check=True)
    for file in [
        *Path("/opt/hotline").glob("releases/*/bin/*"),
        *Path("/opt/hotline").glob("releases/*/pyvenv.cfg"),
    ]:
        if file.is_file() and not file.is_symlink():
            file.write_bytes(file.read_bytes().replace(os.fsencode(built), b""))
    if not python.is_relative_to(
        "/usr"
    ):  # an interpreter in somebody's home, where the image's user may not look
        Path("/opt/python").mkdir()
        _mount("--bind", str(python), "/opt/python")
        _mount("-t", "tmpfs", "-o", "mode=0755", "tmpfs", f"/{python.parts[1]}")
        python.mkdir(parents=True)
        _mount("--move", "/opt/python", str(python))
    _mount("-t", "tmpfs", "tmpfs", str(built))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh", b"lo", _UP_AND_RUNNING))


def _without_hotline(file: Path) -> None:
    """Whoever runs this may have a user of that name already."""
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(line for line in lines if not line.startswith("hotline:")))


def _mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True)


def _settings(common: dict[str, Any], centre: str) -> dict[str, str]:
    """The file of settings and the secrets where the compose file has them mounted; the database is the image's own
    file, in place of PostgreSQL, and no Redis."""
    config, secrets = Path("/etc/hotline/hotline.toml"), Path("/run/secrets")
    assert f"./hotline.toml:{config}:ro" in common["volumes"]
    config.parent.mkdir()
    config.write_text(centre)
    secrets.mkdir()
    told = {"PUBLIC_BASE_URL": "https://hotline.example.com", "TWILIO_ACCOUNT_SID": SID}
    for name, value in common["environment"].items():
        if not name.startswith("DATABASE_URL"):
            told[name] = value
    for name, value in SECRETS.items():
        (secrets / name).write_text(value)
    return told


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4])
