"""The network between a second machine and the database: TCP in, the server's socket out.

    python -m tests.chaos.link PORT SOCKET

Killing it cuts every connection at once, wherever they are; until it is started again nobody
gets through. Stopping it for a while (SIGSTOP) is a network that stands still.
"""

from __future__ import annotations

import asyncio
import sys
from typing import cast

CHUNK = 65_536


async def _carry(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    try:
        while chunk := await source.read(CHUNK):
            target.write(chunk)
            await target.drain()
    except ConnectionError:
        pass
    finally:
        cast(asyncio.Transport, target.transport).abort()  # who is cut off here is cut off there


async def serve(port: int, socket: str) -> None:
    """Carry every connection until killed."""

    async def connected(near: asyncio.StreamReader, answer: asyncio.StreamWriter) -> None:
        try:
            far, onward = await asyncio.open_unix_connection(socket)
        except OSError:
            answer.transport.abort()
            return
        await asyncio.gather(_carry(near, onward), _carry(far, answer))

    server = await asyncio.start_server(connected, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), sys.argv[2]))
