// A device that asks for one page, once, and notes the code of each answer.
import type { DeviceBehaviour } from '../../../../src/scenario/behaviour.ts';

export function oneFault(answers: number[], pasid = 0): DeviceBehaviour {
  let due: bigint | undefined;
  return {
    start: (now) => {
      due = now;
    },
    nextDue: () => due,
    tick: (_now, emit) => {
      due = undefined;
      emit({ pasid, grpid: 3, perm: 1, addr: 0x1000n, last: true });
    },
    onResponse: ({ code }) => void answers.push(code),
  };
}
