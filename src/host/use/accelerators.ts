// Accelerators have their own files that say who uses them: idxd (DSA, IAA), QAT, and providers of DMA channels.
import { plural } from '../../text/plural.ts';
import { basename, type Reading } from '../reading.ts';
import { all, type Case, type Evidence, seen, unseen } from './evidence.ts';

const numberIn = (reading: Reading, path: string): number | null => {
  const text = reading.text(path, 'how many use it');
  return text !== null && /^\d+$/.test(text) ? Number(text) : null;
};

const nameOf = (reading: Reading, pid: string): string =>
  reading.text(`/proc/${pid}/comm`, 'the name of a process') ?? 'a process';

/** drivers/dma/idxd/sysfs.c: wq_clients_show, wq_state_show, wq_type_show, wq_driver_name_show. */
function queueEvidence(reading: Reading, path: string): Evidence {
  const name = basename(path);
  const attribute = (file: string): string | null => reading.text(`${path}/${file}`, `${file} of a work queue`);
  const clients = numberIn(reading, `${path}/clients`);
  const kernels = attribute('type') === 'kernel' && attribute('state') === 'enabled';
  const by = attribute('driver_name') || 'the kernel';
  if (clients === null) return unseen(`how many clients work queue ${name} has`);
  return seen(
    ...(clients > 0 ? [`work queue ${name} has ${plural(clients, 'client')}`] : []),
    ...(kernels ? [`work queue ${name} is the kernel's (${by})`] : []),
  );
}

/** One for each open file of a work queue, whichever process has its descriptor now (idxd_cdev_open). */
const queueFiles = ({ reading, below }: Case): Evidence =>
  seen(
    ...below.directories
      .filter((path) => /\/wq\d+\.\d+\/.*\/file\d+$|\/wq\d+\.\d+\/file\d+$/.test(path))
      .map((path) => {
        const pid = reading.text(`${path}/pid`, 'who opened a work queue') ?? '?';
        const queue = path.split('/').findLast((part) => /^wq\d+\.\d+$/.test(part));
        return `${nameOf(reading, pid)} (PID ${pid}) has opened work queue ${queue}`;
      }),
  );

/** drivers/crypto/intel/qat/qat_common/adf_sysfs.c: state_show. A device that is up has registered with the kernel's crypto. */
function qatEvidence({ reading, device }: Case): Evidence {
  const state = reading.text(`${device.path}/qat/state`, 'the state of the accelerator');
  return state === 'up'
    ? seen(`QAT is up, and the kernel's crypto may use it (\`echo down > ${device.path}/qat/state\` ends that)`)
    : seen();
}

/** drivers/dma/dmaengine.c: in_use_show counts the clients in the kernel. */
const channelEvidence = ({ reading, below }: Case): Evidence =>
  seen(
    ...below.directories
      .filter((path) => /\/dma\/dma\d+chan\d+$/.test(path))
      .filter((path) => (numberIn(reading, `${path}/in_use`) ?? 0) > 0)
      .map((path) => `the kernel uses DMA channel ${basename(path)}`),
  );

export const acceleratorEvidence = (where: Case): Evidence => {
  const { reading, below } = where;
  const queues = below.directories.filter((path) => /\/wq\d+\.\d+$/.test(path) && reading.isThere(`${path}/clients`));
  return all([
    ...queues.map((path) => queueEvidence(reading, path)),
    queueFiles(where),
    qatEvidence(where),
    channelEvidence(where),
  ]);
};
