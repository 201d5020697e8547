"""Security headers on every answer."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
ONE_YEAR = 365 * 24 * 60 * 60


class SecurityHeaders:
    """Add each header that the answer does not already set; `hsts` also pins HTTPS, for production."""

    def __init__(self, app: ASGIApp, hsts: bool = False) -> None:
        self._app = app
        headers = (
            {**HEADERS, "Strict-Transport-Security": f"max-age={ONE_YEAR}; includeSubDomains"} if hsts else HEADERS
        )
        self._headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = message.get("headers", ())
                set_already = {name.lower() for name, _ in own}
                message["headers"] = [*own, *(each for each in self._headers if each[0] not in set_already)]
            await send(message)

        await self._app(scope, receive, send_with_headers)
