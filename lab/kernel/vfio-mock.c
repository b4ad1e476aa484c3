
/* The lab's own: two VFIO devices over mock devices, the first without PASIDs, the second with them. */
#include <linux/vfio.h>

static int lab_vfio_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void lab_vfio_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops lab_vfio_ops = {
	.name = "vfio-iommufd-mock",
	.open_device = lab_vfio_open_device,
	.close_device = lab_vfio_close_device,
	.bind_iommufd = vfio_iommufd_physical_bind,
	.unbind_iommufd = vfio_iommufd_physical_unbind,
	.attach_ioas = vfio_iommufd_physical_attach_ioas,
	.detach_ioas = vfio_iommufd_physical_detach_ioas,
	.pasid_attach_ioas = vfio_iommufd_physical_pasid_attach_ioas,
	.pasid_detach_ioas = vfio_iommufd_physical_pasid_detach_ioas,
};

struct lab_vfio_device {
	struct vfio_device vdev;
};

static int __init lab_vfio_init(void)
{
	static const unsigned long flags[] = { 0, MOCK_FLAGS_DEVICE_PASID };
	struct lab_vfio_device *lab;
	struct mock_dev *mdev;
	unsigned int i;
	int rc;

	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		mdev = mock_dev_create(flags[i]);
		if (IS_ERR(mdev))
			return PTR_ERR(mdev);
		lab = vfio_alloc_device(lab_vfio_device, vdev, &mdev->dev,
					&lab_vfio_ops);
		if (IS_ERR(lab)) {
			mock_dev_destroy(mdev);
			return PTR_ERR(lab);
		}
		rc = vfio_register_group_dev(&lab->vdev);
		if (rc) {
			vfio_put_device(&lab->vdev);
			mock_dev_destroy(mdev);
			return rc;
		}
	}
	return 0;
}
late_initcall(lab_vfio_init);
