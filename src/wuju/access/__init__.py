"""权限 — accounts, grants of a role over a part of the tree, and the translation of a login to an actor."""
