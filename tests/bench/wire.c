/* Times round trips on the loopback wire, by the kernel's stamps on its packets: from a datagram to
   a UDP port until the next one from it, or for port 0 from a ping until its answer. Prints their
   microseconds, one a line, until a Ctrl-C. */
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <netinet/udp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>

static volatile sig_atomic_t stopped = 0;

enum way { NEITHER, OUT, BACK };

static enum way way_of(const char *packet, int port) {
  const struct iphdr *ip = (const struct iphdr *)packet;
  const char *rest = packet + 4 * ip->ihl;
  if (port == 0) {
    if (ip->protocol != IPPROTO_ICMP) return NEITHER;
    int type = ((const struct icmphdr *)rest)->type;
    return type == ICMP_ECHO ? OUT : type == ICMP_ECHOREPLY ? BACK : NEITHER;
  }
  if (ip->protocol != IPPROTO_UDP) return NEITHER;
  const struct udphdr *udp = (const struct udphdr *)rest;
  return ntohs(udp->dest) == port ? OUT : ntohs(udp->source) == port ? BACK : NEITHER;
}

static void stop(int signal) {
  (void)signal;
  stopped = 1;
}

int main(int count, char **arguments) {
  if (count < 2) return 2;
  int port = atoi(arguments[1]);
  int descriptor = socket(AF_PACKET, SOCK_DGRAM, htons(ETH_P_IP));
  if (descriptor < 0) return 1;
  int on = 1, bytes = 8 << 20;
  setsockopt(descriptor, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes);
  struct timeval patience = {0, 100000};
  setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  signal(SIGINT, stop);
  signal(SIGTERM, stop);
  puts("ready");
  fflush(stdout);
  double sent = 0;
  while (!stopped) {
    char packet[256], control[64];
    struct sockaddr_ll link;
    struct iovec part = {packet, sizeof packet};
    struct msghdr message = {&link, sizeof link, &part, 1, control, sizeof control, 0};
    ssize_t length = recvmsg(descriptor, &message, 0);
    /* Each packet passes twice: as it leaves, and as it arrives. */
    if (length < 28 || link.sll_pkttype == PACKET_OUTGOING) continue;
    enum way way = way_of(packet, port);
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (header == NULL) continue;
    struct timespec *stamp = (struct timespec *)CMSG_DATA(header);
    double at = stamp->tv_sec % 100000 * 1e6 + stamp->tv_nsec / 1e3;
    if (way == OUT) {
      sent = at;
    } else if (way == BACK && sent != 0) {
      printf("%.1f\n", at - sent);
      sent = 0;
    }
  }
  return 0;
}
