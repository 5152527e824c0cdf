"""Where a program runs that refuses to be root, when we are root: as `nobody`, in a folder that `nobody` may enter."""

import os
import pwd
import shutil
import tempfile
from pathlib import Path
from typing import TypedDict

NAME = "nobody"


class As(TypedDict, total=False):
    """Arguments of `subprocess` that give up root; empty where we are not root."""

    user: int
    group: int
    extra_groups: list[int]


def as_unprivileged() -> As:
    """What makes a child process unprivileged."""
    if os.geteuid() != 0:
        return {}
    account = pwd.getpwnam(NAME)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def give(folder: Path) -> None:
    """Makes the unprivileged user the owner of a folder and all in it; does nothing where we are not root."""
    account = as_unprivileged()
    if account:
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, account["user"], account["group"], follow_symlinks=False)


def may_read(path: Path) -> bool:
    """Whether the unprivileged user can reach and read it."""
    if not as_unprivileged():
        return os.access(path, os.R_OK)
    real = path.resolve()
    return all(parent.stat().st_mode & 0o001 for parent in real.parents) and bool(real.stat().st_mode & 0o004)


def enterable_folder(wanted: Path) -> Path:
    """A new empty folder in which the unprivileged user can work.

    It is the wanted one; or, where a parent is closed to others (root's home, pytest's folders), one in the
    system's folder for temporary files, to which the wanted one is a link.
    """
    wanted.mkdir()
    if may_read(wanted):
        return wanted
    wanted.rmdir()
    elsewhere = Path(tempfile.mkdtemp(prefix=f"treatywire-{wanted.name}-"))
    wanted.symlink_to(elsewhere)
    return elsewhere


def remove_enterable_folder(wanted: Path) -> None:
    """Removes the folder, and the one elsewhere to which it is a link."""
    if wanted.is_symlink():
        shutil.rmtree(wanted.readlink(), ignore_errors=True)
        wanted.unlink()
    else:
        shutil.rmtree(wanted, ignore_errors=True)
