// docs/trust.md, generated from what the tests reported.

/** Topics in their order, each with what it is about. */
const TOPICS = {
  'The simulated kernel':
    'Random sequences of calls are played on the real kernel and on the simulated one; return values, errnos, bytes and poll state are compared at every step.',
  'Allocation failures':
    'The kernel’s own fault injection makes the n-th allocation of a thread fail, for every n of every operation.',
  'The whole program, simulated':
    'Engine, protocol and headless front end on the simulated kernel under a seeded scheduler; the invariants are checked at every step.',
  Floods: 'More faults, groups, devices and keys than any machine has.',
  'Crashes and signals': 'Processes killed, exceptions thrown, disks filled, signals sent, at chosen points of a run.',
  'Malformed input': 'All input from outside, generated at random; the kernel’s answers too.',
  Security: 'What runs as root, and what outsiders can make the program print or open.',
};

/**
 * @typedef {{topic: string, what: string, value: string, kernel: 'real' | 'simulated', repeat: string}} Figure
 * @param {string} text a line of JSON for each figure
 * @returns {Figure[]} the last one reported for each item
 */
export function readFigures(text) {
  const figures = new Map();
  for (const line of text.split('\n').filter(Boolean)) {
    const figure = JSON.parse(line);
    if (!(figure.topic in TOPICS))
      throw new Error(`there is no topic ${JSON.stringify(figure.topic)} (${figure.what})`);
    figures.set(`${figure.topic}\n${figure.what}\n${figure.kernel}`, figure);
  }
  return [...figures.values()];
}

/** @param {string} text */
const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** @param {Figure[]} figures */
function table(figures) {
  const rows = figures
    .toSorted(
      (a, b) => a.repeat.localeCompare(b.repeat) || a.what.localeCompare(b.what) || a.kernel.localeCompare(b.kernel),
    )
    .map(({ what, value, kernel, repeat }) => `| ${cell(what)} | ${cell(value)} | ${kernel} | \`${cell(repeat)}\` |`);
  return ['| what | figure | kernel | repeat |', '|---|---|---|---|', ...rows].join('\n');
}

/**
 * @typedef {{date: string, commit: string, kernel: string, node: string, form: 'short' | 'long'}} About
 * @param {Figure[]} figures
 * @param {About} about
 */
export function page(figures, about) {
  const { date, commit, kernel, node, form } = about;
  const sections = Object.entries(TOPICS).flatMap(([topic, text]) => {
    const of = figures.filter((figure) => figure.topic === topic);
    return of.length === 0 ? [] : [`## ${topic}\n\n${text}\n\n${table(of)}`];
  });
  return `# What was tried

Made by \`npm run trust${form === 'long' ? ' -- --long' : ''}\`: every test behind these figures passed on ${date}, at ${commit}, with Node ${node}
and, where a row says "real", on ${kernel} in the lab. CI runs the short forms; \`npm run trust -- --long\` the long ones.

${sections.join('\n\n')}
`;
}
