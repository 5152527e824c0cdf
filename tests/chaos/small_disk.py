"""A filesystem of a few megabytes that can be filled, and emptied again."""

import errno
import os
import subprocess
from pathlib import Path

PAGE_BYTES = 4096
_MOUNT = 'mount -t tmpfs -o size="$1" small "$2" && echo mounted && exec cat'


class NoSmallDisk(Exception):  # noqa: N818 - what it is
    """This machine lets us mount nothing."""


class SmallDisk:
    """A tmpfs in a mount namespace of its own, so that nothing is left of it, whatever becomes of us.

    The namespace is that of a process that ends with our end of its standard input. Others reach the filesystem by way
    of that process in `/proc`. Root makes the namespace outright, anybody else within a namespace of users.

    Args:
        point: An empty folder on which it is mounted in there.
        megabytes: Its size.

    Raises:
        NoSmallDisk: This machine does not allow it; says why.
    """

    def __init__(self, point: Path, megabytes: int) -> None:
        point.mkdir(parents=True, exist_ok=True)
        users = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
        command = ["unshare", *users, "--mount", "--propagation", "private", "sh", "-c", _MOUNT, "sh"]
        self._keeper = subprocess.Popen(
            [*command, f"{megabytes}m", str(point)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert self._keeper.stdout is not None
        if self._keeper.stdout.readline() != "mounted\n":
            _, said = self._keeper.communicate()
            raise NoSmallDisk(f"no small filesystem can be mounted here: {said.strip()}")
        self.path = Path(f"/proc/{self._keeper.pid}/root{point.absolute()}")
        """Where every process of ours finds it."""

    @property
    def free(self) -> int:
        """Bytes."""
        found = os.statvfs(self.path)
        return found.f_bavail * found.f_frsize

    def fill(self) -> None:
        """Leaves no room for anything."""
        with self._ballast.open("ab") as file:
            taken, step = 0, self.free
            while step >= PAGE_BYTES:
                try:
                    os.posix_fallocate(file.fileno(), taken, step)
                    taken += step
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise
                    # All or nothing: another may have written since we asked how much there is.
                    step = step // 2 // PAGE_BYTES * PAGE_BYTES

    def make_room(self) -> None:
        """Takes away what `fill` has put there."""
        self._ballast.unlink(missing_ok=True)

    def close(self) -> None:
        """Nothing of it is left."""
        self._keeper.communicate()

    @property
    def _ballast(self) -> Path:
        return self.path / "ballast"
