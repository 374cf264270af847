"""The store as the benchmark reads it, beside the server or while that is down: SQLite's file, or a PostgreSQL server of its own."""

import contextlib
import os
import secrets
import shutil
import sqlite3
import subprocess
import time
from pathlib import Path

from .faults import BenchmarkFault
from .ports import HOST, free_ports

_START_SECONDS = 60


class SqliteStore:
    name = "SQLite"

    def __init__(self, folder: Path):
        self._path = folder / "vsmtp" / "spool" / "vsmtp.db"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    @property
    def url(self) -> str:
        return f"sqlite:{self._path}"

    def rows(self, sql: str) -> list[tuple]:
        with contextlib.closing(sqlite3.connect(f"file:{self._path}?mode=ro", uri=True, timeout=30)) as base:
            return base.execute(sql).fetchall()

    def run(self, sql: str) -> None:
        with contextlib.closing(sqlite3.connect(self._path, timeout=30)) as base, base:
            base.execute(sql)


class PostgresStore:
    """A cluster of its own on a free port, with the settings that initdb gives."""

    name = "PostgreSQL"

    def __init__(self, folder: Path):
        self._folder = folder / "postgres"
        self._data = self._folder / "data"
        self._password = secrets.token_hex(16)
        self._port = free_ports(1)[0]
        self._programs = _programs()

    @property
    def url(self) -> str:
        return f"postgres://vsmtp:{self._password}@{HOST}:{self._port}/mail?sslmode=disable"

    @property
    def pid(self) -> int:
        """The root of the process tree."""
        return self._process.pid

    def version(self) -> str:
        """Name and version, as it prints them."""
        return f"{self.name} {self._psql('postgres', 'SHOW server_version').strip()}"

    def rows(self, sql: str) -> list[tuple]:
        lines = self._psql("mail", f"SET search_path TO vsmtp; {sql}").splitlines()
        return [tuple(int(cell) if cell.isdecimal() else cell for cell in line.split("\t")) for line in lines if line]

    def run(self, sql: str) -> None:
        self._psql("mail", f"SET search_path TO vsmtp; {sql}")

    def __enter__(self):
        self._folder.mkdir()
        secret = self._folder / "password"
        secret.write_text(self._password)
        if os.geteuid() == 0:
            shutil.chown(self._folder, "postgres", "postgres")
            shutil.chown(secret, "postgres", "postgres")
        made = subprocess.run(self._command("initdb", "-D", self._data, "-U", "vsmtp", "-A", "scram-sha-256", f"--pwfile={secret}",
                                            "-E", "UTF8", "--locale=C.UTF-8"), capture_output=True, text=True, cwd="/")
        if made.returncode != 0:
            raise BenchmarkFault(f"initdb: {made.stderr}")
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                self._command("postgres", "-D", self._data, "-p", self._port, "-c", f"listen_addresses={HOST}", "-c", "unix_socket_directories="),
                stdout=log, stderr=log, cwd="/", start_new_session=True)
        self._await()
        self._psql("postgres", "CREATE DATABASE mail")
        return self

    def __exit__(self, *_):
        self._process.terminate()
        self._process.wait()

    def _await(self) -> None:
        limit = time.monotonic() + _START_SECONDS
        while True:
            try:
                self._psql("postgres", "SELECT 1")
                return
            except BenchmarkFault:
                if time.monotonic() > limit or self._process.poll() is not None:
                    raise
                time.sleep(0.2)

    def _psql(self, base: str, sql: str) -> str:
        ended = subprocess.run(
            [self._programs / "psql", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-h", HOST, "-p", str(self._port),
             "-U", "vsmtp", "-d", base, "-c", sql],
            capture_output=True, text=True, env={**os.environ, "PGPASSWORD": self._password})
        if ended.returncode != 0:
            raise BenchmarkFault(f"psql: {ended.stderr}")
        return ended.stdout

    def _command(self, program: str, *arguments) -> list[str]:
        command = [str(self._programs / program), *map(str, arguments)]
        # PostgreSQL refuses to run as root; setpriv becomes the program, so that its id is the server's.
        return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command] if os.geteuid() == 0 else command


STORES = {"sqlite": SqliteStore, "postgres": PostgresStore}


def _programs() -> Path:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    found = [folder for folder in folders if (folder / "initdb").exists()]
    if not found:
        raise BenchmarkFault("initdb not found: install Debian's postgresql")
    return found[0]
