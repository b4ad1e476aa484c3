/*
 * The other side of the handover, for your own tool: takes one VMM's fault queue, prints its faults and answers each with
 * INVALID, until the VMM closes the connection. It checks only as much of the message as it needs: a real tool parses it.
 *
 *   handover-server SOCKET
 */
#define _GNU_SOURCE
#include <inttypes.h>
#include <poll.h>
#include <sys/stat.h>
#include "faults.h"
#include "seqpacket.h"

static int listen_at(const char *path)
{
	struct sockaddr_un address;
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	mode_t before;

	if (fd < 0 || socket_address(&address, path))
		die(path);
	/* From the first moment, nobody else may connect. */
	before = umask(0177);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)))
		die(path);
	umask(before);
	if (listen(fd, 1))
		die("listen");
	return fd;
}

/* The mode of the path keeps others out; this also keeps out a process that opened it earlier. */
static int is_welcome(int socket)
{
	struct ucred peer;
	socklen_t length = sizeof(peer);

	if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &length))
		return 0;
	return peer.uid == geteuid() || peer.uid == 0;
}

static int is_fault_queue(int fd)
{
	char path[32], link[64];
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	length = readlink(path, link, sizeof(link) - 1);
	if (length < 0)
		return 0;
	link[length] = 0;
	return strcmp(link, "anon_inode:[iommufd-pgfault]") == 0;
}

/* Whole groups come, the last record of each with LAST_PAGE: one answer for each group. */
static void answer_all(int queue)
{
	static struct iommu_hwpt_pgfault faults[2048];
	ssize_t bytes, i;

	/* 0 is an empty queue, not its end. */
	while ((bytes = read(queue, faults, sizeof(faults))) > 0) {
		for (i = 0; i < bytes / (ssize_t)sizeof(*faults); i++) {
			struct iommu_hwpt_page_response response = {
				.cookie = faults[i].cookie,
				.code = IOMMUFD_PAGE_RESP_INVALID,
			};

			printf("device %" PRIu32 " at 0x%" PRIx64 "\n", (uint32_t)faults[i].dev_id, (uint64_t)faults[i].addr);
			if (!(faults[i].flags & IOMMU_PGFAULT_FLAGS_LAST_PAGE))
				continue;
			if (write(queue, &response, sizeof(response)) < 0)
				perror("write"); /* EINVAL: the device was detached meanwhile */
		}
	}
	fflush(stdout);
}

int main(int argc, char **argv)
{
	static char text[MOST_BYTES + 1];
	int fds[MOST_FDS], listener, client;
	size_t count, i;
	ssize_t bytes;

	if (argc != 2) {
		fprintf(stderr, "usage: handover-server SOCKET\n");
		return 2;
	}
	listener = listen_at(argv[1]);
	client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	if (client < 0)
		die("accept");
	unlink(argv[1]);
	bytes = is_welcome(client) ? receive_message(client, text, sizeof(text), fds, &count) : -1;
	/* A real tool reads "queues" in the message; here the first descriptor must be a queue. */
	if (bytes <= 0 || !strstr(text, "\"iopftop-handover\":1") || !count || !is_fault_queue(fds[0])) {
		send_message(client, "{\"ok\":false,\"error\":\"no queue came\",\"hint\":null}", NULL, 0);
		return 1;
	}
	for (i = 1; i < count; i++)
		close(fds[i]);
	printf("%s\n", text);
	send_message(client, "{\"ok\":true,\"queues\":[0]}", NULL, 0);
	for (;;) {
		struct pollfd polled[] = { { .fd = fds[0], .events = POLLIN }, { .fd = client, .events = POLLIN } };

		if (poll(polled, 2, -1) < 0)
			die("poll");
		if (polled[0].revents)
			answer_all(fds[0]);
		if (!polled[1].revents)
			continue;
		bytes = receive_message(client, text, sizeof(text), (int[MOST_FDS]){ 0 }, &count);
		if (bytes <= 0)
			return 0; /* the lease is over: everything read has been answered */
		send_message(client, "{\"ok\":false,\"error\":\"this server knows no commands\",\"hint\":null}", NULL, 0);
	}
}
