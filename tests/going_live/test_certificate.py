"""The certificate of the public address is looked at over a real connection, as a stranger sees it."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hotline.operations.checkup.account_seen import NotSeen
from hotline.runtime.examining.machine_probe import machine
from tests.going_live.account import open_account

ENDS = datetime.now(UTC).replace(microsecond=0) + timedelta(days=30)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """For this machine, signed by nobody but itself; with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hotline")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(ENDS - timedelta(days=60))
        .not_valid_after(ENDS)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "certificate.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return file


@pytest.fixture
def port(certificate: Path) -> Iterator[int]:
    """Where somebody answers with it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        ended = threading.Event()

        def serve() -> None:
            while not ended.is_set():
                with suppress(OSError):
                    connection, _ = listening.accept()
                    with connection, suppress(OSError), context.wrap_socket(connection, server_side=True):
                        pass

        served = threading.Thread(target=serve, daemon=True)
        served.start()
        yield listening.getsockname()[1]
        ended.set()
        with suppress(OSError):
            socket.create_connection(listening.getsockname(), 1).close()
        served.join(5)


def _seen(tmp_path: Path, port: int) -> datetime | NotSeen | None:
    here = f"https://127.0.0.1:{port}"
    settings = open_account(
        tmp_path / "home", PUBLIC_BASE_URL=here, TWILIO_API_BASE_URL="http://127.0.0.1:1"
    ).settings
    return machine(settings).certificate_ends


def test_a_certificate_that_others_trust_tells_its_end(
    tmp_path: Path, port: int, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the second."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert _seen(tmp_path, port) == ENDS


def test_one_that_nobody_trusts_is_told_as_that(tmp_path: Path, port: int) -> None:
    """The carrier would not speak to it."""
    seen = _seen(tmp_path, port)
    assert isinstance(seen, NotSeen)
    assert "self" in seen.why
