"""Names that the emulator and who fills the account must agree on."""

CALLER = "release"
"""The user that whoever calls with the sandbox's key is taken for, where the account has one."""
