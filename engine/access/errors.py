"""What can go wrong with logging in and with permissions.

None of these tells whether an account or a family exists.
"""

from __future__ import annotations

from engine.errors import KetenspoorError


class AccessError(KetenspoorError):
    """The base of the errors of this room."""

    code = "access-error"


class AccessDenied(AccessError):
    """The person has no relation to the family, or it does not exist: the answer is the same."""

    code = "access-denied"

    def __init__(self) -> None:
        super().__init__(
            "Hier heb je geen toegang toe.",
            "Werk je met dit gezin, vraag dan de projectleider om je te koppelen.",
        )


class ActorChanged(AccessError):
    """Somebody's account or roles changed since they were looked up; they are to be looked up anew.

    No person gets to see it.
    """

    code = "actor-changed"


class LoginRefused(AccessError):
    """The name and the password do not belong together."""

    code = "login-refused"

    def __init__(self) -> None:
        super().__init__(
            "Het e-mailadres of het wachtwoord klopt niet.",
            "Probeer het opnieuw, of vraag de beheerder om een nieuw wachtwoord.",
        )


class TooManyAttempts(AccessError):
    """Logging in to this account was tried too often; it is closed for a while."""

    code = "too-many-attempts"

    def __init__(self, minutes: int) -> None:
        super().__init__(
            "Inloggen is te vaak mislukt.", f"Wacht {minutes} minuten en probeer het opnieuw."
        )
        self.minutes = minutes


class PasswordTooWeak(AccessError):
    """The new password is too short."""

    code = "password-too-weak"
