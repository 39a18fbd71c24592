"""What the members' room refuses."""

from mall.core.errors import N_, MallError, NotFound


class EmailTaken(MallError):
    """Another member has this address. Shown to staff and imports only: a visitor is never told who is a member."""

    status = 409
    code = "email_taken"
    message = N_("Another member already has the address %(email)s.")


class NoSuchRole(MallError):
    """There is no role of that name."""

    status = 422
    code = "no_such_role"
    message = N_("There is no role called “%(role)s”. There are: %(known)s.")


class TooManyAddresses(MallError):
    """A member keeps no more than so many addresses."""

    status = 409
    code = "too_many_addresses"
    message = N_("You have %(most)s addresses, the most there can be. Delete one that you no longer need.")


class NoSuchAddress(NotFound):
    """Not in this member's address book, whoever else's it may be. The log names it by this code."""

    code = "no_such_address"
