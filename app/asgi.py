"""The web application, put together. Only wiring: what it does stands in the modules it names."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Litestar
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin, YamlRenderPlugin
from litestar.plugins.htmx import HTMXPlugin
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.stores.redis import RedisStore
from litestar.template import TemplateConfig
from redis.asyncio import Redis

from app import assets, errors, health, logs, pictures
from app.calendar import followed
from app.clicks import in_front_of as links_in_front_of
from app.clicks import opening
from app.database import opened
from app.going_out import going_out
from app.outside import nothing_else
from app.pages import leaderboard, router, screens, words
from app.settings import Settings, SettingsFault
from app.webhooks import in_front_of, receiving, writing_down

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"


def create_app(settings: Settings | None = None) -> Litestar:
    """Make the web application; settings not given come from the environment (SettingsFault)."""
    settings, database_url, redis_url = _told(settings)
    return Litestar(
        route_handlers=[
            router.pages(settings),
            *leaderboard.BLOCK_HANDLERS,
            *screens.SCREEN_HANDLERS,
            assets.router(),
            *health.HANDLERS,
        ],
        lifespan=[
            connections(settings, database_url, redis_url),
            leaderboard.boards_and_blocks,
            screens.televisions,
            pictures.letters_kept,
        ],
        exception_handlers={Exception: errors.answer},
        template_config=TemplateConfig(instance=JinjaTemplateEngine(engine_instance=templates(settings))),
        plugins=[HTMXPlugin()],
        # No page of the documentation: its viewers come from elsewhere.
        openapi_config=OpenAPIConfig(
            title="Fanfare", version="1", path="/schema",
            render_plugins=[JsonRenderPlugin(), YamlRenderPlugin()],
        ),
    )  # fmt: skip


def create_outside(settings: Settings | None = None) -> Litestar:
    """Make what the internet may reach: webhooks, tracked links, the way back from consent; 404 else."""
    settings, database_url, redis_url = _told(settings)
    return Litestar(
        route_handlers=[router.outside_pages(settings)],
        lifespan=[connections(settings, database_url, redis_url, alone=True)],
        exception_handlers={Exception: errors.answer},
        template_config=TemplateConfig(
            instance=JinjaTemplateEngine(engine_instance=templates(settings))
        ),
        plugins=[HTMXPlugin()],
        openapi_config=None,
    )


def _told(settings: Settings | None) -> tuple[Settings, str, str]:
    logs.configure()
    settings = settings or Settings.from_environment()
    if settings.database_url is None or settings.redis_url is None:
        raise SettingsFault(
            "The web process needs FANFARE_DATABASE_URL and FANFARE_REDIS_URL; "
            "`fanfare serve` starts embedded ones where they are not set."
        )
    return settings, settings.database_url, settings.redis_url


def connections(
    settings: Settings, database_url: str, redis_url: str, *, alone: bool = False
) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    """Open PostgreSQL, Redis and the door of the networks with the application, close them with it.

    `alone`: what may be reached from outside is all there is.
    """

    @asynccontextmanager
    async def around(application: Litestar) -> AsyncIterator[None]:
        async with (
            opened(database_url, least=2, most=16) as pool,
            Redis.from_url(redis_url) as redis,
            receiving(settings, database_url) as door,
            opening(
                settings, database_url, RedisStore(redis, namespace="fanfare:session")
            ) as links,
            followed(pool),
            writing_down(door.noted, pool, redis),
            going_out(settings) as outside,
        ):
            application.state.settings = settings
            application.state.pool = pool
            application.state.redis = redis
            application.state.noted = door.noted
            application.state.outside = outside
            application.state.sessions = RedisStore(redis, namespace="fanfare:session")
            inside = application.asgi_handler
            doors = in_front_of(links_in_front_of(inside, links), door)
            application.asgi_handler = nothing_else(doors) if alone else doors
            try:
                yield
            finally:
                application.asgi_handler = inside

    return around


def templates(settings: Settings) -> Environment:
    """The template environment; a name a page forgot to give is an error, not an empty place."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(words.filters(lambda: settings.timezone))
    environment.globals.update(
        static=assets.address,
        company=settings.company_name,
        disclosure_tag=settings.disclosure_tag,
        demo=settings.demo,
        here=None,
    )
    # A global, so that a block rendered alone has the parts too.
    environment.globals["parts"] = environment.get_template("parts.html").module
    return environment
