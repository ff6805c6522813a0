/* SPDX-License-Identifier: MPL-2.0 */
#ifndef SUPPORT_FAKE_SERVER_H
#define SUPPORT_FAKE_SERVER_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * A server on a loopback port of the kernel's choice, on a thread of its own,
 * with plain blocking sockets.  What it does with a connection, or with its UDP
 * socket, is the test's: it may answer, lie, stop in the middle or say nothing.
 */
struct fake_server {
    int family; /**< AF_INET or AF_INET6 */
    int type;   /**< SOCK_STREAM or SOCK_DGRAM */
    uint16_t port;
    int fd;
    pthread_t thread;
    void (*serve)(int fd, void *arg);
    void *arg;
};

/**
 * Start it.  Over TCP @p serve is called for one connection after another and
 * the connection is closed when it returns; over UDP it is called once.  It must
 * return when the peer closes, or at an empty datagram.
 */
bool fake_server_start(struct fake_server *s, int family, int type,
                       void (*serve)(int fd, void *arg), void *arg);

/** After the links to it are closed. */
void fake_server_stop(struct fake_server *s);

/** A loopback port where nobody listens. */
uint16_t fake_server_closed_port(int family, int type);

/** Read @p len octets of a stream; false when it ends before. */
bool fake_read(int fd, void *buf, size_t len);

/** Read one framed message into @p buf of 65535 octets; false at the end. */
bool fake_read_frame(int fd, uint8_t *buf, size_t *out_len);

/** Write all of it, in one segment where it fits one. */
bool fake_write(int fd, const void *data, size_t len);

#endif
