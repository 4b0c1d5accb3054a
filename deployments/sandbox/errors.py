"""The sandbox's one error."""


class WorldError(Exception):
    """The world could not be brought into the wanted state; the message says where to look or what to do."""
