# ruff: noqa: E501, S608 - queries written whole, of our own names and dates
"""The floor of each page: the same rows and columns by raw SQL and f-strings, through the same middleware.

No form, no navigation, no wording: what no framework could do without. `{P}` in a query is the perimeter: the houses
of the user's mandates (territories and what is below, or the house itself) on the measured day.
"""

from collections import defaultdict
from html import escape

from django.db import connection

from establishments.regulation import category, category_label

from .city import TODAY

DAY = TODAY.isoformat()
MONTH, MONTHS_BACK, VISITS_SINCE = "2026-02-01", "2023-12-01", "2025-04-01"

COUNTING = """status = 'done' AND is_on_site
 AND kind IN ('regular', 'thematic', 'review', 'taking_office', 'unannounced')"""


def on(alias: str) -> str:
    return f"{alias}.starts_on <= '{DAY}' AND ({alias}.ends_on IS NULL OR {alias}.ends_on >= '{DAY}')"


ON = f"starts_on <= '{DAY}' AND (ends_on IS NULL OR ends_on >= '{DAY}')"

PERIMETER = f"""SELECT a.establishment_id FROM establishments_sectorattachment a WHERE {on("a")}
 AND a.territory_id IN (SELECT l.descendant_id FROM establishments_territorylink l JOIN establishments_mandate m
 ON m.territory_id = l.ancestor_id WHERE m.user_id = %(user)s AND {on("m")})"""
OPEN = f"e.opened_on <= '{DAY}' AND (e.closed_on IS NULL OR e.closed_on > '{DAY}')"
LAST = f""",
 (SELECT MAX(visited_on) FROM visits_visit WHERE establishment_id = e.id AND visited_on <= '{DAY}' AND {COUNTING}) AS last"""
HOUSES = f"""SELECT e.id, e.name, e.kind, e.street, e.postcode, e.city, e.phone, e.latitude, e.longitude,
 (SELECT places FROM establishments_authorisation WHERE establishment_id = e.id AND {ON}) AS places,
 (SELECT SUM(places) FROM establishments_capacitychange WHERE establishment_id = e.id AND {ON}) AS frozen,
 a.territory_id, t.name AS sector, p.first_name, p.last_name, d.is_interim, d.starts_on{LAST}
 FROM establishments_establishment e
 LEFT JOIN establishments_sectorattachment a ON a.establishment_id = e.id AND {on("a")}
 LEFT JOIN establishments_territory t ON t.id = a.territory_id
 LEFT JOIN establishments_directorship d ON d.establishment_id = e.id AND d.position = 'director'
 AND {on("d")}
 LEFT JOIN core_user p ON p.id = d.person_id
 WHERE {OPEN}"""
LISTED = HOUSES.replace(LAST, "")  # the list shows no visit
SUMS = "SUM(authorised_hours), SUM(open_hours), SUM(contracted_hours), SUM(actual_hours), SUM(billed_hours)"
_categories: dict = {}


def ask(query: str, **values) -> list:
    with connection.cursor() as cursor:
        cursor.execute(query.replace("{P}", PERIMETER), values)
        return cursor.fetchall()


def category_of(kind, places):
    if (kind, places) not in _categories:
        _categories[kind, places] = category_label(kind, category(kind, places, TODAY)) if places else "—"
    return _categories[kind, places]


def page(title: str, *parts: str) -> str:
    return f"<!doctype html><html lang=fr><title>{title}</title><main><h1>{title}</h1>{''.join(parts)}</main></html>"


def table(headers: str, rows: list[str]) -> str:
    cells = "".join(f"<th>{header}</th>" for header in headers.split("|"))
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def french(day) -> str:
    text = str(day)
    return f"{text[8:10]}/{text[5:7]}/{text[:4]}" if day else "—"


def establishment_list(user: int) -> str:
    """50 rows of 450, filtered (open houses), sorted, second page; four columns as on the page."""
    houses = f"FROM establishments_establishment e WHERE {OPEN} AND e.id IN ({{P}})"
    (count,) = ask(f"SELECT COUNT(*) {houses}", user=user)[0]
    keys = f"SELECT e.id {houses} ORDER BY e.name DESC, e.id LIMIT 50 OFFSET 50"  # facts for fifty houses, not for all
    rows = []
    for row in ask(f"{LISTED} AND e.id IN ({keys}) ORDER BY e.name DESC, e.id", user=user):
        pk, name, kind, street, postcode, city, phone, _, _, places, frozen, _, sector, first, last, interim, _ = row
        gone = f", dont {frozen} gelées" if frozen else ""
        head = f"{first} {last}{' (intérim)' if interim else ''}" if last else "vacante"
        rows.append(
            f'<tr><th scope="row"><a href="/etablissements/{pk}/">{escape(name)}</a></th>'
            f'<td>{places} places{gone}<span class="sub">{category_of(kind, places)}</span></td>'
            f'<td>{escape(sector)}<span class="sub">{escape(f"{street}, {postcode} {city}")}</span></td>'
            f'<td>{escape(head)}</td><td><a href="tel:{phone}">{phone}</a></td></tr>'
        )
    return page("Établissements", f"<p>{count} établissements</p>", table("Nom|Places|Secteur|Direction|Tél.", rows))


def visit_list(user: int) -> str:
    """50 visits with the house, the kind, who made it and both statuses."""
    query = f"FROM visits_visit v WHERE v.establishment_id IN ({PERIMETER}) AND v.status IN ('planned', 'done')"
    (count,) = ask(f"SELECT COUNT(*) {query}", user=user)[0]
    # Keys first: sorted whole, the rows of every visit cost ten times the fifty that are shown.
    keys = f"SELECT v.id, COALESCE(v.visited_on, v.planned_on) AS day {query} ORDER BY 2 DESC, v.id DESC LIMIT 50"
    rows = [
        f'<tr><td>{french(day)}</td><th scope="row"><a href="/visites/{pk}/">{escape(name)}</a></th><td>{kind}</td>'
        f'<td>{escape(first[:1])}. {escape(last)}</td><td><span class="badge">{status}</span></td>'
        f'<td><span class="badge">{report}</span></td></tr>'
        for pk, day, name, kind, first, last, status, report in ask(
            f"SELECT v.id, k.day, e.name, v.kind, u.first_name, u.last_name, v.status, v.report_status FROM ({keys}) k "
            "JOIN visits_visit v ON v.id = k.id JOIN establishments_establishment e ON e.id = v.establishment_id "
            "JOIN core_user u ON u.id = v.coordinator_id ORDER BY k.day DESC, v.id DESC",
            user=user,
        )
    ]
    return page("Visites", f"<p>{count} visites</p>", table("Date|Établissement|Type|Par|Visite|CR", rows))


# --- dashboards


def _hours(group: str, below: str, **values):
    """{key: [(month, authorised, open, contracted, actual, billed)]} over 26 months."""
    found = defaultdict(list)
    for key, *sums in ask(
        f"SELECT {group}, m.month, {SUMS} FROM indicators_monthlyactivity m {below} "
        f"AND m.status <> 'draft' AND m.month >= '{MONTHS_BACK}' AND m.month <= '{MONTH}' GROUP BY 1, 2 ORDER BY 1, 2",
        **values,
    ):
        found[key].append(sums)
    return found


def _spark(months: list) -> str:
    points = " ".join(
        f"{4 * n},{24 - 20 * (actual / authorised if authorised else 0):.1f}"
        for n, (_, authorised, _, _, actual, _) in enumerate(months[-24:])
    )
    return f'<svg viewBox="0 0 96 24" role="img"><polyline points="{points}"/></svg>'


def _rate(months: list) -> str:
    return f"{months[-1][4] / months[-1][1]:.1%}".replace(".", ",") if months and months[-1][1] else "—"


def _grid(names: list[tuple[int, str]], made: dict) -> str:
    """Twelve months of visits by line, drawn wide and narrow, and said in a table."""
    months = [f"{2025 + (3 + n) // 12}-{(3 + n) % 12 + 1:02d}" for n in range(12)]
    drawn = [
        f'<text y="{20 * y}">{escape(name)}</text>'
        + "".join(
            f'<g><rect x="{30 * x}" y="{20 * y}" width="28" height="18" class="{"good" if made[pk, m] else "alert"}"/>'
            f'<text x="{30 * x}" y="{20 * y}">{made[pk, m]}</text></g>'
            for x, m in enumerate(months)
        )
        for y, (pk, name) in enumerate(names)
    ]
    rows = [
        f"<tr><th>{escape(name)}</th>" + "".join(f"<td>{made[pk, m]}</td>" for m in months) + "</tr>"
        for pk, name in names
    ]
    svg = f"<svg>{''.join(drawn)}</svg>"
    return svg + svg.replace("28", "14") + table("Nom|" + "|".join(months), rows)


def _made(key: str, below: str, **values) -> dict:
    found: dict = defaultdict(int)
    for pk, month, n in ask(
        f"SELECT {key}, substr(v.visited_on, 1, 7), COUNT(*) FROM visits_visit v {below} AND v.visited_on "
        f"BETWEEN '{VISITS_SINCE}' AND '{DAY}' AND {COUNTING.replace('status', 'v.status').replace('kind', 'v.kind')} GROUP BY 1, 2",
        **values,
    ):
        found[pk, month] = n
    return found


def sector_dashboard(user: int) -> str:
    """One line per house of the coordinator's sector: places, visit, direction, rates, 24 months, leave, actions."""
    within = "WHERE establishment_id IN ({P})"
    houses = ask(f"{HOUSES} AND e.id IN ({{P}}) ORDER BY last", user=user)
    hours = _hours("m.establishment_id", within, user=user)
    leaves = dict(
        ask(
            f"SELECT establishment_id, COUNT(*) FROM staffing_leaverequest {within} AND status = 'proposed' "
            "GROUP BY 1",
            user=user,
        )
    )
    actions = {
        pk: (n, late)
        for pk, n, late in ask(
            f"SELECT establishment_id, COUNT(*), SUM(due_on < '{DAY}') FROM projects_actionitem {within} "
            "AND status IN ('to_start', 'in_progress', 'done') GROUP BY 1",
            user=user,
        )
    }
    rows = []
    for pk, name, kind, *_, places, frozen, _, _, first, last, interim, _, visited in houses:
        n, late = actions.get(pk, (0, 0))
        rows.append(
            f'<tr><th scope="row"><a href="/etablissements/{pk}/">{escape(name)}</a><span class="sub">'
            f"{category_of(kind, places)} · {places} places{f', dont {frozen} gelées' if frozen else ''}</span></th>"
            f'<td><span class="badge">{"à jour" if visited and str(visited) > "2026-01-17" else "en retard"}</span>'
            f'<span class="sub">le {french(visited)}</span></td>'
            f"<td>{escape(f'{first} {last}') if last else 'vacante'}{' (intérim)' if interim else ''}</td>"
            f"<td>{_rate(hours[pk])}</td><td>{_spark(hours[pk])}</td><td>{leaves.get(pk, '—')}</td>"
            f"<td>{n} <span class='badge'>{late} en retard</span></td></tr>"
        )
    grid = _grid(
        [(row[0], row[1]) for row in houses],
        _made("v.establishment_id", within, user=user),
    )
    return page("Secteur", table("Nom|Visite|Direction|Taux|24 mois|Congés|Actions", rows), grid)


def direction_dashboard(user: int) -> str:
    """One line per territory below the direction, the grid of visits, the map of the houses with its table."""
    child = (
        f"JOIN establishments_sectorattachment a ON a.establishment_id = {{0}}.establishment_id AND {on('a')} "
        "JOIN establishments_territorylink l ON l.descendant_id = a.territory_id "
        "JOIN establishments_territory c ON c.id = l.ancestor_id "
        "JOIN establishments_mandate r ON r.territory_id = c.parent_id AND r.user_id = %(user)s WHERE 1"
    )
    children = ask(
        "SELECT c.id, c.name FROM establishments_territory c JOIN establishments_mandate r "
        "ON r.territory_id = c.parent_id AND r.user_id = %(user)s ORDER BY c.name",
        user=user,
    )
    below = dict(
        ask(
            "SELECT l.descendant_id, c.id FROM establishments_territorylink l JOIN establishments_territory c "
            "ON c.id = l.ancestor_id JOIN establishments_mandate r ON r.territory_id = c.parent_id "
            "AND r.user_id = %(user)s",
            user=user,
        )
    )
    houses = ask(f"{HOUSES} AND e.id IN ({{P}}) ORDER BY last", user=user)
    hours = _hours("c.id", child.format("m"), user=user)
    sums: dict = defaultdict(lambda: [0, 0, 0, 0])
    points, lines = [], []
    for pk, name, _, street, postcode, city, _, lat, lon, places, _, sector, *_, director, _, _, visited in houses:
        cell = sums[below.get(sector)]
        cell[0] += 1
        cell[1] += places or 0
        cell[2] += not visited or str(visited) < "2026-01-17"
        cell[3] += not director
        state = "à jour" if visited and str(visited) > "2026-01-17" else "en retard"
        points.append(
            f'<a href="/etablissements/{pk}/"><circle cx="{float(lon or 0):.4f}" cy="{float(lat or 0):.4f}" r="3">'
            f"<title>{escape(name)} : {state}</title></circle></a>"
        )
        lines.append(
            f"<tr><th>{escape(name)}</th><td>{escape(f'{street}, {postcode} {city}')}</td><td>{state}</td></tr>"
        )
    rows = [
        f'<tr><th scope="row"><a href="/territoires/{pk}/">{escape(name)}</a></th><td>{sums[pk][0]}</td><td>{sums[pk][1]}</td>'
        f"<td>{sums[pk][2]}</td><td>{sums[pk][3]}</td><td>{_rate(hours[pk])}</td><td>{_spark(hours[pk])}</td></tr>"
        for pk, name in children
    ]
    chart = f"<svg>{''.join(points)}</svg>"
    return page(
        "Direction",
        table("Territoire|Maisons|Places|Retards|Vacantes|Taux|24 mois", rows),
        _grid(children, _made("c.id", child.format("v"), user=user)),
        chart,
        chart,
        table("Nom|Adresse|Visite", lines),
    )


# --- a person, a house


def home(user: int) -> str:
    """What is due (visits, reports, leave, actions), the week, the attendance, the perimeter, the news."""
    within = "e.id = x.establishment_id AND x.establishment_id IN ({P})"
    late = ask(
        f"SELECT * FROM ({HOUSES} AND e.id IN ({{P}})) WHERE last IS NULL OR last < '2026-01-31' ORDER BY last LIMIT 30",
        user=user,
    )
    due = ask(
        f"SELECT 'visites', x.id, e.name, x.visited_on FROM visits_visit x, establishments_establishment e WHERE {within} "
        "AND x.status = 'done' AND x.report_status IN ('draft', 'shared', 'answered') UNION ALL "
        f"SELECT 'conges', x.id, e.name, x.starts_on FROM staffing_leaverequest x, establishments_establishment e WHERE {within} "
        "AND x.status = 'proposed' UNION ALL "
        f"SELECT 'actions', x.id, x.title, x.due_on FROM projects_actionitem x, establishments_establishment e WHERE {within} "
        f"AND (x.status = 'done' OR x.status IN ('to_start', 'in_progress') AND x.due_on < '{DAY}')",
        user=user,
    )
    week = ask(
        f"SELECT x.id, e.name, x.planned_on FROM visits_visit x, establishments_establishment e WHERE {within} "
        f"AND x.status = 'planned' AND x.planned_on BETWEEN '{DAY}' AND '2026-03-24' ORDER BY 3",
        user=user,
    )
    (sums,) = ask(
        f"SELECT {SUMS} FROM indicators_monthlyactivity WHERE month = '{MONTH}' AND establishment_id IN ({{P}})",
        user=user,
    )
    places = ask(
        "SELECT t.id, t.name, COUNT(*) FROM establishments_mandate m JOIN establishments_territory t ON t.id = m.territory_id "
        "JOIN establishments_territorylink l ON l.ancestor_id = t.id WHERE m.user_id = %(user)s GROUP BY 1, 2",
        user=user,
    )
    news = ask(
        "SELECT title, body, url, created_at FROM core_notification WHERE user_id = %(user)s ORDER BY created_at DESC LIMIT 10",
        user=user,
    )
    items = [
        f'<li><strong>{escape(row[1])} : visite à faire</strong><span>{french(row[-1])}</span><a href="/visites/planifier/?etablissement={row[0]}">Planifier</a></li>'
        for row in late
    ]
    items += [
        f'<li><strong>{escape(name)}</strong><span>{french(day)}</span><a href="/{room}/{pk}/">Ouvrir</a></li>'
        for room, pk, name, day in due
    ]
    return page(
        "À traiter",
        f"<ol>{''.join(items[:12])}</ol>",
        "".join(f'<p>{french(day)} <a href="/visites/{pk}/">{escape(name)}</a></p>' for pk, name, day in week),
        f"<p>{sums}</p>",
        "".join(f'<p><a href="/territoires/{pk}/">{escape(name)}</a> {n}</p>' for pk, name, n in places),
        "".join(f'<p><a href="{url}">{escape(title)}</a> {escape(body)} {at}</p>' for title, body, url, at in news),
    )


def establishment(user: int) -> str:
    """The first house of the perimeter: identity, hours, people, obligations, decisions, visits, actions, rate."""
    row = ask(f"{HOUSES} AND e.id IN ({{P}}) ORDER BY e.id LIMIT 1", user=user)[0]
    pk = row[0]
    facts = [
        "SELECT weekday, opens_at, closes_at FROM establishments_openinghours",
        "SELECT places, ratio_rule, starts_on, expires_on, reference FROM establishments_authorisation",
        "SELECT * FROM establishments_closure",
        "SELECT d.starts_on, u.first_name, u.last_name, d.position FROM establishments_directorship d JOIN core_user u ON u.id = d.person_id",
        "SELECT s.function, u.first_name, u.last_name FROM establishments_sharedrole s JOIN core_user u ON u.id = s.person_id",
        "SELECT kind, expires_on FROM establishments_obligation",
    ]
    asked = [ask(f"{query} WHERE establishment_id = %(house)s", house=pk) for query in facts]
    asked += [
        ask(
            "SELECT j.at, j.verb, j.subject, u.last_name FROM establishments_journalentry j LEFT JOIN core_user u "
            "ON u.id = j.actor_id WHERE j.establishment_id = %(house)s ORDER BY j.number DESC LIMIT 5",
            house=pk,
        ),
        ask(
            "SELECT kind, visited_on, report_status FROM visits_visit WHERE establishment_id = %(house)s AND status = 'done' "
            "ORDER BY visited_on DESC LIMIT 1",
            house=pk,
        ),
        ask(
            f"SELECT COUNT(*), SUM(due_on < '{DAY}') FROM projects_actionitem WHERE establishment_id = %(house)s "
            "AND status IN ('to_start', 'in_progress', 'done')",
            house=pk,
        ),
        ask(
            f"SELECT {SUMS} FROM indicators_monthlyactivity WHERE establishment_id = %(house)s AND month = '{MONTH}'",
            house=pk,
        ),
    ]
    parts = [
        "".join(f"<tr>{''.join(f'<td>{escape(str(value))}</td>' for value in line)}</tr>" for line in lines)
        for lines in asked
    ]
    return page(
        escape(row[1]),
        *(f"<dd>{escape(str(value))}</dd>" for value in row),
        *(f"<table>{part}</table>" for part in parts),
    )


def raw_sums() -> list:
    """Attendance by house over the 27,000 monthly rows, in SQL alone."""
    return ask(f"SELECT establishment_id, {SUMS} FROM indicators_monthlyactivity WHERE status <> 'draft' GROUP BY 1")


PAGES = {
    "etablissements": establishment_list,
    "visites": visit_list,
    "secteur": sector_dashboard,
    "direction": direction_dashboard,
    "accueil": home,
    "maison": establishment,
}
