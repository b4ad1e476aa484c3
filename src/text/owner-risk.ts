// What a takeover and a rescue do to the process that owns the queues, and what they risk: the same sentences on the screen
// and on the command line, the most important first.

export interface RescuePlan {
  pid: number;
  /** It is stopped first; it is resumed afterwards. */
  stop: boolean;
  resume: boolean;
  code: 'success' | 'invalid';
}

/** Each a sentence or two. */
export const takeRisks = (pid: number): string[] => [
  `PID ${pid} never sees what iopftop reads from now on; it cannot be given back.`,
  'It keeps running and reading: a group goes to whichever process reads first. Its late answers may hit newer groups, because cookies are reused.',
  'Groups that iopftop has read and not answered get INVALID when it leaves: nobody else could answer them. Unread groups stay for the owner.',
  'If it ends, its devices stay attached until iopftop has closed its duplicates, which it does at once.',
];

/** What a rescue does, step by step, in one sentence. */
export function rescueSteps({ pid, stop, resume, code }: RescuePlan): string {
  const answer = code.toUpperCase();
  const first = stop ? `Stops PID ${pid} (SIGSTOP), reads` : 'Reads';
  const last = stop ? (resume ? ', and resumes it' : ', and leaves it stopped') : '';
  return `${first} everything in its queues and answers it ${answer}; answers ${answer} to every group that it has read and never answered${last}.`;
}

export function rescueRisks({ pid, stop, resume, code }: RescuePlan): string[] {
  const risks = [
    code === 'invalid'
      ? 'The devices learn that their pages are missing: many fail the job, some hang until they are reset.'
      : 'Without memory behind the page a device faults again at once; iopftop does not know what the unseen groups asked for.',
  ];
  if (!stop) {
    risks.push(`PID ${pid} keeps running: a cookie that it frees may belong to another group when iopftop answers it.`);
  }
  if (stop) {
    risks.push(
      `Only PID ${pid} is stopped. Another process that has the same queue open (a child that inherited it) keeps reading and answering.`,
    );
  }
  risks.push(
    `If PID ${pid} answers one of these groups later, the kernel refuses it (EINVAL), or takes it as the answer to another group.`,
  );
  if (stop && !resume) risks.push(`It stays stopped until \`kill -CONT ${pid}\`.`);
  return risks;
}

/** A queue was taken over. */
export const takenText = (queue: number, fd: number, pid: number): string =>
  `queue ${queue} is descriptor ${fd} of PID ${pid}: that process never sees what is read from it now`;
