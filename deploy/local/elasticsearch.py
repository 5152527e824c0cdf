"""A real Elasticsearch, one node, on loopback.

The distribution is the one that its makers publish for integration tests: the server whole, without the modules of
language analysis, scripts, reindex and lifecycle management. What it lacks, Treatywire does not use.
"""

import json
import os
import secrets
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx

from deploy.local.elasticsearch_home import environment, prepare_home, run_tool
from deploy.local.errors import ServerFailed
from deploy.local.processes import Process, known, tail
from deploy.local.server import READY_S, NotReady, Part, Server
from deploy.local.unprivileged import as_unprivileged, enterable_folder, remove_enterable_folder

USER = "elastic"
"""Its superuser, where security is on."""


class Elasticsearch(Server):
    """Elasticsearch in a folder.

    Args:
        folder: The instance's folder.
        security: Whether it asks for a password; a new one is made at the first start.
        for_load: Whether to compile fully and take a heap of 1 GB, for benchmarks: 6 s of CPU more to start.
        settings: Lines of `elasticsearch.yml` beyond ours, or instead of them.
    """

    name = "elasticsearch"
    ports = ("http", "transport")

    def __init__(
        self,
        folder: Path | str,
        *,
        security: bool = False,
        for_load: bool = False,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(folder)
        self._security, self._for_load, self._settings = security, for_load, settings or {}
        self._log = self.folder / "elasticsearch.log"

    @property
    def url(self) -> str:
        """Where it answers HTTP."""
        return f"http://127.0.0.1:{self.state.ports['http']}"

    @property
    def user(self) -> str | None:
        """The superuser's name; None where security is off."""
        return None if self.password is None else USER

    @property
    def password(self) -> str | None:
        """The superuser's password; None where security is off."""
        return self.state.options.get("password")

    def addresses(self) -> dict[str, str]:
        """Its URL, and user and password where security is on."""
        return {"url": self.url} | ({} if self.password is None else {"user": USER, "password": self.password})

    def parts(self) -> Mapping[str, Part]:
        """One node."""
        return {"node": Part(self._launch, self._health, self._log)}

    def add_role(self, name: str, definition: Mapping[str, object]) -> None:
        """Defines a role, as the body of `PUT _security/role` does; the node knows it within a second.

        It goes into a file: this distribution lacks what the index of native roles and users is made of.
        """
        roles = Path(self.state.home) / "config" / "roles.yml"
        with roles.open("a", encoding="utf-8") as file:
            file.write(f"\n{json.dumps(name)}: {json.dumps(definition)}\n")

    def add_user(self, name: str, password: str, roles: Sequence[str]) -> None:
        """Adds a user of the file realm; the node knows it within a second.

        Raises:
            ServerFailed: The name or the password is refused; the message says why.
        """
        state = self.state
        command = ("elasticsearch-users", "useradd", name, "--password", password, "--roles", ",".join(roles))
        run_tool(Path(state.options["distribution"]), Path(state.home), *command)

    def prepare(self, home: Path, ports: dict[str, int]) -> dict[str, str]:
        """Fetches the distribution, writes the configuration and, with security, the password into its keystore."""
        settings = self._settings
        distribution = prepare_home(home, ports, security=self._security, for_load=self._for_load, settings=settings)
        options = {"distribution": str(distribution)}
        if self._security:
            options["password"] = secrets.token_hex(8)
            # --force makes the keystore too, where there is none.
            command = ("elasticsearch-keystore", "add", "--force", "--stdin", "bootstrap.password")
            run_tool(distribution, home, *command, stdin=options["password"])
        return options

    def make_home(self) -> Path:
        """A new folder in which it can work as a user other than root."""
        self.remove_home()
        return enterable_folder(self.folder / self.name)

    def remove_home(self) -> None:
        """Removes its folder, wherever it is, and takes the log out of it."""
        self._take_log()
        remove_enterable_folder(self.folder / self.name)

    def _launch(self) -> Process:
        state = self.state
        home = Path(state.home)
        pid_file = home / "pid"
        pid_file.unlink(missing_ok=True)
        # Its launcher, a Java of its own, leaves once the server has started (--daemonize), and one process stays.
        with self._log.open("ab") as output:
            launcher = subprocess.Popen(
                [f"{state.options['distribution']}/bin/elasticsearch", "--daemonize", "--pidfile", str(pid_file)],
                env=environment(home),
                cwd=home,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                **as_unprivileged(),
            )
        try:
            code: int | str = launcher.wait(READY_S)
        except subprocess.TimeoutExpired:
            code = f"none within {READY_S:.0f} s"
        finally:
            if launcher.returncode is None:
                os.killpg(launcher.pid, signal.SIGKILL)
                launcher.wait()
        server = known(int(pid_file.read_text())) if code == 0 else None
        if server is None:
            self._take_log()
            raise ServerFailed(f"elasticsearch: exit code {code}; its log {self._log}:\n{tail(self._log)}")
        return server

    def _take_log(self) -> None:
        """Adds what the node has logged in its home, which nobody but its user may enter, to the log beside it."""
        inner = self.folder / self.name / "logs" / "server.log"
        if inner.exists():
            with self._log.open("ab") as log:
                log.write(inner.read_bytes())
            inner.unlink()

    def _health(self) -> str:
        auth = None if self.password is None else (USER, self.password)
        try:
            with httpx.Client(trust_env=False, timeout=5, auth=auth) as client:
                answer = client.get(f"{self.url}/_cluster/health").raise_for_status().json()
        except httpx.HTTPError as error:
            raise NotReady(str(error) or type(error).__name__) from error
        # Yellow for good: an index with replicas on this one node.
        if answer["status"] == "red" or answer["initializing_shards"]:
            raise NotReady(f"{answer['status']}, {answer['initializing_shards']} shards starting")
        return str(answer["status"])
