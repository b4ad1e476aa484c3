/*
 * A user-space driver that iopftop starts: its devices are already open and attached, and iopftop shows and answers their
 * faults while it runs.
 *
 *   iopftop exec --device 0000:17:00.0 -- ./exec-driver [FAULTS]
 *
 * On a kernel with CONFIG_IOMMUFD_TEST it raises FAULTS faults. See docs/exec.md for the environment variables.
 */
#include <inttypes.h>
#include <sys/mman.h>
#include "faults.h"

#define IOVA 0x10000000ull

static uint32_t number(const char *name)
{
	const char *text = getenv(name);

	if (!text) {
		fprintf(stderr, "%s is not set: start this through `iopftop exec`\n", name);
		exit(2);
	}
	return strtoul(text, NULL, 10);
}

/* One page at IOVA that the device can read and write. Every other access faults. */
static void *map_page(int iommufd, uint32_t ioas_id)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct iommu_ioas_map map = {
		.size = sizeof(map),
		.flags = IOMMU_IOAS_MAP_FIXED_IOVA | IOMMU_IOAS_MAP_READABLE | IOMMU_IOAS_MAP_WRITEABLE,
		.ioas_id = ioas_id,
		.length = 4096,
		.iova = IOVA,
	};

	if (page == MAP_FAILED)
		die("mmap");
	map.user_va = (uintptr_t)page;
	call(iommufd, IOMMU_IOAS_MAP, &map, "IOMMU_IOAS_MAP");
	return page;
}

int main(int argc, char **argv)
{
	int iommufd = number("IOPFTOP_IOMMUFD");
	int device = number("IOPFTOP_DEVICE_FD");
	uint32_t dev_id = number("IOPFTOP_DEVICE_ID");
	uint32_t count = argc > 1 ? strtoul(argv[1], NULL, 0) : 0, i;
	struct vfio_device_info info = { .argsz = sizeof(info) };

	printf("iommufd %d, IOAS %" PRIu32 ", devices %s\n", iommufd, number("IOPFTOP_IOAS_ID"), getenv("IOPFTOP_DEVICES"));
	printf("device %d: %s\n", device, ioctl(device, VFIO_DEVICE_GET_INFO, &info) ? strerror(errno) : "VFIO");
	map_page(iommufd, number("IOPFTOP_IOAS_ID"));
	printf("mapped a page at 0x%llx\n", IOVA);
	for (i = 0; i < count; i++)
		trigger_fault(iommufd, dev_id, i, IOVA + (uint64_t)(i + 1) * 4096);
	printf("raised %" PRIu32 " faults\n", count);
	return 0;
}
