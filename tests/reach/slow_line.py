"""A slow line: what enters one of two network devices leaves the other after a delay.

usage: slow_line.py MILLISECONDS DEVICE DEVICE

Both devices (TAP, of the TUN driver) are made in the namespace where this runs; either may be moved
to another one. Says "ready" when they exist. They go when it ends, which it does as soon as its
standard input is closed: whoever started it is gone then.
"""

import collections
import fcntl
import os
import select
import struct
import sys
import time

TUNSETIFF = 0x400454CA
IFF_TAP = 0x0002
IFF_NO_PI = 0x1000
LONGEST_FRAME = 65_536
# Frames under way; beyond that the line drops, as any does. A megabit and a second are under 100.
MOST = 8_192


def device(name):
    file = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(file, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TAP | IFF_NO_PI))
    return file


def deliver(file, frame):
    try:
        os.write(file, frame)
    except OSError:
        pass  # The device is down: the frame is lost.


def main():
    delay = int(sys.argv[1]) / 1_000
    first, second = device(sys.argv[2]), device(sys.argv[3])
    others = {first: second, second: first}
    # The delay is the same for all, so what came first is due first.
    under_way = collections.deque()
    print("ready", flush=True)
    while True:
        wait = max(0, under_way[0][0] - time.monotonic()) if under_way else None
        readable, _, _ = select.select([sys.stdin, first, second], [], [], wait)
        if sys.stdin in readable:
            return
        now = time.monotonic()
        for file in readable:
            frame = os.read(file, LONGEST_FRAME)
            if len(under_way) < MOST:
                under_way.append((now + delay, others[file], frame))
        while under_way and under_way[0][0] <= now:
            _, file, frame = under_way.popleft()
            deliver(file, frame)


main()
