"""A mail server that keeps what it takes: mail.py PORT FOLDER. Says `ready`, and ends with its standard input."""
import pathlib
import sys

from aiosmtpd.controller import Controller

port, folder = int(sys.argv[1]), pathlib.Path(sys.argv[2])


class Keep:
    count = 0

    async def handle_DATA(self, server, session, envelope):
        Keep.count += 1
        (folder / f"{Keep.count}.part").write_bytes(envelope.content)
        (folder / f"{Keep.count}.part").rename(folder / f"{Keep.count}.eml")
        return "250 taken"


controller = Controller(Keep(), hostname="127.0.0.1", port=port)
controller.start()
print("ready", flush=True)
sys.stdin.read()
controller.stop()
