/*
 * A process that owns fault queues and does with them as it is told: what takes over and rescues is tried on it. Built
 * against the lab's kernel headers; needs the selftest driver. Each argument is a command, and so is each line of stdin
 * after them; each prints one line of JSON. At the end of stdin it does nothing more, until a signal ends it.
 *
 *   queue                a device, a fault object and an HWPT: {"queue":0,"fd":5,"device":3}
 *   fault Q N            the device of queue Q raises N faults, each a group
 *   read Q N             reads N groups, one at a time (0: all that wait)
 *   answer Q COOKIE CODE
 *   answer-all Q CODE    all that it has read and not answered, with the cookies that they had
 *   answer-odd Q CODE    those of them with an odd cookie
 *   probe Q N            tries the cookies 1 to N, whoever's they are: how many were outstanding
 *   waiting Q            does poll(2) say that groups wait?
 *   dup Q                another descriptor for queue Q
 *   close FD
 *   child                a child that inherits all descriptors and does nothing
 *   thread busy|sleep
 *   vfork                stays in the kernel where no signal but SIGKILL reaches it, until the child is told to exit
 *   exit
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "iommufd_test.h"

#define QUEUES 8
/* A group has at most 2048 records on real devices; here each has one. */
#define RECORD sizeof(struct iommu_hwpt_pgfault)

struct queue {
	int fd;
	uint32_t idev;
	uint32_t faults;
	uint32_t *held; /* cookies read and not answered */
	size_t holds, room;
};

static int iommufd = -1;
static uint32_t ioas;
static struct queue queues[QUEUES];
static int count;

static void say(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	putchar('\n');
	fflush(stdout);
}

static void call(unsigned long request, void *arg, const char *what)
{
	if (ioctl(iommufd, request, arg)) {
		perror(what);
		exit(1);
	}
}

static void open_iommufd(void)
{
	struct iommu_ioas_alloc alloc = { .size = sizeof(alloc) };

	iommufd = open("/dev/iommu", O_RDWR | O_CLOEXEC);
	if (iommufd < 0) {
		perror("/dev/iommu");
		exit(1);
	}
	call(IOMMU_IOAS_ALLOC, &alloc, "IOAS_ALLOC");
	ioas = alloc.out_ioas_id;
}

static void make_queue(void)
{
	struct iommu_test_cmd mock = { .size = sizeof(mock), .op = IOMMU_TEST_OP_MOCK_DOMAIN };
	struct iommu_fault_alloc fault = { .size = sizeof(fault) };
	struct iommu_hwpt_alloc hwpt = { .size = sizeof(hwpt), .flags = IOMMU_HWPT_FAULT_ID_VALID };
	struct iommu_test_cmd replace = { .size = sizeof(replace), .op = IOMMU_TEST_OP_MOCK_DOMAIN_REPLACE };
	struct queue *queue = &queues[count];

	if (count == QUEUES)
		exit(2);
	if (iommufd < 0)
		open_iommufd();
	mock.id = ioas;
	call(IOMMU_TEST_CMD, &mock, "MOCK_DOMAIN");
	call(IOMMU_FAULT_QUEUE_ALLOC, &fault, "FAULT_QUEUE_ALLOC");
	hwpt.dev_id = mock.mock_domain.out_idev_id;
	hwpt.pt_id = ioas;
	hwpt.fault_id = fault.out_fault_id;
	call(IOMMU_HWPT_ALLOC, &hwpt, "HWPT_ALLOC");
	replace.id = mock.mock_domain.out_stdev_id;
	replace.mock_domain_replace.pt_id = hwpt.out_hwpt_id;
	call(IOMMU_TEST_CMD, &replace, "MOCK_DOMAIN_REPLACE");
	queue->fd = fault.out_fault_fd;
	queue->idev = mock.mock_domain.out_idev_id;
	say("{\"queue\":%d,\"fd\":%d,\"device\":%u}", count++, queue->fd, queue->idev);
}

static void trigger(struct queue *queue, uint32_t faults)
{
	struct iommu_test_cmd cmd = { .size = sizeof(cmd), .op = IOMMU_TEST_OP_TRIGGER_IOPF };
	uint32_t i;

	for (i = 0; i < faults; i++) {
		cmd.trigger_iopf.dev_id = queue->idev;
		cmd.trigger_iopf.grpid = queue->faults & 511;
		cmd.trigger_iopf.perm = IOMMU_PGFAULT_PERM_READ;
		cmd.trigger_iopf.addr = (uint64_t)queue->faults++ << 12;
		call(IOMMU_TEST_CMD, &cmd, "TRIGGER_IOPF");
	}
	say("{\"faults\":%u}", faults);
}

static void hold(struct queue *queue, uint32_t cookie)
{
	if (queue->holds == queue->room) {
		queue->room = queue->room ? 2 * queue->room : 64;
		queue->held = realloc(queue->held, queue->room * sizeof(*queue->held));
	}
	queue->held[queue->holds++] = cookie;
}

static void read_groups(struct queue *queue, uint32_t most)
{
	struct iommu_hwpt_pgfault fault;
	uint32_t done = 0;

	while ((!most || done < most) && read(queue->fd, &fault, RECORD) == (ssize_t)RECORD) {
		hold(queue, fault.cookie);
		done++;
	}
	say("{\"read\":%u}", done);
}

/* 0: taken; else the errno. */
static int respond(struct queue *queue, uint32_t cookie, uint32_t code)
{
	struct iommu_hwpt_page_response response = { .cookie = cookie, .code = code };

	return write(queue->fd, &response, sizeof(response)) == (ssize_t)sizeof(response) ? 0 : errno;
}

static void answer_one(struct queue *queue, uint32_t cookie, uint32_t code)
{
	size_t i, kept = 0;

	for (i = 0; i < queue->holds; i++)
		if (queue->held[i] != cookie)
			queue->held[kept++] = queue->held[i];
	queue->holds = kept;
	say("{\"errno\":%d}", respond(queue, cookie, code));
}

static void answer_held(struct queue *queue, uint32_t code, int odd_only)
{
	size_t i, kept = 0;
	uint32_t taken = 0, refused = 0;

	for (i = 0; i < queue->holds; i++) {
		uint32_t cookie = queue->held[i];

		if (odd_only && cookie % 2 == 0)
			queue->held[kept++] = cookie;
		else if (respond(queue, cookie, code) == 0)
			taken++;
		else if (errno == EINVAL)
			refused++;
	}
	queue->holds = kept;
	say("{\"taken\":%u,\"refused\":%u,\"held\":%zu}", taken, refused, kept);
}

static void probe(struct queue *queue, uint32_t last)
{
	uint32_t cookie, outstanding = 0;

	for (cookie = 1; cookie <= last; cookie++)
		outstanding += respond(queue, cookie, IOMMUFD_PAGE_RESP_INVALID) == 0;
	say("{\"outstanding\":%u}", outstanding);
}

static void *spin(void *unused)
{
	volatile uint64_t turns = 0;

	for (;;)
		turns++;
	return unused;
}

static void *doze(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static void thread(int busy)
{
	pthread_t made;

	if (pthread_create(&made, NULL, busy ? spin : doze, NULL))
		exit(1);
	say("{\"thread\":true}");
}

static void child(void)
{
	pid_t pid = fork();

	if (pid == 0)
		doze(NULL);
	say("{\"child\":%d}", pid);
}

/* The parent waits in wait_for_vfork_done() (TASK_KILLABLE) until the child is gone; the child waits for a signal. */
static void stand_in_kernel(void)
{
	static const char told[] = "{\"vfork\":true}\n";

	if (vfork() == 0) {
		(void)!write(1, told, sizeof(told) - 1);
		pause();
		_exit(0);
	}
}

static int obey(const char *line)
{
	char command[16] = "", word[16] = "";
	unsigned int number[2] = { 0, 0 };
	unsigned int which = 0;
	struct queue *queue;

	if (sscanf(line, "%15s %u %u %u", command, &which, &number[0], &number[1]) < 1)
		return 0;
	queue = &queues[which < QUEUES ? which : 0];
	if (!strcmp(command, "queue"))
		make_queue();
	else if (!strcmp(command, "fault"))
		trigger(queue, number[0]);
	else if (!strcmp(command, "read"))
		read_groups(queue, number[0]);
	else if (!strcmp(command, "answer"))
		answer_one(queue, number[0], number[1]);
	else if (!strcmp(command, "answer-all"))
		answer_held(queue, number[0], 0);
	else if (!strcmp(command, "answer-odd"))
		answer_held(queue, number[0], 1);
	else if (!strcmp(command, "probe"))
		probe(queue, number[0]);
	else if (!strcmp(command, "waiting")) {
		struct pollfd set = { .fd = queue->fd, .events = POLLIN };

		poll(&set, 1, 0);
		say("{\"waiting\":%s}", set.revents & POLLIN ? "true" : "false");
	} else if (!strcmp(command, "dup"))
		say("{\"fd\":%d}", dup(queue->fd));
	else if (!strcmp(command, "close"))
		say("{\"closed\":%d}", close(which));
	else if (!strcmp(command, "child"))
		child();
	else if (!strcmp(command, "vfork"))
		stand_in_kernel();
	else if (!strcmp(command, "thread") && sscanf(line, "%*s %15s", word) == 1)
		thread(!strcmp(word, "busy"));
	else if (!strcmp(command, "exit"))
		exit(0);
	else
		return -1;
	return 0;
}

int main(int argc, char **argv)
{
	char line[128];
	int i;

	for (i = 1; i < argc; i++)
		if (obey(argv[i])) {
			fprintf(stderr, "owner: what is %s?\n", argv[i]);
			return 2;
		}
	while (fgets(line, sizeof(line), stdin))
		if (obey(line)) {
			fprintf(stderr, "owner: what is %s", line);
			return 2;
		}
	doze(NULL);
	return 0;
}
