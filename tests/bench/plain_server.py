"""A plain server with the behaviour of the source document, its loss left out.

Arguments: the port, and "print" for a line with each reply.
"""

import sys
import time
from socket import AF_INET, SOCK_DGRAM, socket

prints = sys.argv[2:] == ["print"]
server = socket(AF_INET, SOCK_DGRAM)
server.bind(("127.0.0.1", int(sys.argv[1])))
while True:
    message, address = server.recvfrom(1024)
    receive_time = time.time()
    parts = message.decode().split()
    time_difference = receive_time - float(parts[2])
    response = f"Seq: {parts[1]}, Time Difference: {time_difference:.6f} seconds"
    server.sendto(response.encode(), address)
    if prints:
        print(f"Responded to {address} with {response}")
