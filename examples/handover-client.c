/*
 * A VMM's side of the handover: opens a device and its fault queue, gives them to `iopftop --listen PATH`, and continues.
 * The connection is the lease: when it is closed, or this process dies, iopftop answers what it has read and releases the queue.
 *
 *   handover-client SOCKET /dev/vfio/devices/vfio0 [FAULTS]
 *
 * On a kernel with CONFIG_IOMMUFD_TEST it raises FAULTS faults. Lines on stdin are sent to iopftop unchanged
 * ({"cmd":"status"}, {"cmd":"release","queue":0}); "fault N" raises N more. Its answers go to stdout. Ends with stdin.
 */
#include <inttypes.h>
#include <poll.h>
#include "faults.h"
#include "seqpacket.h"

static uint32_t raised;

static void raise_faults(const struct faults *f, unsigned long count)
{
	while (count--) {
		trigger_fault(f->iommufd, f->dev_id, raised, (uint64_t)(raised + 16) << 12);
		raised++;
	}
}

static int connect_to(const char *path)
{
	struct sockaddr_un address;
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (fd < 0 || socket_address(&address, path) || connect(fd, (struct sockaddr *)&address, sizeof(address)))
		die(path);
	return fd;
}

/* Three descriptors: the message names each by its position in the list. */
static void hand_over(int socket, const struct faults *f, const char *device)
{
	const int fds[] = { f->queue, f->iommufd, f->device };
	const char *name = strrchr(device, '/') ? strrchr(device, '/') + 1 : device;
	char text[1024];

	snprintf(text, sizeof(text),
		 "{\"iopftop-handover\":1,\"name\":\"handover-client\",\"queues\":[{\"fd\":0,\"faultId\":%" PRIu32 "}],"
		 "\"iommufd\":1,\"devices\":[{\"fd\":2,\"devId\":%" PRIu32 ",\"name\":\"%s\",\"hwptId\":%" PRIu32
		 ",\"ioasId\":%" PRIu32 "}]}",
		 f->fault_id, f->dev_id, name, f->hwpt_id, f->ioas_id);
	if (send_message(socket, text, fds, 3) < 0)
		die("sendmsg");
}

/* Returns 0 when iopftop has gone. */
static int print_answer(int socket)
{
	static char text[MOST_BYTES + 1];
	int fds[MOST_FDS];
	size_t count;
	ssize_t bytes = receive_message(socket, text, sizeof(text), fds, &count);

	if (bytes <= 0)
		return 0;
	puts(text);
	fflush(stdout);
	return 1;
}

int main(int argc, char **argv)
{
	struct faults f;
	int socket;

	if (argc < 3) {
		fprintf(stderr, "usage: handover-client SOCKET DEVICE [FAULTS]\n");
		return 2;
	}
	/* poll(2) does not see what stdio has read ahead. */
	setvbuf(stdin, NULL, _IONBF, 0);
	f = open_faults(argv[2]);
	socket = connect_to(argv[1]);
	hand_over(socket, &f, argv[2]);
	if (!print_answer(socket)) {
		fprintf(stderr, "iopftop has closed the connection\n");
		return 1;
	}
	raise_faults(&f, argc > 3 ? strtoul(argv[3], NULL, 0) : 0);
	for (;;) {
		struct pollfd polled[] = { { .fd = STDIN_FILENO, .events = POLLIN }, { .fd = socket, .events = POLLIN } };
		static char line[MOST_BYTES];
		unsigned long faults;

		if (poll(polled, 2, -1) < 0)
			die("poll");
		if (polled[1].revents && !print_answer(socket)) {
			/* The queue is ours again: a VMM would now read it itself. */
			fprintf(stderr, "iopftop has gone\n");
			return 0;
		}
		if (!polled[0].revents)
			continue;
		if (!fgets(line, sizeof(line), stdin))
			return 0;
		line[strcspn(line, "\n")] = 0;
		if (sscanf(line, "fault %lu", &faults) == 1)
			raise_faults(&f, faults);
		else if (send_message(socket, line, NULL, 0) < 0)
			die("sendmsg");
	}
}
