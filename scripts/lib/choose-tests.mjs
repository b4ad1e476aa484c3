// Which tests `npm test` runs. Those with the tag "long" (vitest.config.ts) take more than half of the time of all.

/**
 * The arguments of vitest for those of `npm test`: without the long tests, unless `--all` is given or a folder or file is
 * named.
 *
 * @param {readonly string[]} args
 */
export function chooseTests(args) {
  const rest = args.filter((arg) => arg !== '--all');
  const named = rest.some((arg) => !arg.startsWith('-'));
  return rest.length < args.length || named ? rest : ['--tags-filter=!long', ...rest];
}

/**
 * The line about the long tests that were left out; '' where there are none.
 *
 * @param {number} count
 */
export const leftOut = (count) =>
  count === 0
    ? ''
    : `${count} long tests were not run, and fewer seeds were played: npm test -- --all has them, and so has .ci/run\n`;
