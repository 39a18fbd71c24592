"""The roles that staff can have: rows that the code relies on."""

_ROLES = "INSERT INTO role (name) VALUES ('merchandiser'), ('service'), ('supervisor'), ('finance'), ('administrator')"

UPGRADE = {"sqlite": [_ROLES], "postgresql": [_ROLES]}
