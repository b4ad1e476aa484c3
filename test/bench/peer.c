/*
 * The minimal program that iopftop is measured against. `peer drain N` queues N faults and times reading and answering them
 * all: the first drain, and the median of three warm ones. `peer latency N` times N faults one by one, from just before the
 * trigger to after the answer.
 * Built against the lab's kernel headers; needs the selftest driver. Prints one line of JSON, times in nanoseconds.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>
#include "iommufd_test.h"

#define READ_BYTES (65536 - 65536 % sizeof(struct iommu_hwpt_pgfault))
#define RECORDS (READ_BYTES / sizeof(struct iommu_hwpt_pgfault))
#define WARM_UP 2000
#define TIMED 3

static int iommufd, fault_fd;
static uint32_t idev;
static sem_t answered;
static uint64_t answered_at;

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static void call(unsigned long request, void *arg, const char *what)
{
	if (ioctl(iommufd, request, arg)) {
		perror(what);
		exit(1);
	}
}

static void set_up(void)
{
	struct iommu_ioas_alloc ioas = { .size = sizeof(ioas) };
	struct iommu_test_cmd mock = { .size = sizeof(mock), .op = IOMMU_TEST_OP_MOCK_DOMAIN };
	struct iommu_fault_alloc fault = { .size = sizeof(fault) };
	struct iommu_hwpt_alloc hwpt = { .size = sizeof(hwpt), .flags = IOMMU_HWPT_FAULT_ID_VALID };
	struct iommu_test_cmd replace = { .size = sizeof(replace), .op = IOMMU_TEST_OP_MOCK_DOMAIN_REPLACE };

	iommufd = open("/dev/iommu", O_RDWR);
	if (iommufd < 0) {
		perror("/dev/iommu");
		exit(1);
	}
	call(IOMMU_IOAS_ALLOC, &ioas, "IOAS_ALLOC");
	mock.id = ioas.out_ioas_id;
	call(IOMMU_TEST_CMD, &mock, "MOCK_DOMAIN");
	idev = mock.mock_domain.out_idev_id;
	call(IOMMU_FAULT_QUEUE_ALLOC, &fault, "FAULT_QUEUE_ALLOC");
	fault_fd = fault.out_fault_fd;
	hwpt.dev_id = idev;
	hwpt.pt_id = ioas.out_ioas_id;
	hwpt.fault_id = fault.out_fault_id;
	call(IOMMU_HWPT_ALLOC, &hwpt, "HWPT_ALLOC");
	replace.id = mock.mock_domain.out_stdev_id;
	replace.mock_domain_replace.pt_id = hwpt.out_hwpt_id;
	call(IOMMU_TEST_CMD, &replace, "MOCK_DOMAIN_REPLACE");
}

static void trigger(uint32_t i)
{
	struct iommu_test_cmd cmd = { .size = sizeof(cmd), .op = IOMMU_TEST_OP_TRIGGER_IOPF };

	cmd.trigger_iopf.dev_id = idev;
	cmd.trigger_iopf.grpid = i & 511;
	cmd.trigger_iopf.perm = IOMMU_PGFAULT_PERM_READ;
	cmd.trigger_iopf.addr = (uint64_t)i << 12;
	call(IOMMU_TEST_CMD, &cmd, "TRIGGER_IOPF");
}

/* One read and one write; returns how many faults that were. */
static size_t answer(void)
{
	static struct iommu_hwpt_pgfault faults[RECORDS];
	static struct iommu_hwpt_page_response responses[RECORDS];
	ssize_t n = read(fault_fd, faults, sizeof(faults));
	size_t count = n / (ssize_t)sizeof(*faults), groups = 0, i;

	if (n <= 0)
		return 0;
	for (i = 0; i < count; i++)
		if (faults[i].flags & IOMMU_PGFAULT_FLAGS_LAST_PAGE)
			responses[groups++] = (struct iommu_hwpt_page_response){ faults[i].cookie, IOMMUFD_PAGE_RESP_SUCCESS };
	if (write(fault_fd, responses, groups * sizeof(*responses)) != (ssize_t)(groups * sizeof(*responses))) {
		perror("write");
		exit(1);
	}
	return count;
}

static uint64_t drain(uint32_t count)
{
	uint64_t start;
	size_t done = 0;
	uint32_t i;

	for (i = 0; i < count; i++)
		trigger(i);
	start = now();
	while (done < count)
		done += answer();
	return now() - start;
}

static void *reader(void *unused)
{
	struct pollfd set = { .fd = fault_fd, .events = POLLIN };

	for (;;) {
		poll(&set, 1, -1);
		if (answer()) {
			answered_at = now();
			sem_post(&answered);
		}
	}
	return unused;
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void latency(uint32_t count)
{
	uint64_t *took = calloc(count, sizeof(*took)), start;
	pthread_t thread;
	uint32_t i;

	sem_init(&answered, 0, 0);
	pthread_create(&thread, NULL, reader, NULL);
	for (i = 0; i < WARM_UP + count; i++) {
		start = now();
		trigger(i);
		sem_wait(&answered);
		if (i >= WARM_UP)
			took[i - WARM_UP] = answered_at - start;
	}
	qsort(took, count, sizeof(*took), by_value);
	printf("{\"median\":%llu,\"p99\":%llu}\n", (unsigned long long)took[count / 2],
	       (unsigned long long)took[count - 1 - count / 100]);
}

int main(int argc, char **argv)
{
	uint32_t count = argc > 2 ? atoi(argv[2]) : 0;
	uint64_t first, timed[TIMED];
	uint32_t i;

	if (!count)
		return 2;
	set_up();
	if (!strcmp(argv[1], "latency")) {
		latency(count);
		return 0;
	}
	first = drain(count);
	drain(count);
	for (i = 0; i < TIMED; i++)
		timed[i] = drain(count);
	qsort(timed, TIMED, sizeof(*timed), by_value);
	printf("{\"first\":%llu,\"ns\":%llu}\n", (unsigned long long)first, (unsigned long long)timed[TIMED / 2]);
	return 0;
}
