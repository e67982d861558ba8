/* Ten thousand servers in one: answers every heartbeat from the address that was asked. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { REQUEST_BYTES = 1024, REPLY_BYTES = 128, RECEIVE_BUFFER_BYTES = 1 << 24 };

static volatile sig_atomic_t stopped;

static void stop(int signal) {
  (void)signal;
  stopped = 1;
}

int main(int count, char **arguments) {
  if (count < 2) return 2;
  int descriptor = socket(AF_INET, SOCK_DGRAM, 0);
  int on = 1, buffer = RECEIVE_BUFFER_BYTES;
  setsockopt(descriptor, IPPROTO_IP, IP_PKTINFO, &on, sizeof on);
  if (setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof buffer) != 0) {
    setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
  }
  struct sockaddr_in local = {.sin_family = AF_INET, .sin_port = htons(atoi(arguments[1]))};
  if (bind(descriptor, (struct sockaddr *)&local, sizeof local) != 0) return 1;
  /* Without SA_RESTART: the signal ends the waiting call. */
  struct sigaction ending = {.sa_handler = stop};
  sigaction(SIGTERM, &ending, NULL);
  unsigned long received = 0, answered = 0;
  while (!stopped) {
    char request[REQUEST_BYTES + 1], reply[REPLY_BYTES], control[128];
    struct sockaddr_in from;
    struct iovec part = {request, REQUEST_BYTES};
    struct msghdr message = {&from, sizeof from, &part, 1, control, sizeof control, 0};
    ssize_t length = recvmsg(descriptor, &message, 0);
    if (length < 0) continue;
    received++;
    request[length] = '\0';
    char *number = strchr(request, ' ');
    if (number == NULL) continue;
    int digits = strspn(number + 1, "0123456789");
    part.iov_base = reply;
    part.iov_len = snprintf(reply, sizeof reply, "Seq: %.*s, Time Difference: 0.000100 seconds", digits,
                            number + 1);
    /* The control message that says which address was asked has the reply leave from there. */
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (header == NULL || header->cmsg_type != IP_PKTINFO) continue;
    ((struct in_pktinfo *)CMSG_DATA(header))->ipi_ifindex = 0;
    message.msg_flags = 0;
    if (sendmsg(descriptor, &message, 0) >= 0) answered++;
  }
  printf("%lu %lu\n", received, answered);
  return 0;
}
