"""HTTP that goes to safe addresses only, and takes a token along only where it belongs."""

import http.client
import ipaddress
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit


class DownloadError(Exception):
    """A file could not be had, or is not the one asked for. The text is one line and names the remedy."""


def require_safe(url: SplitResult) -> None:
    """Refuse an address that is not https, unless it is of this very machine. Raises DownloadError."""
    if url.scheme == "https" and url.hostname:
        return
    if url.scheme == "http" and is_loopback(url.hostname):
        return
    raise DownloadError(
        f"{url.scheme}://{url.hostname or ''} is no address to load files from: use https "
        "(plain http is accepted for a mirror on this machine only)."
    )


def is_loopback(host: str | None) -> bool:
    """Whether a host name or address is this machine's own."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def origin_of(url: str) -> tuple[str, str | None, int | None]:
    """Scheme, host and port: who receives a request."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"https": 443, "http": 80}.get(parts.scheme)


def open_url(
    url: str, headers: Mapping[str, str], token: str | None, timeout_seconds: float
) -> http.client.HTTPResponse:
    """Send GET and follow redirects, taking the token along only as far as it may go."""
    request = urllib.request.Request(url, headers=_headers(headers, token))
    try:
        return _opener(url, _Redirects).open(request, timeout=timeout_seconds)
    except ValueError as error:
        # urllib's, for the address of a redirect.
        raise DownloadError(f"{url} redirects to something that is no address: {error}.") from None


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects, but never to an unsafe address and never with the token to another origin."""

    def redirect_request(  # noqa: PLR0913 - the signature is urllib's
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request:
        target = urljoin(req.full_url, newurl)
        parts = urlsplit(target)
        require_safe(parts)
        if is_loopback(parts.hostname) and not is_loopback(urlsplit(req.full_url).hostname):
            raise DownloadError(f"{req.host} redirects to this machine ({parts.hostname}); that is refused.")
        # Not `header_items`, which has the Host of the old address.
        kept = dict(req.headers)
        if origin_of(target) != origin_of(req.full_url):
            kept.pop("Authorization", None)
        return urllib.request.Request(target, headers=kept)

    # Python 3.10 has no method for it.
    http_error_308 = urllib.request.HTTPRedirectHandler.http_error_302


def head(url: str, token: str | None, timeout_seconds: float) -> dict[str, str]:
    """Ask what an address says about its file: headers of the last answer that is of this origin.

    The hub answers for itself and redirects to where the bytes are, whose headers are others. Raises
    urllib.error.HTTPError and OSError as urllib does, and DownloadError.
    """
    for _ in range(5):
        request = urllib.request.Request(url, headers=_headers({}, token), method="HEAD")
        try:
            answer = _opener(url, _NoRedirects).open(request, timeout=timeout_seconds)
        except urllib.error.HTTPError as error:
            location = error.headers.get("Location")
            if not 300 <= error.code < 400 or location is None:
                raise
            answer = error
            target = urljoin(url, location)
        else:
            target = None
        with answer:
            headers = {name.title(): value for name, value in answer.headers.items()}
        if target is None or "X-Linked-Etag" in headers or origin_of(target) != origin_of(url):
            return headers
        url = target
    raise DownloadError(f"{url} redirects in circles.")


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Hands redirects to the caller."""

    def redirect_request(self, *_: Any) -> None:
        return None

    http_error_308 = urllib.request.HTTPRedirectHandler.http_error_302


def _headers(more: Mapping[str, str], token: str | None) -> dict[str, str]:
    authorization = {} if token is None else {"Authorization": f"Bearer {token}"}
    return {"User-Agent": "rebench", "Accept-Encoding": "identity", **more, **authorization}


def _opener(url: str, *handlers: Any) -> urllib.request.OpenerDirector:
    # A proxy cannot reach this machine's own mirror.
    direct = [urllib.request.ProxyHandler({})] if is_loopback(urlsplit(url).hostname) else []
    return urllib.request.build_opener(*handlers, *direct)
