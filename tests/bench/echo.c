/* The least that a server in C does for a heartbeat: one recvfrom, one sendto. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/socket.h>

int main(int count, char **arguments) {
  if (count < 2) return 2;
  int descriptor = socket(AF_INET, SOCK_DGRAM, 0);
  struct sockaddr_in local = {.sin_family = AF_INET, .sin_port = htons(atoi(arguments[1]))};
  local.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(descriptor, (struct sockaddr *)&local, sizeof local) != 0) return 1;
  char bytes[1025];
  for (;;) {
    struct sockaddr_in from;
    socklen_t length = sizeof from;
    ssize_t received = recvfrom(descriptor, bytes, sizeof bytes, 0, (struct sockaddr *)&from, &length);
    if (received >= 0) sendto(descriptor, bytes, received, 0, (struct sockaddr *)&from, length);
  }
}
