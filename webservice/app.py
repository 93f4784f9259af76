"""The dashboard as a Flask application: reads the store, never writes, never talks to a wiki."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, g, jsonify, render_template, request
from flask_bootstrap import Bootstrap5
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from bots.core.config import HubConfig, config_path, load_hub
from bots.core.outcome import utcnow
from bots.core.plan import NEW_ITEM
from bots.core.register.opening import open_register
from bots.core.store import StoreError
from webservice import api, register, registerapi, views
from webservice.addresses import this_page
from webservice.asked import Register
from webservice.door import StoreDoor
from webservice.links import WikiLinks
from webservice.overview import LOOKS
from webservice.words import Reader, Translations, autonym, isolated

MESSAGES = Path(__file__).parents[1] / "config" / "i18n"

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'none'; img-src 'self' data:; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def create_app(config: HubConfig | None = None, *, messages: Path = MESSAGES) -> Flask:
    """The application; without a configuration, with the one that `config_path` finds.

    Raises `ConfigError`. The store is opened when it is first asked for, so that the dashboard
    starts, and says what is wrong, without one.
    """
    config = config or load_hub(config_path())
    app = Flask(__name__)
    app.config.update(
        BOOTSTRAP_SERVE_LOCAL=True,
        PROVIDE_AUTOMATIC_OPTIONS=False,
        SEND_FILE_MAX_AGE_DEFAULT=3600,
    )
    app.jinja_env.lstrip_blocks = True
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    # One proxy stands in front of a tool on Toolforge.
    app.wsgi_app = ProxyFix(app.wsgi_app, x_proto=1, x_host=1)  # type: ignore[method-assign]
    Bootstrap5(app)

    app.extensions["hubbot_config"] = config
    app.extensions["hubbot_links"] = WikiLinks(config)
    app.extensions["hubbot_store"] = StoreDoor(config.store_url)
    translations = Translations(messages)
    app.extensions["hubbot_translations"] = translations
    known = open_register(config, translations.languages)
    app.extensions["hubbot_register"] = Register(known.kinds, known.canonical, known.page)

    app.register_blueprint(views.blueprint)
    app.register_blueprint(api.blueprint)
    app.register_blueprint(register.blueprint)
    app.register_blueprint(registerapi.blueprint)
    app.before_request(_find_reader)
    app.after_request(_add_headers)
    app.context_processor(_for_templates)
    app.url_defaults(_keep_language)
    app.register_error_handler(StoreError, _no_store)
    app.register_error_handler(SQLAlchemyError, _no_store)
    app.register_error_handler(HTTPException, _http_error)
    return app


def _find_reader() -> None:
    translations: Translations = current_app.extensions["hubbot_translations"]
    language = translations.negotiate(
        request.args.get("uselang"), [code for code, _quality in request.accept_languages]
    )
    g.reader = Reader(translations, language)
    g.now = utcnow()


def _add_headers(response: Response) -> Response:
    response.headers.update(_HEADERS)
    if not request.endpoint or not request.endpoint.endswith("static"):
        response.headers["Cache-Control"] = "no-cache"
        response.vary.add("Accept-Language")
    return response


def _keep_language(endpoint: str, values: dict[str, Any]) -> None:
    """A language that was asked for in the address stays in the dashboard's own links."""
    if "uselang" in request.args and not endpoint.endswith("static"):
        values.setdefault("uselang", request.args["uselang"])


def _for_templates() -> dict[str, Any]:
    reader: Reader = g.reader
    translations: Translations = current_app.extensions["hubbot_translations"]
    return {
        "reader": reader,
        "say": reader.say,
        "now": g.now,
        "config": current_app.extensions["hubbot_config"],
        "links": current_app.extensions["hubbot_links"],
        "looks": LOOKS,
        "isolated": isolated,
        "new_item": NEW_ITEM,
        "languages": [(code, autonym(code)) for code in translations.languages],
        "this_page": this_page,
    }


def _no_store(error: Exception) -> Any:
    """The store isn't there, is of another version, or doesn't answer: nothing can be shown."""
    current_app.logger.warning("the store can't be read: %s", error)
    if request.path.startswith("/api/"):
        return jsonify(error="The store can't be read; /healthz says more"), 503
    return _error_page(503, "web-error-store"), 503


def _http_error(error: HTTPException) -> Any:
    if error.code is None or error.code < 400 or error.response is not None:
        return error
    if request.path.startswith("/api/"):
        return jsonify(error=error.name), error.code
    known = error.code in (400, 404, 405)
    return (
        _error_page(error.code, f"web-error-{error.code}" if known else "web-error-other"),
        (error.code),
        {name: value for name, value in error.get_headers() if name != "Content-Type"},
    )


def _error_page(status: int, key: str) -> str:
    if "reader" not in g:
        _find_reader()
    return render_template("error.html", status=status, key=key)
