"""`make must-show`: what the foundation promised, on the real lists, in a throw-away database; prints the figures.

RONDE_TRIAL_DATA names the folder of the trial data (../shared/data by default). The local database is not touched.
"""

import io
import logging
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.machine import ROOT, VENV, say

DATA = Path(os.environ.get("RONDE_TRIAL_DATA", ROOT.parent / "shared" / "data"))
TREE = ROOT / "establishments" / "territories_data" / "paris.yaml"
GOLDEN = ("tests/establishments/test_regulation.py", "tests/visits/test_schedule.py")
LISTS = "etablissements", "etablissements/carte", "visites", "visites/a-visiter", "actions", "conges", "indicateurs"
WHO, SECTOR = "coordination@ville.example", "secteur-20"
FACT = "Section des moyens, 9 h 50 : sept enfants en jeu libre ; l’œuvre de Noël « à suivre » à 12 %."
SUMMARY = "Un point à reprendre sur le couchage, dès lundi."


def must(kept: bool, promise: str, figure: object = "") -> None:
    """Prints a promise and its figure; stops at the first one that is not kept."""
    say(f"{'tenu ' if kept else 'ÉCHEC'}  {promise}{f' : {figure}' if figure != '' else ''}")
    if not kept:
        sys.exit(1)


def run(command: str, *arguments: object) -> str:
    """What a command of manage.py prints."""
    from django.core.management import call_command  # Django is ready only now

    call_command(command, *map(str, arguments), stdout=(out := io.StringIO()))
    return out.getvalue()


def bare_import() -> None:
    """The 320 crèches without a tree nor boundaries; undone afterwards."""
    out = run("import_establishments", DATA / "paris_creches.csv")
    must("créés 320" in out and "rejetés 0" in out, "sans arbre ni contours", out.splitlines()[-1])
    for said in ("Les rattachements n’ont pas été faits", "Les positions n’ont pas été contrôlées"):
        must(said in out, "l’import le dit", said)


def imports() -> None:
    """The 320 crèches with a tree and boundaries, twice."""
    must("créés 39" in (out := run("load_territories", TREE).strip()), "arbre de Paris", out)
    out = run("import_boundaries", DATA / "paris_arrondissements.geojson").strip()
    must("créés 20" in out, "contours", out)
    first = run("import_establishments", DATA / "paris_creches.csv")
    must("créés 320" in first and "rejetés 0" in first, "premier passage", first.splitlines()[-1])
    misplaced = first.split("points hors du territoire de leur adresse")
    must(len(misplaced) == 2, "points hors de leur arrondissement", misplaced[0].split()[-1])
    second = run("import_establishments", DATA / "paris_creches.csv").splitlines()[-1]
    must(second == "créés 0, modifiés 0, inchangés 320, rejetés 0", "second passage", second)


def queries(client: object, addresses: list[str]) -> dict[str, int]:
    """Queries of each page once its caches are warm; every page answers."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    found = {}
    for address in addresses:
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            status = client.get(address).status_code
        found[address] = len(captured) if status == 200 else sys.exit(f"ÉCHEC  {address} répond {status}")
    return found


def visit(client: object) -> None:
    """Logs a visit through the form, and compares the PDF with what was typed."""
    from django.urls import reverse

    from establishments.models import Establishment
    from tests.pdf_reading import extract_text, words_of
    from tests.visits.pages import item_field, page_data
    from visits.models import ObservationGrid, Visit

    house = Establishment.objects.order_by("pk").filter(attachments__territory__code=SECTOR).first()
    address = f"{reverse('visits:create')}?etablissement={house.pk}"
    grid = ObservationGrid.objects.order_by("pk").first()
    key = grid.items.order_by("pk").first().key
    data = page_data(client.get(address)) | {"summary": SUMMARY, "directing": "Alice Roux", "relire": "1"}
    data |= {item_field(grid, key, "rating"): "acquired", item_field(grid, key, "fact"): FACT}
    must(client.post(address, data).status_code == 302, "visite saisie", house.name)
    pdf = client.get(reverse("visits:report_pdf", args=[Visit.objects.get().pk]))
    text = words_of(extract_text(pdf.content))
    missing = [typed for typed in (FACT, SUMMARY, house.name) if words_of(typed) not in text]
    must(not missing, "le PDF dit ce qui a été saisi", missing or house.name)


def pages() -> None:
    """The coordinator's pages at 28 houses and at 450; a superuser without a mandate."""
    from django.test import Client

    from core.models import User
    from establishments.models import Establishment, SectorAttachment, Territory

    client, root = Client(), Client()
    run("load_grid", "--default")
    run("grant_mandate", WHO, "coordinator", SECTOR, "--create-user", "Claire Aubry")
    coordinator, sector = User.objects.get(email=WHO), Territory.objects.get(code=SECTOR)
    client.force_login(coordinator)
    seen = Establishment.objects.visible_to(coordinator).count()
    must(seen == 28, "la coordinatrice du 20e voit ses établissements", seen)
    visit(client)
    lists = [f"/{name}/" for name in LISTS] + [f"/territoires/{sector.pk}/", "/"]
    few = queries(client, lists)
    for n in range(450 - seen):
        house = Establishment.objects.create(code=f"x{n}", name=f"Crèche {n}", opened_on=sector.starts_on)
        SectorAttachment.objects.create(establishment=house, territory=sector, starts_on=sector.starts_on)
    many = queries(client, lists)
    must(few == many, "autant de requêtes à 28 qu’à 450 établissements", many)
    must(max(many[address] for address in lists[:7]) <= 12, "12 requêtes au plus par liste")
    root.force_login(User.objects.create_superuser("racine@ville.example", "x", last_name="Racine"))
    seen = [root.get(address).status_code for address in (lists[0], lists[2], house.get_absolute_url())]
    must(seen == [403, 403, 404], "un superutilisateur sans mandat ne voit rien", seen)


def main() -> None:
    """Every line in turn, then the golden vectors."""
    if not DATA.is_dir():
        sys.exit(f"Jeux d’essai absents ({DATA}) : RONDE_TRIAL_DATA dit où ils sont.")
    with tempfile.TemporaryDirectory(prefix="ronde-") as folder:
        os.environ |= {"DATABASE_URL": f"sqlite:///{folder}/q.sqlite3", "DJANGO_SETTINGS_MODULE": "config.settings"}
        import django
        from django.conf import settings
        from django.db import transaction
        from django.test.utils import setup_test_environment

        django.setup()
        # Nothing was gathered for a server here: files keep their own names.
        plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
        logging.disable(logging.CRITICAL)  # refusals are expected here
        setup_test_environment()
        run("migrate", "--verbosity=0")
        with transaction.atomic():
            bare_import()
            transaction.set_rollback(True)
        imports()
        pages()
    golden = [str(VENV / "bin" / "pytest"), "-q", "-k", "golden", *GOLDEN]
    done = subprocess.run(golden, cwd=ROOT, capture_output=True, text=True, check=False)
    must(done.returncode == 0, "vecteurs de référence", (done.stdout + done.stderr).strip().splitlines()[-1])


if __name__ == "__main__":
    main()
