/* Unix sockets of type SOCK_SEQPACKET: one message is one datagram, and descriptors travel with it. */
#ifndef SEQPACKET_H
#define SEQPACKET_H

#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define MOST_FDS 16
#define MOST_BYTES 65536

/* Returns 0, or -1 if the path is too long. */
static inline int socket_address(struct sockaddr_un *address, const char *path)
{
	memset(address, 0, sizeof(*address));
	address->sun_family = AF_UNIX;
	if (strlen(path) >= sizeof(address->sun_path))
		return -1;
	strcpy(address->sun_path, path);
	return 0;
}

union control {
	char bytes[CMSG_SPACE(MOST_FDS * sizeof(int))];
	struct cmsghdr align;
};

static inline ssize_t send_message(int socket, const char *text, const int *fds, size_t count)
{
	struct iovec data = { .iov_base = (char *)text, .iov_len = strlen(text) };
	union control control;
	struct msghdr message = { .msg_iov = &data, .msg_iovlen = 1 };

	if (count) {
		struct cmsghdr *rights;

		memset(&control, 0, sizeof(control));
		message.msg_control = control.bytes;
		message.msg_controllen = CMSG_SPACE(count * sizeof(int));
		rights = CMSG_FIRSTHDR(&message);
		rights->cmsg_level = SOL_SOCKET;
		rights->cmsg_type = SCM_RIGHTS;
		rights->cmsg_len = CMSG_LEN(count * sizeof(int));
		memcpy(CMSG_DATA(rights), fds, count * sizeof(int));
	}
	return sendmsg(socket, &message, MSG_NOSIGNAL);
}

/*
 * One message of at most `size` - 1 bytes, ended by a 0; its descriptors in `fds` (room for MOST_FDS), close-on-exec.
 * Returns the bytes, 0 when the peer has gone, -1 for an error, -2 for a message that did not arrive whole. The caller
 * closes the descriptors.
 */
static inline ssize_t receive_message(int socket, char *text, size_t size, int *fds, size_t *count)
{
	struct iovec data = { .iov_base = text, .iov_len = size - 1 };
	union control control;
	struct msghdr message = {
		.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	struct cmsghdr *part;
	ssize_t bytes;

	*count = 0;
	bytes = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
	if (bytes < 0)
		return -1;
	text[bytes] = 0;
	for (part = CMSG_FIRSTHDR(&message); part; part = CMSG_NXTHDR(&message, part)) {
		if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
			continue;
		*count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		memcpy(fds, CMSG_DATA(part), *count * sizeof(int));
	}
	return message.msg_flags & (MSG_TRUNC | MSG_CTRUNC) ? -2 : bytes;
}

#endif
