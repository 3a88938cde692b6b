"""A client for Tertulia in one file, to copy into a project: REST, and the socket at /api/ws with resuming.

Needs Python 3.10 and the package `websockets`. Requests and responses are dictionaries with the names of
docs/rest.md and docs/realtime.md. Everything runs in one event loop.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus
from websockets.typing import Subprotocol

Json = dict[str, Any]

# How often a request is attempted that may succeed when retried.
ATTEMPTS = 5
# A token that expires sooner than this is renewed before it is used.
MARGIN = timedelta(seconds=10)
# How long a response may take, in seconds.
TIMEOUT = 30
FRAME_MAX = 128 * 1024
OUTBOX_MAX = 256
SIGNED_OUT = 4502
# Close codes after which reconnecting is futile: signed out, a client bug, too many connections, a frame too long.
FINAL = (SIGNED_OUT, 4503, 4504, 4513)
NO_GOOD_TOKEN = (4500, 4501)
BROKEN = 1006


class Problem(Exception):
    """A refusal by the server. `code` is for programs, `errors` names every invalid field."""

    def __init__(self, status: int, body: Json) -> None:
        super().__init__(body.get("detail") or body.get("message") or body["code"])
        self.status = status  # 0 for what a socket refused.
        self.code: str = body["code"]
        self.errors: list[Json] = body.get("errors", [])
        self.retry_after: int | None = body.get("retryAfter")
        self.request_id: str | None = body.get("requestId")

    @property
    def passing(self) -> bool:
        """Whether nothing was done, and a retry may succeed soon."""
        return self.code in ("unavailable", "overloaded")


class Disconnected(Exception):
    """The connection ended before there was a response."""


class Tertulia:
    """A user of the server: signs in, stays signed in, and sends requests."""

    def __init__(
        self,
        url: str,
        tokens: Json | None = None,
        on_tokens: Callable[[Json | None], None] = lambda tokens: None,
    ) -> None:
        """Resumes with stored `tokens`; `on_tokens` is called on every change, and with None at the end."""
        self.url = url.rstrip("/")
        self.tokens = tokens
        self._on_tokens = on_tokens
        self._renewing: asyncio.Task[Json] | None = None

    async def register(self, email: str, password: str, **names: str) -> Json:
        """Registers, with `username`, `displayName` or both."""
        return self._keep(await self._once("POST", "/api/auth/register", {"email": email, "password": password, **names}))

    async def login(self, email: str, password: str) -> Json:
        """Signs in, by e-mail address or username."""
        return self._keep(await self._once("POST", "/api/auth/login", {"email": email, "password": password}))

    async def logout(self) -> None:
        await self.ask("POST", "/api/auth/logout", {})
        self._keep(None)

    async def me(self) -> Json:
        return await self.ask("GET", "/api/users/me")

    async def my_rooms(self) -> list[Json]:
        return (await self.ask("GET", "/api/rooms/mine"))["rooms"]

    async def create_room(self, name: str, **more: Any) -> Json:
        return await self.ask("POST", "/api/rooms", {"name": name, **more})

    async def open_chat(self, participants: list[str]) -> Json:
        """Opens a chat; with one other user, it is a direct room."""
        return await self.ask("POST", "/api/chat", {"participantIds": participants})

    async def room(self, room: str) -> Json:
        return await self.ask("GET", f"/api/rooms/{room}")

    async def join(self, room: str, invite_code: str | None = None) -> Json:
        return await self.ask("POST", f"/api/rooms/{room}/join", {"inviteCode": invite_code} if invite_code else {})

    async def leave(self, room: str) -> None:
        await self.ask("DELETE", f"/api/rooms/{room}/leave")

    async def history(self, room: str, **at: Any) -> Json:
        """Newest first, except `after` a seq; also `cursor`, `around`, `limit`."""
        return await self.ask("GET", f"/api/rooms/{room}/messages?{urlencode(at)}")

    async def changes(self, room: str, since: int, **at: Any) -> Json:
        return await self.ask("GET", f"/api/rooms/{room}/events?{urlencode({'since': since, **at})}")

    async def post(self, room: str, content: str, **draft: Any) -> Json:
        """Posts exactly once, however often it is retried."""
        body = {"clientId": str(uuid.uuid4()), **draft, "content": content}
        return await self.ask("POST", f"/api/rooms/{room}/messages", body, safe=True)

    async def edit(self, message: str, content: str) -> Json:
        return await self.ask("PATCH", f"/api/messages/{message}", {"content": content})

    async def remove(self, message: str) -> Json:
        return await self.ask("DELETE", f"/api/messages/{message}")

    async def react(self, message: str, emoji: str, on: bool = True) -> Json:
        return await self.ask("PUT" if on else "DELETE", f"/api/messages/{message}/reactions/{quote(emoji, safe='')}")

    async def read(self, room: str, seq: int) -> Json:
        return await self.ask("POST", "/api/messages/read", {"roomId": room, "seq": seq}, safe=True)

    async def search(self, words: str, **at: Any) -> Json:
        return await self.ask("GET", f"/api/search/messages?{urlencode({'q': words, **at})}")

    def live(self, standing: Standing | None = None) -> Live:
        """Opens the socket, and resumes from `standing`."""
        return Live(self, standing or Standing())

    async def ask(self, method: str, path: str, body: Json | None = None, safe: bool | None = None) -> Any:
        """Sends any request. The token is renewed before it expires.

        Requests that are `safe` to repeat (GET, PUT and DELETE always are) are retried while the network or
        the server fails temporarily.
        """
        repeatable = method not in ("POST", "PATCH") if safe is None else safe
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return await self._once(method, path, body, await self.token())
            except Problem as problem:
                if attempt == ATTEMPTS:
                    raise
                if problem.code == "token_expired" and self.tokens:
                    await self.renew()
                elif problem.passing and repeatable:
                    await asyncio.sleep(problem.retry_after or 1)
                else:
                    if problem.code == "session_revoked":
                        self._keep(None)
                    raise
            except OSError:
                if attempt == ATTEMPTS or not repeatable:
                    raise
                await asyncio.sleep(0.1 * 2**attempt)
        raise AssertionError("the last attempt returns or raises")

    async def token(self) -> str | None:
        """An access token that does not expire soon; none without a session."""
        tokens = self.tokens
        if tokens and tokens.get("refreshToken"):
            ends = datetime.fromisoformat(tokens["tokenExpiresAt"].replace("Z", "+00:00"))
            if ends - datetime.now(timezone.utc) < MARGIN:
                tokens = await self.renew()
        return tokens["accessToken"] if tokens else None

    async def renew(self) -> Json:
        """Renews the tokens, once for all concurrent callers. If the renewal is refused, the session is over."""
        if self._renewing is None:
            self._renewing = asyncio.create_task(self._refresh())
            self._renewing.add_done_callback(lambda _: setattr(self, "_renewing", None))
        # A cancelled caller must not cancel the renewal for the others.
        return await asyncio.shield(self._renewing)

    async def _refresh(self) -> Json:
        body = {"refreshToken": (self.tokens or {}).get("refreshToken")}
        for attempt in range(1, ATTEMPTS + 1):
            try:
                # A retry within a minute gets the same response, so losing one does no harm.
                return self._keep(await self._once("POST", "/api/auth/refresh", body))
            except (Problem, OSError) as error:
                if isinstance(error, Problem) and error.status == 401:
                    self._keep(None)
                passing = not isinstance(error, Problem) or error.passing
                if attempt == ATTEMPTS or not passing:
                    raise
                await asyncio.sleep(0.1 * 2**attempt)
        raise AssertionError("the last attempt returns or raises")

    def _keep(self, tokens: Any) -> Any:
        self.tokens = tokens
        self._on_tokens(tokens)
        return tokens

    async def _once(self, method: str, path: str, body: Json | None = None, token: str | None = None) -> Any:
        return await asyncio.to_thread(_request, method, self.url + path, body, token)


def _request(method: str, url: str, body: Json | None, token: str | None) -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    if body is not None:
        headers["Content-Type"] = "application/json"
    data = None if body is None else json.dumps(body).encode()
    try:
        with urlopen(Request(url, data, headers, method=method), timeout=TIMEOUT) as answer:
            text = answer.read()
            return json.loads(text) if text else None
    except HTTPError as refusal:
        try:
            problem = json.load(refusal)
        except ValueError:
            problem = {"code": "internal", "detail": f"status {refusal.code}"}
        raise Problem(refusal.code, problem) from None
    except http.client.HTTPException as broken:
        raise ConnectionError(str(broken)) from broken


@dataclass
class Standing:
    """The position: the last rev of each room, None before the first, and the store that they belong to."""

    epoch: str | None = None
    cursors: dict[str, int | None] = field(default_factory=dict)


@dataclass
class _Pending:
    done: Callable[[Json], None]
    failed: Callable[[Exception], None]


class Live:
    """The socket. Whatever breaks it, it reconnects and resumes, until it is closed or the session ends.

    Handlers receive every frame by its type, and `online`, `offline { code, again }`, `reset { roomId, rev }`
    (too much was missed for a replay: read the newest page of history) and `refused { roomId, code }`.
    """

    def __init__(self, client: Tertulia, standing: Standing) -> None:
        # Store this, and pass it to `Tertulia.live` to resume here. It includes an event once its handlers have run.
        self.standing = standing
        self._client = client
        self._handlers: dict[str, list[Callable[[Json], None]]] = {}
        self._asked: dict[int, _Pending] = {}
        # Messages without an ack, by clientId, in order.
        self._outbox: dict[str, tuple[Json, asyncio.Future[Json]]] = {}
        # Rooms with a pending subscription.
        self._mending: set[str] = set()
        self._outgoing: asyncio.Queue[str] | None = None
        self._ready = False
        self._last_id = 0
        self._pause: float | None = None
        self._running: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Live:
        self._running = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._running:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    def on(self, kind: str, handler: Callable[[Json], None]) -> Live:
        self._handlers.setdefault(kind, []).append(handler)
        return self

    def subscribe(self, room: str, since: int | None = None) -> None:
        """Subscribes to a room: to everything after this rev, or to what happens from now on."""
        self.standing.cursors[room] = since
        if self._ready:
            self._resume([room])

    def unsubscribe(self, room: str) -> None:
        self.standing.cursors.pop(room, None)
        self._tell({"type": "unsubscribe", "rooms": [room]})

    async def send(self, room: str, content: str, **draft: Any) -> Json:
        """Posts exactly once. Unacknowledged messages are resent after a reconnect, under the same clientId."""
        client_id = draft.pop("clientId", None) or str(uuid.uuid4())
        frame = {"type": "send", "roomId": room, **draft, "content": content, "clientId": client_id}
        if len(json.dumps(frame)) > FRAME_MAX:
            raise Problem(0, {"code": "too_large"})
        if len(self._outbox) >= OUTBOX_MAX:
            raise Problem(0, {"code": "too_many"})
        if self._running is None or self._running.done():
            raise Disconnected
        stored: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._outbox[client_id] = (frame, stored)
        if self._ready:
            self._dispatch(client_id)
        try:
            return await stored
        finally:
            self._outbox.pop(client_id, None)

    def typing(self, room: str, on: bool) -> None:
        self._tell({"type": "typing", "roomId": room, "on": on})

    def read(self, room: str, seq: int) -> None:
        """Moves the read cursor. It does no harm if this is lost, since the next one supersedes it."""
        self._tell({"type": "read", "roomId": room, "seq": seq})

    async def ask(self, frame: Json) -> Json:
        """Sends any frame of docs/realtime.md. Returns its ack, or raises a Problem or Disconnected."""
        if not self._ready:
            raise Disconnected
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._put(frame, _Pending(*_settling(answer)))
        return await answer

    async def _run(self) -> None:
        refused = failures = 0
        try:
            while True:
                code = await self._connection()
                was_ready, self._ready, self._outgoing = self._ready, False, None
                self._mending.clear()
                for pending in list(self._asked.values()):
                    pending.failed(Disconnected())
                self._asked.clear()
                refused = refused + 1 if code in NO_GOOD_TOKEN and not was_ready else 0
                if code in NO_GOOD_TOKEN:
                    await asyncio.gather(self._client.renew(), return_exceptions=True)
                again = code not in FINAL and refused < 2 and self._client.tokens is not None
                self._emit({"type": "offline", "code": code, "again": again})
                if not again:
                    return
                failures = 0 if was_ready else failures + 1
                # Jitter, so that not all clients reconnect at once.
                pause = self._pause if self._pause is not None else random.random() * min(30, 0.5 * 2**failures)
                self._pause = None
                await asyncio.sleep(pause)
        finally:
            for _, stored in list(self._outbox.values()):
                if not stored.done():
                    stored.set_exception(Disconnected())

    async def _connection(self) -> int:
        """Runs one connection until it ends, and returns the close code."""
        try:
            token = await self._client.token()
        except (Problem, OSError):
            return BROKEN if self._client.tokens else SIGNED_OUT
        address = self._client.url.replace("http", "ws", 1) + "/api/ws"
        try:
            # The library pings by itself, and closes the connection when no pong arrives.
            async with connect(
                address,
                subprotocols=[Subprotocol("tertulia.v1")],
                additional_headers={"Authorization": f"Bearer {token}"},
            ) as socket:
                outgoing = self._outgoing = asyncio.Queue(maxsize=1024)
                writer = asyncio.create_task(_write(socket, outgoing))
                try:
                    async for text in socket:
                        self._take(json.loads(text))
                except ConnectionClosed:
                    pass
                finally:
                    writer.cancel()
                return socket.close_code or BROKEN
        except InvalidStatus as refusal:
            return {401: 4500, 429: 4504}.get(refusal.response.status_code, BROKEN)
        except (OSError, InvalidHandshake, EOFError):
            return BROKEN

    def _take(self, frame: Json) -> None:
        kind = frame["type"]
        pending = self._asked.get(frame.get("id", 0))
        if kind == "ready":
            self._greet(frame["epoch"])
        elif kind == "ack" and pending:
            pending.done(frame)
        elif kind == "error" and pending:
            pending.failed(Problem(0, frame))
        elif kind in ("message", "member", "room", "skip"):
            self._upsert(frame)
        elif kind == "resumed":
            self._stands(frame["roomId"], frame)
        elif kind == "token_expiring":
            self._renewal = asyncio.create_task(self._go_on(frame["in"]))
        elif kind == "shutdown":
            self._pause = frame["reconnectIn"] / 1000
        elif kind not in ("ack", "error", "pong"):
            if kind == "room_removed":
                self.standing.cursors.pop(frame["roomId"], None)
            self._emit(frame)

    async def _go_on(self, seconds: float) -> None:
        """Sends a fresh token on the open socket. Without one, the server closes it, and the client reconnects."""
        outgoing = self._outgoing
        # Not at once: if tokens are short-lived, the next expiry is announced as soon as this one is sent.
        await asyncio.sleep(seconds / 2)
        try:
            if self._outgoing is outgoing:
                await self._client.renew()
        except (Problem, OSError):
            return
        if self._outgoing is outgoing and self._client.tokens:
            self._tell({"type": "auth", "token": self._client.tokens["accessToken"]})

    def _greet(self, epoch: str) -> None:
        self._ready = True
        self._emit({"type": "online"})
        # With the epoch of the cursors, so that the server can report those that have become invalid.
        self._resume(list(self.standing.cursors), epoch)
        for client_id in list(self._outbox):
            self._dispatch(client_id)

    def _resume(self, rooms: list[str], epoch: str | None = None) -> None:
        self._mending.update(rooms)
        frame: Json = {"type": "subscribe", "rooms": {room: self.standing.cursors[room] for room in rooms}}
        if self.standing.epoch or epoch:
            frame["epoch"] = self.standing.epoch or epoch

        def done(ack: Json) -> None:
            self.standing.epoch = epoch or self.standing.epoch
            for room, told in ack["rooms"].items():
                self._mending.discard(room)
                if "code" not in told:
                    self._stands(room, told)
                else:
                    self.standing.cursors.pop(room, None)
                    self._emit({"type": "refused", "roomId": room, "code": told["code"]})

        outgoing = self._outgoing

        def retry() -> None:
            if self._ready and self._outgoing is outgoing:
                self._resume([room for room in rooms if room in self.standing.cursors], epoch)

        def failed(error: Exception) -> None:
            if isinstance(error, Problem):
                asyncio.get_running_loop().call_later(error.retry_after or 5, retry)

        self._put(frame, _Pending(done, failed))

    def _stands(self, room: str, told: Json) -> None:
        if room not in self.standing.cursors:
            return
        self.standing.cursors[room] = told["rev"]
        if told["reset"]:
            self._emit({"type": "reset", "roomId": room, "rev": told["rev"]})

    def _upsert(self, frame: Json) -> None:
        room = frame["roomId"]
        if room not in self.standing.cursors:
            return
        stood = self.standing.cursors[room]
        if stood is not None and frame["rev"] <= stood:
            return
        if stood is not None and frame["prev"] > stood:
            # Something in between was lost.
            if room not in self._mending:
                self._resume([room])
            return
        self._emit(frame)
        self.standing.cursors[room] = frame["rev"]

    def _dispatch(self, client_id: str) -> None:
        if client_id not in self._outbox or not self._ready:
            return
        frame, stored = self._outbox[client_id]
        done, failed = _settling(stored)

        def refused(error: Exception) -> None:
            if isinstance(error, Problem) and error.passing:
                asyncio.get_running_loop().call_later(error.retry_after or 1, self._dispatch, client_id)
            elif not isinstance(error, Disconnected):
                failed(error)

        self._put(frame, _Pending(lambda ack: done(ack["message"]), refused))

    def _put(self, frame: Json, pending: _Pending) -> None:
        self._last_id += 1
        number = self._last_id

        def done(ack: Json) -> None:
            self._asked.pop(number, None)
            pending.done(ack)

        def failed(error: Exception) -> None:
            self._asked.pop(number, None)
            pending.failed(error)

        self._asked[number] = _Pending(done, failed)
        self._tell({**frame, "id": number})

    def _tell(self, frame: Json) -> None:
        if self._outgoing is None:
            return
        try:
            self._outgoing.put_nowait(json.dumps(frame))
        except asyncio.QueueFull:
            if pending := self._asked.get(frame.get("id", 0)):
                pending.failed(Problem(0, {"code": "too_many"}))

    def _emit(self, happening: Json) -> None:
        for handler in self._handlers.get(happening["type"], []):
            try:
                handler(happening)
            except Exception as error:  # A fault of one handler is not the connection's.
                context = {"message": f"a handler of {happening['type']} failed", "exception": error}
                asyncio.get_running_loop().call_exception_handler(context)


async def _write(socket: Any, outgoing: asyncio.Queue[str]) -> None:
    try:
        while True:
            await socket.send(await outgoing.get())
    except ConnectionClosed:
        pass  # The reading task gets the same error.


def _settling(future: asyncio.Future[Json]) -> tuple[Callable[[Json], None], Callable[[Exception], None]]:
    """Sets a result for a caller that may no longer be waiting."""
    return (
        lambda answer: None if future.done() else future.set_result(answer),
        lambda error: None if future.done() else future.set_exception(error),
    )
