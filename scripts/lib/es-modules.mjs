import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A folder for ES modules inside dist/, which is CommonJS itself; koffi is found from there. @param {string} path */
export function folderOfEsModules(path) {
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'package.json'), '{ "type": "module" }\n');
}
