/*
 * Opens a device and its fault queue, then executes iopftop, which finds them open: --fault-fd, --iommufd, --device-fd.
 *
 *   inherit /dev/vfio/devices/vfio0 FAULTS iopftop [OPTIONS]
 *
 * On a kernel with CONFIG_IOMMUFD_TEST it raises FAULTS faults first. A process that must continue would fork first, or
 * hand its queue over through a socket: see handover-client.c.
 */
#include <inttypes.h>
#include "faults.h"

/* All of them were opened close-on-exec. */
static void leave_open(int fd)
{
	if (fcntl(fd, F_SETFD, 0))
		die("fcntl");
}

int main(int argc, char **argv)
{
	char queue[16], iommufd[16], device[32];
	char **args;
	struct faults f;
	uint32_t count, i;

	if (argc < 4) {
		fprintf(stderr, "usage: inherit DEVICE FAULTS iopftop [OPTIONS]\n");
		return 2;
	}
	f = open_faults(argv[1]);
	count = strtoul(argv[2], NULL, 0);
	for (i = 0; i < count; i++)
		trigger_fault(f.iommufd, f.dev_id, i, (uint64_t)(i + 16) << 12);

	snprintf(queue, sizeof(queue), "%d", f.queue);
	snprintf(iommufd, sizeof(iommufd), "%d", f.iommufd);
	snprintf(device, sizeof(device), "%d:%" PRIu32, f.device, f.dev_id);
	leave_open(f.queue);
	leave_open(f.iommufd);
	leave_open(f.device);

	args = calloc(argc + 4, sizeof(*args));
	if (!args)
		die("calloc");
	memcpy(args, argv + 3, (argc - 3) * sizeof(*args));
	args[argc - 3] = "--fault-fd";
	args[argc - 2] = queue;
	args[argc - 1] = "--iommufd";
	args[argc] = iommufd;
	args[argc + 1] = "--device-fd";
	args[argc + 2] = device;
	execvp(args[0], args);
	die(args[0]);
}
