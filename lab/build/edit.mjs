import { fail } from './fail.mjs';

/**
 * The text with one edit made. The text to find must occur exactly once: another kernel fails loudly, not silently.
 *
 * @param {string} text @param {import('../kernel/edits.mjs').Edit} edit
 */
export function applyEdit(text, edit) {
  if ('append' in edit) return text + edit.append;
  const times = text.split(edit.find).length - 1;
  if (times !== 1) fail(`${edit.file}: the text to edit must occur once, found ${times} times (${edit.why})`);
  return text.replace(edit.find, () => edit.replace);
}
