// The engine's own worker, with a clock on its answers: bundled as the worker.js that startEngine() starts.
import { workerData } from 'node:worker_threads';
import { LinuxKernel } from '../../src/kernel/linux/linux.ts';
import { iommuHwptPageResponse } from '../../src/uapi/iommufd.ts';
import { setClock, type WithClock } from './answer-clock.ts';

const { answerClock } = (workerData as { options: WithClock }).options;
const write = LinuxKernel.prototype.write;
LinuxKernel.prototype.write = function (fd, bytes, count) {
  const done = write.call(this, fd, bytes, count);
  if (done > 0 && done % iommuHwptPageResponse.size === 0) setClock(answerClock);
  return done;
};

await import('../../src/engine/thread/worker.ts');
