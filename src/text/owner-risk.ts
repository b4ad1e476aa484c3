// What taking over and rescuing do to the process whose queues they are, and what is risked: the same sentences on the
// screen and on the command line. In order of weight.

export interface RescuePlan {
  pid: number;
  /** It is stopped first; it goes on afterwards. */
  stop: boolean;
  resume: boolean;
  code: 'success' | 'invalid';
}

/** Each a sentence or two. */
export const takeRisks = (pid: number): string[] => [
  `What iopftop reads from now on, PID ${pid} never sees; it cannot be given back.`,
  'It goes on running, and reads as well: a group goes to whoever reads first. Answers that it still owes may go to groups of later: numbers (cookies) are given out again.',
  'What iopftop has read and not answered is answered INVALID when it leaves: nobody else could. Unread groups stay for the owner.',
  'If it ends, its devices stay attached until iopftop has closed its duplicates, which it does at once.',
];

/** What a rescue does, step by step, in one sentence. */
export function rescueSteps({ pid, stop, resume, code }: RescuePlan): string {
  const answer = code.toUpperCase();
  const first = stop ? `Stops PID ${pid} (SIGSTOP), reads` : 'Reads';
  const last = stop ? (resume ? ', and lets it go on' : ', and leaves it stopped') : '';
  return `${first} all that waits in its queues and answers it ${answer}; answers ${answer} to every group that it has read and never answered${last}.`;
}

export function rescueRisks({ pid, stop, resume, code }: RescuePlan): string[] {
  const risks = [
    code === 'invalid'
      ? 'The devices are told that their pages are not there: many fail the job, some stand still until they are reset.'
      : 'Without memory behind its page a device asks again at once; nobody here knows what the unseen groups asked for.',
  ];
  if (!stop) {
    risks.push(
      `PID ${pid} runs meanwhile: a number (cookie) that it frees may be another group's when it is answered.`,
    );
  }
  if (stop) {
    risks.push(
      `Only PID ${pid} is stopped. Another process that has the same queue open (a child that inherited it) reads and answers on.`,
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
  `queue ${queue} is descriptor ${fd} of PID ${pid}: what is read from it now, that process never sees`;
