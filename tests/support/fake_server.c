/* SPDX-License-Identifier: MPL-2.0 */
#include "support/fake_server.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

union address {
    struct sockaddr any;
    struct sockaddr_in in4;
    struct sockaddr_in6 in6;
};

static socklen_t loopback(int family, uint16_t port, union address *out)
{
    memset(out, 0, sizeof *out);
    out->any.sa_family = (sa_family_t)family;
    if (family == AF_INET6) {
        out->in6.sin6_addr = in6addr_loopback;
        out->in6.sin6_port = htons(port);
        return sizeof out->in6;
    }
    out->in4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    out->in4.sin_port = htons(port);
    return sizeof out->in4;
}

static uint16_t bind_loopback(int fd, int family)
{
    union address address;
    socklen_t len = loopback(family, 0, &address);

    if (bind(fd, &address.any, len) != 0 || getsockname(fd, &address.any, &len) != 0) {
        return 0;
    }
    return ntohs(family == AF_INET6 ? address.in6.sin6_port : address.in4.sin_port);
}

static void *serve_all(void *arg)
{
    struct fake_server *s = arg;
    int one = 1;
    int fd;

    if (s->type == SOCK_DGRAM) {
        s->serve(s->fd, s->arg);
        return NULL;
    }
    while ((fd = accept4(s->fd, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        s->serve(fd, s->arg);
        close(fd);
    }
    return NULL;
}

bool fake_server_start(struct fake_server *s, int family, int type,
                       void (*serve)(int fd, void *arg), void *arg)
{
    *s = (struct fake_server){
        .family = family, .type = type, .serve = serve, .arg = arg
    };
    s->fd = socket(family, type | SOCK_CLOEXEC, 0);
    if (s->fd < 0) {
        return false;
    }
    s->port = bind_loopback(s->fd, family);
    if (s->port == 0 || (type == SOCK_STREAM && listen(s->fd, 16) != 0) ||
        pthread_create(&s->thread, NULL, serve_all, s) != 0) {
        close(s->fd);
        return false;
    }
    return true;
}

void fake_server_stop(struct fake_server *s)
{
    if (s->type == SOCK_STREAM) {
        shutdown(s->fd, SHUT_RDWR); /* ends accept() */
    } else {
        union address address;
        socklen_t len = loopback(s->family, s->port, &address);
        int fd = socket(s->family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

        sendto(fd, "", 0, 0, &address.any, len);
        close(fd);
    }
    pthread_join(s->thread, NULL);
    close(s->fd);
}

uint16_t fake_server_closed_port(int family, int type)
{
    int fd = socket(family, type | SOCK_CLOEXEC, 0);
    uint16_t port = bind_loopback(fd, family);

    close(fd);
    return port;
}

bool fake_read(int fd, void *buf, size_t len)
{
    return recv(fd, buf, len, MSG_WAITALL) == (ssize_t)len;
}

bool fake_read_frame(int fd, uint8_t *buf, size_t *out_len)
{
    uint8_t prefix[2];

    if (!fake_read(fd, prefix, sizeof prefix)) {
        return false;
    }
    *out_len = ((size_t)prefix[0] << 8) | prefix[1];
    return *out_len == 0 || fake_read(fd, buf, *out_len);
}

bool fake_write(int fd, const void *data, size_t len)
{
    const uint8_t *at = data;

    while (len > 0) {
        ssize_t sent = send(fd, at, len, MSG_NOSIGNAL);

        if (sent <= 0) {
            return false;
        }
        at += sent;
        len -= (size_t)sent;
    }
    return true;
}
