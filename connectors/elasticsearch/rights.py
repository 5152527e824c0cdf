"""The least that a user must be allowed, as bodies of ``PUT _security/role/NAME``.

Two users: the processes run as one who can neither make nor delete an index; `treatywire index` and `upgrade` as one
who can, and who is needed at an installation or an upgrade only.
"""

from typing import Any


def worker(prefix: str) -> dict[str, Any]:
    """Read, write and refresh our indices, and see their mappings; nothing of the cluster."""
    return {
        "cluster": [],
        "indices": [{"names": [f"{prefix}-*"], "privileges": ["read", "write", "maintenance", "view_index_metadata"]}],
    }


def administrator(prefix: str) -> dict[str, Any]:
    """Make, switch and delete our indices, and the templates that they are made by."""
    return {
        "cluster": ["manage_index_templates"],
        "indices": [
            {
                "names": [f"{prefix}-*"],
                "privileges": [
                    "read",
                    "write",
                    "maintenance",
                    "view_index_metadata",
                    "create_index",
                    "delete_index",
                    "manage",
                ],
            }
        ],
    }
