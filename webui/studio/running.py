"""What runs, for a process owner: by ids, to act where the course must be left."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.definitions.published import publication
from engine.families.mending.running import PAGE, running_of_owner
from webui.people import actor, only_for
from webui.services import services
from webui.studio.views import bp
from webui.words import method_name

MOST_PAGES = 10_000


@bp.get("/studio/lopend")
@only_for("process_owner")
def running() -> ResponseReturnValue:
    """The trajectories that run, a page at a time."""
    given, now = request.args, services().clock.now()
    number = min(max(given.get("pagina", 1, type=int), 1), MOST_PAGES)
    key, search = given.get("pakket", ""), given.get("zoek", "").strip()[:36]
    with services().reading() as session:
        found = running_of_owner(
            session, actor(), now, package_key=key or None, search=search, skip=(number - 1) * PAGE
        )
        methods = {
            one.version: method_name(publication.load_version(session, one.version), one.key)
            for one in publication.all_latest(session)
        }
        keys = {one.key: methods[one.version] for one in publication.all_latest(session)}
        numbers = {
            row.version: row.number for one in keys for row in publication.versions(session, one)
        }

    def at(page: int) -> str:
        return url_for(
            "studio.running",
            pakket=key or None,
            zoek=search or None,
            pagina=page if page > 1 else None,
        )

    return render_template(
        "studio/lopend.html", page=found, number=number, pages=max(1, -(-found.total // PAGE)),
        at=at, key=key, search=search, now=now, numbers=numbers,
        methods=dict(sorted(keys.items(), key=lambda pair: pair[1].casefold())),
    )  # fmt: skip
