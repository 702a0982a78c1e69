"""The named cast: one account a role, the same in every size, printed by `seed_demo` and `demo_accounts`."""

from dataclasses import dataclass

from establishments.models import Role

PASSWORD = "ronde-demo-2026"  # noqa: S105 - printed at each run of a local demonstration; refused in service


@dataclass(frozen=True)
class Member:
    """`key` is the role, or what tells apart two members of the same role."""

    key: str
    role: str
    title: str
    first_name: str
    last_name: str
    email: str


MEMBERS = (
    Member(Role.COORDINATOR, Role.COORDINATOR, "coordinatrice", "Samira", "Benali", "coordinatrice@demo.example"),
    Member(
        "colleague", Role.COORDINATOR, "coordinateur du secteur voisin", "Paul", "Nguyen", "coordinateur@demo.example"
    ),
    Member(Role.POLE_HEAD, Role.POLE_HEAD, "cheffe de pôle", "Hélène", "Marchand", "cheffe.de.pole@demo.example"),
    Member(Role.DIRECTOR, Role.DIRECTOR, "directrice", "Alice", "Roux", "directrice@demo.example"),
    Member(Role.CENTRAL, Role.CENTRAL, "services centraux", "Inès", "Faure", "services.centraux@demo.example"),
    Member(
        Role.DIVISION_HEAD,
        Role.DIVISION_HEAD,
        "cheffe de circonscription",
        "Claire",
        "Delorme",
        "cheffe.de.circonscription@demo.example",
    ),
    Member(Role.ASSISTANT, Role.ASSISTANT, "assistante", "Louise", "Petit", "assistante@demo.example"),
    Member(Role.HEALTH_LEAD, Role.HEALTH_LEAD, "référente santé", "Aïcha", "Morel", "referente.sante@demo.example"),
    Member(Role.ADMINISTRATOR, Role.ADMINISTRATOR, "administrateur", "Omar", "Diallo", "administrateur@demo.example"),
    Member(Role.ELECTED, Role.ELECTED, "élue", "Léa", "Garnier", "elue@demo.example"),
)
