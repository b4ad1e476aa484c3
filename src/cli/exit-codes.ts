// What the exit codes mean, for the help and the man page.
export const EXIT_CODES: readonly { code: string; meaning: string }[] = [
  { code: '0', meaning: 'done' },
  {
    code: '1',
    meaning:
      'error: iopftop could not start, the kernel refused, the output could not be written, a check failed (doctor), or a named device is not ready (devices)',
  },
  { code: '2', meaning: 'usage: an option, or a file that one names, is invalid' },
  { code: '3', meaning: 'groups were left unanswered at the end (--on-exit hold)' },
  { code: '4', meaning: 'a condition of --expect did not hold at the end; wins over 3, and 1 and signals win over it' },
  { code: '5', meaning: 'doctor, devices DEVICE: nothing failed, but something could not be read or was inconclusive' },
  { code: '6', meaning: 'rescue: there was nothing to answer' },
  {
    code: '7',
    meaning: 'exec: the command exited with 0, but a process that it left behind still has its devices open',
  },
  { code: '129, 130, 143', meaning: 'ended by SIGHUP, SIGINT, SIGTERM (128 + its number), after the exit plan' },
  {
    code: '126, 127',
    meaning: 'exec: the command cannot be executed; it, or its interpreter, does not exist: nothing was attached',
  },
  {
    code: 'others',
    meaning: '`iopftop exec`: the exit code of the command (128 + its signal), if it ended first',
  },
];
