// `npm run test:kernel`: the contract tests, the differential run and the tests of test/lab-kernel (processes, VFIO,
// descriptors) inside the lab, on the real kernel's fault objects.
// Also fails if the kernel reports a kernel bug meanwhile. Arguments go to vitest.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setup } from '../scripts/setup.mjs';
import { checkout, here } from './paths.mjs';

const TESTS = ['test/contract', 'test/differential', 'test/lab-kernel'];

const args = process.argv.slice(2);
// Outside, where the network is.
if (!(await setup())) process.exit(1);
const lab = [join(here, 'lab.mjs'), '--check-kernel', '--', 'node', join(checkout, 'scripts/test.mjs')];
const child = spawn(process.execPath, [...lab, ...(args.length ? args : TESTS)], {
  cwd: checkout,
  stdio: 'inherit',
  env: { ...process.env, IOPFTOP_KERNEL: 'linux', INIT_CWD: checkout },
});
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
  process.on(signal, () => child.kill(signal));
child.on('close', (code) => process.exit(code ?? 1));
