"""A chat in a terminal.

    pip install --require-hashes -r requirements.txt
    python chat.py --name ana --password 'correct horse'                  makes an account and a room
    python chat.py --name ben --password 'battery staple' --room <id>     joins it

Each line typed is posted. `/edit words` edits your last message, `/search words` searches for it, `/quit` quits.
With `--keep <file>` it remembers where it left off, and shows what was missed when started again.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from pathlib import Path

from tertulia import Disconnected, Json, Live, Problem, Standing, Tertulia


def show(line: str) -> None:
    print(line, flush=True)


def complain(error: Exception) -> None:
    if isinstance(error, Problem):
        fields = ",".join(f" {it['field']} {it['message']}" for it in error.errors)
        show(f"! {error.code}: {error}{fields}")
    else:
        show(f"! {error or type(error).__name__}")


def said(message: Json) -> None:
    content = message["content"]
    show(f"{message['sender']['username']}: {'(deleted)' if content is None else content}")


class Chat:
    """What is known of one room: the position, and the last message that was shown."""

    def __init__(self, client: Tertulia, room: Json, keep: Path | None) -> None:
        self.client, self.room, self.path = client, room, keep
        kept = json.loads(keep.read_text()) if keep and keep.exists() else {}
        self.seen: int = kept.get("seen", 0)
        # While the latest page is being read, live messages are queued, so that they are shown after it.
        self.waiting: list[Json] | None = None
        self.live: Live = client.live(Standing(kept.get("epoch"), kept.get("cursors", {})))
        self.live.on("online", lambda _: show("* online"))
        self.live.on("offline", lambda it: show("* offline, coming back" if it["again"] else "* offline"))
        self.live.on("session_revoked", lambda _: show("* signed out elsewhere"))
        self.live.on("refused", lambda it: show(f"! {it['code']}"))
        self.live.on("reset", self.too_much)
        self.live.on("message", self.told)

    def told(self, frame: Json) -> None:
        if self.waiting is not None:
            self.waiting.append(frame)
            return
        message = frame["message"]
        if message["seq"] > self.seen:
            self.seen = message["seq"]
            said(message)
            self.live.read(self.room["id"], message["seq"])
        elif frame["op"] != "created":
            changed = "deleted" if frame["op"] == "deleted" else "changed"
            show(f"{message['sender']['username']}: {message['content'] or '(deleted)'} ({changed})")
        # Only after the handlers have run does the position include this change.
        asyncio.get_running_loop().call_soon(self.keep)

    def too_much(self, _: Json) -> None:
        show("* what was missed cannot be told, but this is the latest:")
        async def catch_up() -> None:
            try:
                await self.catch_up()
            except (Problem, OSError) as error:
                complain(error)

        self.catching_up = asyncio.create_task(catch_up())

    async def catch_up(self) -> None:
        self.waiting = self.waiting or []
        try:
            page = await self.client.history(self.room["id"])
            for message in reversed(page["messages"]):
                if message["seq"] > self.seen:
                    said(message)
                    self.seen = message["seq"]
        finally:
            meanwhile, self.waiting = self.waiting or [], None
            for frame in meanwhile:
                self.told(frame)
        self.keep()

    def keep(self) -> None:
        if self.path and self.waiting is None:
            standing = {"epoch": self.live.standing.epoch, "cursors": self.live.standing.cursors}
            self.path.write_text(json.dumps({**standing, "seen": self.seen}))

    async def run(self) -> None:
        async with self.live:
            if self.room["id"] not in self.live.standing.cursors:
                await self.catch_up()
                # From before the page was read: what arrived in between arrives again, and is recognised as seen.
                self.live.subscribe(self.room["id"], self.room["lastRev"])
            last: Json | None = None
            while line := await asyncio.to_thread(sys.stdin.readline):
                command, _, words = line.rstrip("\n").partition(" ")
                if command == "/quit":
                    break
                try:
                    if not command.startswith("/"):
                        last = await self.live.send(self.room["id"], line.rstrip("\n"))
                    elif command == "/edit" and last:
                        last = await self.client.edit(last["id"], words)
                    elif command == "/search":
                        for hit in (await self.client.search(words, roomId=self.room["id"]))["hits"]:
                            show(f"? {hit['message']['sender']['username']}: {hit['message']['content']}")
                    else:
                        show(f"! {command} is not possible")
                except (Problem, Disconnected, OSError) as error:
                    complain(error)
            self.keep()


async def sign_in(client: Tertulia, name: str, password: str) -> None:
    """Signs in, or registers if there is no such account."""
    try:
        await client.register(f"{name}@example.org", password, username=name)
    except Problem as problem:
        if problem.code not in ("username_taken", "email_taken"):
            raise
        await client.login(name, password)


async def main() -> int:
    parser = argparse.ArgumentParser(description="A chat in a terminal.")
    parser.add_argument("--server", default="http://localhost:3000")
    parser.add_argument("--name", required=True)
    parser.add_argument("--password", required=True)
    parser.add_argument("--room")
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    client = Tertulia(given.server)
    try:
        await sign_in(client, given.name, given.password)
        room = await (client.join(given.room) if given.room else client.create_room("tertulia"))
        show(f"room {room['id']}")
        await Chat(client, room, given.keep).run()
    except (Problem, OSError) as error:
        complain(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
