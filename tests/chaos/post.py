"""The mail server of a storm: writes the id of each mail into a file before it says that it has it.

    python -m tests.chaos.post PORT FILE SEED

Now and then it says "later", and now and then it hangs up when it has taken a mail, so that whoever
sent it cannot know: then the mail must come again, under the same id.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
from email import message_from_bytes
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP


class Post:
    """Takes mail in, until killed."""

    def __init__(self, file: Path, seed: int) -> None:
        self._file = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._random = random.Random(seed)

    async def handle_DATA(self, server: SMTP, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Take one mail."""
        mood = self._random.random()
        if mood < 0.05:
            return "451 later"
        mail = message_from_bytes(envelope.content)
        os.write(self._file, f"{mail['Message-ID']}\n".encode())
        if mood < 0.1 and server.transport is not None:
            server.transport.abort()
        return "250 OK"


async def serve(port: int, post: Post) -> None:
    """Listen until killed."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(post), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Post(Path(sys.argv[2]), int(sys.argv[3]))))
