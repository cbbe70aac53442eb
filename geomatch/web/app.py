"""The app: settings in, a Flask app with everything open out. Nothing happens at import."""

from __future__ import annotations

import gc
import threading
from typing import TYPE_CHECKING

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

from geomatch import bootstrap
from geomatch.web import docs, health, pages, problems
from geomatch.web.api import routes
from geomatch.web.limits import Limits
from geomatch.web.metrics import Metrics
from geomatch.web.served import Served
from geomatch.web.shield import RULE_KEY, Shield

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomatch.config import Settings
    from geomatch.services.region import Region

SERVED = "geomatch.served"
"""app.extensions key of the open regions, for the pages."""

MAX_BODY_BYTES = 16_000_000


def create_app(settings: Settings) -> Flask:
    """Open the regions of the settings and make the app that serves them.

    Raises:
        InputError: no region is named, or two share an id.
        NotBuiltError: a region has no usable build.
    """
    app = app_for(bootstrap.open_regions(settings), settings)
    gc.collect()
    gc.freeze()  # what was opened lives as long as the worker: the collector need not walk it again and again
    if settings.warm:  # beside the first answers, which need no volunteers
        threading.Thread(target=app.extensions[SERVED].read_volunteers, name="volunteers", daemon=True).start()
    return app


def app_for(regions: Sequence[Region], settings: Settings) -> Flask:
    """Make the app over regions that are open already."""
    app = Flask(__name__, static_url_path="/static")
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    database = bootstrap.database(settings)
    limits = Limits(database.limits_file, writes_a_minute=settings.writes_a_minute)
    served = Served(
        regions,
        max_points=settings.max_points,
        database=database,
        limits=limits,
        notice_hosts=settings.notice_hosts,
        keys_folder=settings.keys_folder,
        keys=bootstrap.identity_keys(settings),
    )
    metrics = Metrics(served)
    app.extensions[SERVED] = served
    app.before_request(_note_rule)
    problems.install(app)
    app.register_blueprint(routes.blueprint(served))
    app.register_blueprint(health.blueprint(served, metrics))
    app.register_blueprint(docs.blueprint(served))
    pages.register_pages(app)
    app.wsgi_app = Shield(app.wsgi_app, metrics)  # type: ignore[method-assign] # Flask's own way to add a layer
    if settings.proxies:  # else whoever writes X-Forwarded-For would be whom it says
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign] # as above
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=0
        )
    return app


def _note_rule() -> None:
    """Tell the shield which route answers, so that figures are by route and not by path."""
    rule = request.url_rule
    if rule is not None:
        request.environ[RULE_KEY] = rule.rule
