/*
 * What all examples need: a VFIO device whose faults go to a fault queue, set up in the order that the kernel needs; see
 * docs/hardware.md. Functions that fail print an error and end the program.
 */
#ifndef FAULTS_H
#define FAULTS_H

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <linux/iommufd.h>
#include <linux/vfio.h>

struct faults {
	int iommufd;
	int device;
	int queue; /* the fault descriptor: close-on-exec, as the kernel made it */
	uint32_t dev_id, ioas_id, fault_id, hwpt_id;
};

static inline void die(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

static inline void call(int fd, unsigned long request, void *arg, const char *name)
{
	if (ioctl(fd, request, arg) < 0)
		die(name);
}

/* `path`: /dev/vfio/devices/vfioN, of a device that is bound to vfio-pci. */
static inline struct faults open_faults(const char *path)
{
	struct faults f;
	struct vfio_device_bind_iommufd bind = { .argsz = sizeof(bind) };
	struct iommu_ioas_alloc ioas = { .size = sizeof(ioas) };
	struct iommu_fault_alloc fault = { .size = sizeof(fault) };
	struct iommu_hwpt_alloc hwpt = { .size = sizeof(hwpt), .flags = IOMMU_HWPT_FAULT_ID_VALID };
	struct vfio_device_attach_iommufd_pt attach = { .argsz = sizeof(attach) };

	f.iommufd = open("/dev/iommu", O_RDWR | O_CLOEXEC);
	if (f.iommufd < 0)
		die("/dev/iommu");
	f.device = open(path, O_RDWR | O_CLOEXEC);
	if (f.device < 0)
		die(path);
	bind.iommufd = f.iommufd;
	call(f.device, VFIO_DEVICE_BIND_IOMMUFD, &bind, "VFIO_DEVICE_BIND_IOMMUFD");
	call(f.iommufd, IOMMU_IOAS_ALLOC, &ioas, "IOMMU_IOAS_ALLOC");
	call(f.iommufd, IOMMU_FAULT_QUEUE_ALLOC, &fault, "IOMMU_FAULT_QUEUE_ALLOC");
	hwpt.dev_id = bind.out_devid;
	hwpt.pt_id = ioas.out_ioas_id;
	hwpt.fault_id = fault.out_fault_id;
	call(f.iommufd, IOMMU_HWPT_ALLOC, &hwpt, "IOMMU_HWPT_ALLOC");
	attach.pt_id = hwpt.out_hwpt_id;
	call(f.device, VFIO_DEVICE_ATTACH_IOMMUFD_PT, &attach, "VFIO_DEVICE_ATTACH_IOMMUFD_PT");

	f.queue = fault.out_fault_fd;
	f.dev_id = bind.out_devid;
	f.ioas_id = ioas.out_ioas_id;
	f.fault_id = fault.out_fault_id;
	f.hwpt_id = hwpt.out_hwpt_id;
	return f;
}

/*
 * Real devices fault by themselves when they access a page that is not mapped. Devices of a kernel with CONFIG_IOMMUFD_TEST
 * (such as the lab's) fault on request: IOMMU_TEST_CMD, which is not part of the kernel's uAPI.
 */
static inline void trigger_fault(int iommufd, uint32_t dev_id, uint32_t grpid, uint64_t addr)
{
	struct {
		uint32_t size, op, id, reserved;
		uint32_t dev_id, pasid, grpid, perm;
		uint64_t addr;
		uint8_t rest[32];
	} test = { .size = 72, .op = 15 /* IOMMU_TEST_OP_TRIGGER_IOPF */ };

	test.dev_id = dev_id;
	test.grpid = grpid & 511;
	test.perm = IOMMU_PGFAULT_PERM_READ;
	test.addr = addr;
	call(iommufd, _IO(IOMMUFD_TYPE, 0xa0), &test, "IOMMU_TEST_CMD (is this kernel one with CONFIG_IOMMUFD_TEST?)");
}

#endif
