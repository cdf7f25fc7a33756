"""Where the site will stand, for feeds, and their announcement in the pages beside which they stand."""

import html
from typing import TYPE_CHECKING

from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.pages import Page

from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.pages.escaping.escape import escape_attribute
from mkdocs_paperdigest.pages.plan.contents import SiteAddress

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

log = get_plugin_logger(__name__)

FORMATS = {"feed.xml": "application/atom+xml", "feed.json": "application/feed+json"}
"""Media types of the feeds, by the names of their files."""


def address_of(config: "MkDocsConfig", options: Options) -> SiteAddress | None:
    """Where the site will stand; None, and a line in the log if there should be feeds, where that is not known."""
    if config.site_url:
        url = config.site_url if config.site_url.endswith("/") else f"{config.site_url}/"
        return SiteAddress(config.site_name, url, config.use_directory_urls)
    if options.feeds:
        log.info("mkdocs.yml has no `site_url`, so there are no feeds; set it, or `feeds: false`")
    return None


def announced(output: str, page: Page) -> str:
    """The HTML of an index whose head names the feeds that stand beside it."""
    title = escape_attribute(html.unescape(str(page.title or "")))
    links = "".join(
        f'<link rel="alternate" type="{kind}" title="{title}" href="{name}">'
        for name, kind in FORMATS.items()
    )
    return output.replace("</head>", f"{links}</head>", 1)
