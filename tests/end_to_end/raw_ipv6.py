"""Sends heartbeats in IPv6 packets with any source address: raw_ipv6.py SOURCE TARGET PORT COUNT"""

import socket
import struct
import sys
import time


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF or 0xFFFF


source, target, port, count = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
[src, dst] = [socket.inet_pton(socket.AF_INET6, address) for address in (source, target)]
raw = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW)
for seq in range(1, count + 1):
    payload = b"Heartbeat %d %.6f" % (seq, time.time())
    length = 8 + len(payload)
    pseudo = src + dst + struct.pack("!II", length, socket.IPPROTO_UDP)
    # Replies would go to port 4000.
    header = struct.pack("!HHHH", 4000, port, length, 0)
    udp = struct.pack("!HHHH", 4000, port, length, checksum(pseudo + header + payload)) + payload
    raw.sendto(struct.pack("!IHBB", 6 << 28, length, socket.IPPROTO_UDP, 64) + src + dst + udp,
               (target, 0))
    time.sleep(0.002)
