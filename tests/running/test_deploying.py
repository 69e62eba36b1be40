"""What stands under deploy/: in step with the Procfile and the settings, and taken by the programs it is for."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import yaml

from bench.slow import SlowClients
from hotline.runtime import web_worker
from hotline.runtime.procfile import read_procfile
from hotline.settings import environment
from hotline.simulator.asking.signing import sign
from tests.running.application import REPOSITORY, eventually
from tests.running.installed import SOURCES
from tests.running.web import Web, web
from tests.stories.centre import LINE, MIA, TOKEN

DEPLOY = REPOSITORY / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("hotline-*.service"))
COMMON = DEPLOY / "systemd" / "hotline-.service.d" / "common.conf"
SETTINGS = {
    *environment.PLAIN,
    *environment.SECRETS,
    *(f"{name}_FILE" for name in environment.SECRETS),
    *("WEB_CONCURRENCY", "HOTLINE_BIND", "HOTLINE_LOGS"),
}


def _words(command: str) -> list[str]:
    """As a shell takes it; which Python it is, and how it is called, is each place's own."""
    words = shlex.split(command)
    words[0] = words[0].rsplit("/", 1)[-1]
    return ["hotline", *words[3:]] if words[:3] == ["python", "-m", "hotline"] else words


def _started(unit: Path) -> list[str]:
    (command,) = re.findall(r"^ExecStart=(.+)$", unit.read_text(), re.MULTILINE)
    return _words(command)


def test_there_is_a_unit_for_each_process_of_the_procfile() -> None:
    """And none for a process that isn't there."""
    started = []
    for unit in UNITS:
        if unit.name == "hotline-all.service":
            assert _started(unit) == ["hotline", "run"]
        elif unit.stem.endswith("@"):
            kinds = ("emergency", "urgent", "ordinary")
            started += [[word.replace("%i", kind) for word in _started(unit)] for kind in kinds]
        else:
            started.append(_started(unit))
    assert sorted(started) == sorted(map(_words, read_procfile().values()))


def test_units_set_what_the_settings_know() -> None:
    """A name that nobody reads would be a setting that isn't made."""
    told = re.findall(
        r"^Environment=(.+)$", "\n".join(unit.read_text() for unit in (*UNITS, COMMON)), re.MULTILINE
    )
    names = {word.split("=", 1)[0] for line in told for word in shlex.split(line)}
    assert names - {"PATH", "PYTHONUNBUFFERED"} <= SETTINGS


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_systemd_takes_the_units_and_finds_them_hardened(tmp_path: Path) -> None:
    """Without a word; exposed as little as its own services are (0 is nothing, 10 is everything)."""
    units, programs = tmp_path / "units", tmp_path / "programs"
    shutil.copytree(DEPLOY / "systemd", units)
    programs.mkdir()
    for name in ("hotline", "gunicorn", "python"):
        (programs / name).write_text("#!/bin/sh\n")
        (programs / name).chmod(0o755)
    for unit in units.glob("*.service"):
        unit.write_text(unit.read_text().replace("/opt/hotline/current/bin", str(programs)))
    environ = {**os.environ, "SYSTEMD_UNIT_PATH": f"{units}:"}
    whole = [str(one) for one in (*units.glob("*.service"), units / "hotline.target")]
    verified = _ran(["systemd-analyze", "verify", "--man=no", *whole], environ)
    assert (verified.stdout + verified.stderr, verified.returncode) == ("", 0)
    for unit in units.glob("hotline-[awc]*.service"):
        command = ["systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=20", str(unit)]
        judged = _ran(command, environ)
        assert judged.returncode == 0, judged.stdout


def _ran(command: list[str], environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)


# --- the image, and what runs from it ---------------------------------------------------------------------------


def _compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((DEPLOY / "docker" / "compose.yaml").read_text())
    return read


def _dockerfile() -> list[list[str]]:
    lines = (DEPLOY / "docker" / "Dockerfile").read_text().replace("\\\n", " ").splitlines()
    return [line.split() for line in lines if line.strip() and not line.startswith("#")]


def test_the_image_is_built_from_all_that_the_wheel_needs() -> None:
    """And what is copied is let through to the builder."""
    copied = {
        name for word, *names in _dockerfile() if word == "COPY" for name in names[:-1] if "=" not in name
    }
    copied -= {"/opt/hotline"}
    assert copied == {*SOURCES, "requirements.txt", "deploy/install.sh", *_led_to()}
    ignored = (REPOSITORY / ".dockerignore").read_text().splitlines()
    assert ignored[0] == "*"
    assert {line[1:] for line in ignored if line.startswith("!")} == copied


def _led_to() -> set[str]:
    """Files elsewhere that packages of ours are linked to."""
    links = (
        one for name in ("hotline", "workers") for one in (REPOSITORY / name).rglob("*") if one.is_symlink()
    )
    return {str(one.resolve().relative_to(REPOSITORY)) for one in links}


_STEPS = (
    "FROM", "COPY", "RUN", "USER", "WORKDIR", "ENV", "EXPOSE", "STOPSIGNAL", "CMD",
)  # fmt: skip
"""What may stand in the image's recipe: ADD fetches and unpacks, ARG stays readable in the image, MAINTAINER and the
shell form of CMD are of another day."""


def _faults(steps: list[list[str]]) -> list[str]:
    """What those who look images over would say of this recipe."""
    found = [f"{word}: not a step that we use" for word, *_ in steps if word not in _STEPS]
    stages = [index for index, (word, *_) in enumerate(steps) if word == "FROM"]
    if not stages or stages[0] != 0:
        return [*found, "it begins with FROM"]
    last = steps[stages[-1] :]
    given = {word: rest for word, *rest in last}
    found += [f"FROM {steps[one][1]}: which version?" for one in stages if ":" not in steps[one][1]]
    found += [
        f"FROM {steps[one][1]}: latest is another one tomorrow" for one in stages if "latest" in steps[one][1]
    ]
    if given.get("USER", ["root"])[0] in ("root", "0"):
        found.append("it runs as root")
    users = [index for index, (word, *_) in enumerate(last) if word == "USER"]
    found += [
        f"{' '.join(step)}: after USER" for step in last[users[-1] if users else 0 :] if step[0] == "RUN"
    ]
    if not " ".join(given.get("CMD", [])).startswith("["):
        found.append("CMD is a shell, which gets the signals in place of the program")
    if "WORKDIR" not in given or not given["WORKDIR"][0].startswith("/"):
        found.append("WORKDIR is no whole path")
    for word, *rest in steps:
        said = " ".join(rest)
        if word == "RUN" and re.search(r"\b(sudo|curl|wget|ssh)\b", said):
            found.append(f"RUN {said}: fetched, and by nobody checked")
        if word == "RUN" and "apt-get install" in said and "rm -rf /var/lib/apt/lists" not in said:
            found.append(f"RUN {said}: leaves lists behind")
        if word in ("RUN", "ENV") and re.search(r"(TOKEN|SECRET|PASSWORD|DATA_KEY)\w*=", said):
            found.append(f"{word}: a secret that everybody reads who has the image")
        if word == "ENV":
            names = {one.split("=", 1)[0] for one in rest} - {"PATH", "PYTHONUNBUFFERED"}
            found += [f"ENV {name}: nobody reads it" for name in sorted(names - SETTINGS)]
    return found


def test_nothing_in_the_image_s_recipe_is_what_those_who_look_images_over_refuse() -> None:
    """Versions, a user of its own, signals that arrive, nothing fetched unchecked, no secret, no setting that isn't."""
    assert _faults(_dockerfile()) == []


@pytest.mark.parametrize(
    ("was", "then", "said"),
    [
        (["USER", "hotline"], ["USER", "root"], "as root"),
        (["WORKDIR", "/var/lib/hotline"], ["WORKDIR", "hotline"], "no whole path"),
        (["STOPSIGNAL", "SIGTERM"], ["ARG", "TOKEN"], "ARG"),
        (["STOPSIGNAL", "SIGTERM"], ["RUN", "true"], "after USER"),
        (["STOPSIGNAL", "SIGTERM"], ["ENV", "SECRET_KEY=x"], "a secret"),
        (["EXPOSE", "8000"], ["CMD", "gunicorn"], "a shell"),
        (["EXPOSE", "8000"], ["ENV", "HOTLINE_HOMES=/x"], "HOTLINE_HOMES: nobody reads it"),
        (["FROM", "python:3.11-slim-bookworm"], ["FROM", "python"], "which version"),
        (["FROM", "python:3.11-slim-bookworm"], ["FROM", "python:latest"], "another one tomorrow"),
    ],
)
def test_a_recipe_that_is_spoilt_is_told(was: list[str], then: list[str], said: str) -> None:
    """Each by itself."""
    steps = _dockerfile()
    assert was in steps
    spoilt = [then if one == was else one for one in steps]
    if then[0] == "CMD":
        spoilt = [one for one in spoilt if one[0] != "CMD" or one == then]
    assert any(said in one for one in _faults(spoilt)), _faults(spoilt)


def test_there_is_a_service_for_each_process_of_the_procfile() -> None:
    """By the same names; the web is what the image does by itself."""
    services = _compose()["services"]
    (command,) = (line for line in _dockerfile() if line[0] == "CMD")
    web_command = shlex.join(yaml.safe_load(" ".join(command[1:])))
    for name, wanted in read_procfile().items():
        given = services[name].get("command")
        assert _words(shlex.join(given) if given else web_command) == _words(wanted), name


def test_what_the_services_are_told_is_known() -> None:
    """Each setting by its name, each secret by its file; nothing secret stands in the file itself."""
    composed = _compose()
    told = composed["x-hotline"]["environment"]
    for name, value in told.items():
        assert name in SETTINGS, name
        if name.endswith("_FILE"):
            assert value.removeprefix("/run/secrets/") in composed["x-hotline"]["secrets"]
    assert {name.removesuffix("_FILE") for name in told} >= set(environment.SECRETS) & {
        "TWILIO_AUTH_TOKEN",
        "HOTLINE_DATA_KEY",
        "SECRET_KEY",
    }
    used = {name for service in composed["services"].values() for name in service.get("secrets", ())}
    assert set(composed["secrets"]) == used


def test_whoever_stops_it_waits_as_long_as_the_slowest_needs() -> None:
    """What is claimed is settled first."""
    patience = int(_compose()["x-hotline"]["stop_grace_period"].removesuffix("s"))
    (stop,) = re.findall(r"^TimeoutStopSec=(\d+)$", COMMON.read_text(), re.MULTILINE)
    assert patience == int(stop) > web_worker.FINISHING + web_worker.UNFINISHED + 10


def test_the_installer_refuses_a_release_that_is_there(tmp_path: Path) -> None:
    """It changes nothing that runs."""
    (tmp_path / "releases" / "one").mkdir(parents=True)
    told = _ran(["sh", str(DEPLOY / "install.sh"), str(tmp_path), "one"], dict(os.environ))
    assert (told.returncode, "is there already" in told.stderr) == (1, True)
    assert not (tmp_path / "current").exists()


# --- a proxy before it --------------------------------------------------------------------------------------------

NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
CADDY = shutil.which("caddy")
proxied = [
    pytest.mark.process,
    pytest.mark.skipif(not NGINX, reason="no nginx here: apt install nginx-light"),
]


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _nginx(folder: Path, upstreams: list[int]) -> Iterator[int]:
    """The file as it stands, but for ports, the certificate and where it may write; yields the port of HTTPS."""
    plain, secure = _free(), _free()
    folder.mkdir()
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    made = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=hotline.example.com",
    ]
    subprocess.run([*made, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    servers = "\n".join(f"    server 127.0.0.1:{port} max_fails=0;" for port in upstreams)
    text = (DEPLOY / "proxy" / "nginx.conf").read_text()
    for old, new in (
        ("    server 127.0.0.1:8000 max_fails=0;", servers),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("    listen [::]:80;\n", ""),
        ("listen 443 ssl;", f"listen 127.0.0.1:{secure} ssl;"),
        ("    listen [::]:443 ssl;\n", ""),
        ("/etc/letsencrypt/live/hotline.example.com/fullchain.pem", str(certificate)),
        ("/etc/letsencrypt/live/hotline.example.com/privkey.pem", str(key)),
    ):
        assert old in text, old
        text = text.replace(old, new)
    paths = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "whole.conf").write_text(
        f"daemon off;\npid {folder}/pid;\nworker_processes 1;\nevents {{ worker_connections 1024; }}\n"
        f"http {{\n{paths}{text}\n}}\n"
    )
    command = [
        NGINX or "nginx",
        "-p",
        str(folder),
        "-c",
        str(folder / "whole.conf"),
        "-e",
        str(folder / "errors"),
    ]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        eventually(lambda: _open(secure), (folder / "errors").read_text, 20)
        assert _asked(HTTPConnection("127.0.0.1", plain, timeout=10), "GET", "/sign-in")[0] == 301
        yield secure
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(10)


def _open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _asked(
    connection: HTTPConnection, method: str, path: str, body: str = "", headers: dict[str, str] | None = None
) -> tuple[int, str]:
    try:
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Host": "hotline.example.com"}
        connection.request(method, path, body, {**kind, **(headers or {})})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def _secure(port: int) -> HTTPSConnection:
    untrusted = ssl.create_default_context()
    untrusted.check_hostname = False
    untrusted.verify_mode = ssl.CERT_NONE
    return HTTPSConnection("127.0.0.1", port, timeout=20, context=untrusted)


def _calls(port: int, behind: Web, sid: str) -> tuple[int, str]:
    form = {"CallSid": sid, "From": MIA, "To": LINE, "CallStatus": "ringing"}
    signed = {"X-Twilio-Signature": sign(TOKEN, f"http://127.0.0.1:{behind.port}/twilio/voice", form)}
    return _asked(_secure(port), "POST", "/twilio/voice", urlencode(form), signed)


class TestBehindNginx:
    """Debian's own, with the file that we tell people to use."""

    pytestmark = proxied

    def test_calls_are_answered_beside_slow_clients_and_after_one_machine_died(self, tmp_path: Path) -> None:
        """A machine that is off is one upstream of two: nobody hears of it, and no call is answered twice."""
        (tmp_path / "web").mkdir()
        with web(tmp_path / "web") as running, _nginx(tmp_path / "nginx", [_free(), running.port]) as port:
            assert _asked(_secure(port), "GET", "/sign-in")[0] == 200
            assert _asked(_secure(port), "POST", "/twilio/voice", "a" * 200_000)[0] == 413
            with ThreadPoolExecutor(8) as pool:
                answers = list(pool.map(lambda n: _calls(port, running, f"CAproxy{n}"), range(24)))
            assert {(status, "<Gather" in said) for status, said in answers} == {(200, True)}
            with SlowClients(port, 40) as slow:
                assert slow.all_here.wait(30)
                began = time.monotonic()
                assert _calls(port, running, "CAslow")[0] == 200
                assert time.monotonic() - began < 10
            running.process.terminate()
            running.process.wait(20)
            assert _calls(port, running, "CAgone")[0] == 502


@contextmanager
def _caddy(folder: Path, upstreams: list[int]) -> Iterator[int]:
    """The file as it stands, but for its remote control; by plain HTTP, for nobody else would sign for this name."""
    port = _free()
    folder.mkdir()
    text = (DEPLOY / "proxy" / "Caddyfile").read_text()
    assert text.count("\n{\n") == 1, "its own settings"
    (folder / "Caddyfile").write_text(text.replace("\n{\n", "\n{\n\tadmin off\n"))
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "HOTLINE_HOST": f"http://127.0.0.1:{port}",
        "HOTLINE_WEB": " ".join(f"127.0.0.1:{one}" for one in upstreams),
    }
    command = [CADDY or "caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
    with (folder / "said").open("wb") as said:
        running = subprocess.Popen(command, env=environ, cwd=folder, stdout=said, stderr=said)
    try:
        eventually(lambda: _open(port), (folder / "said").read_text, 60)
        yield port
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(30)


def test_the_file_for_caddy_is_valid_as_the_compose_file_uses_it(tmp_path: Path) -> None:
    """With the variables that its service is given, and a name for which it gets a certificate by itself."""
    if not CADDY:
        pytest.skip("no caddy here: apt install caddy")
    told = _compose()["services"]["proxy"]["environment"]
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "HOTLINE_HOST": "hotline.example.com",
        **told,
    }
    file = str(DEPLOY / "proxy" / "Caddyfile")
    judged = _ran([CADDY, "validate", "--config", file, "--adapter", "caddyfile"], environ)
    assert judged.returncode == 0, judged.stderr
    adapted = _ran([CADDY, "adapt", "--config", file, "--adapter", "caddyfile"], environ).stdout
    assert '"dial":"web:8000"' in adapted
    assert '"listen":[":443"]' in adapted


@pytest.mark.proof
@pytest.mark.process
@pytest.mark.skipif(not CADDY, reason="no caddy here: apt install caddy")
def test_behind_caddy_calls_are_answered_after_one_machine_died(tmp_path: Path) -> None:
    """One upstream of two is off: within seconds nobody hears of it; nor is any caller in its log."""
    (tmp_path / "web").mkdir()
    with web(tmp_path / "web") as running, _caddy(tmp_path / "caddy", [_free(), running.port]) as port:
        here = {"Host": f"127.0.0.1:{port}"}

        def asks(method: str, path: str, body: str = "", **headers: str) -> tuple[int, str]:
            return _asked(HTTPConnection("127.0.0.1", port, timeout=20), method, path, body, here | headers)

        def calls(sid: str) -> tuple[int, str]:
            form = {"CallSid": sid, "From": MIA, "To": LINE, "CallStatus": "ringing"}
            signed = sign(TOKEN, f"http://127.0.0.1:{running.port}/twilio/voice", form)
            return asks("POST", "/twilio/voice", urlencode(form), **{"X-Twilio-Signature": signed})

        def is_out() -> bool:
            return all(calls(f"CAfirst{number}")[0] == 200 for number in range(4))

        eventually(is_out, "the machine that is off is still asked".format, 90)
        answers = [calls(f"CAcaddy{number}") for number in range(8)]
        log = tmp_path / "caddy" / "said"
        assert {(status, "<Gather" in said) for status, said in answers} == {(200, True)}, log.read_text()
        assert asks("POST", "/twilio/voice", "a" * 200_000)[0] == 413
        running.process.terminate()
        running.process.wait(20)
        assert calls("CAgone")[0] in (502, 503)
    assert MIA[2:] not in (tmp_path / "caddy" / "said").read_text()
