// The kernel's source, from Debian's package of it. Where the system's own package lists have no new enough one, apt
// gets a source list, state and cache of its own that name the mirror the system is set up with: nothing on it changes.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TRIED_SERIES } from '../paths.mjs';
import { fail } from './fail.mjs';
import { capture, knownCause, run } from './run.mjs';

/** @typedef {ReturnType<typeof import('../paths.mjs').labPaths>} Paths */

const SUITES = ['trixie-backports', 'sid'];
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
const PACKAGE = /^linux-source-(7\.\d+)$/;

/**
 * The package to take of those there are: a tried series first, else the newest 7.x.
 *
 * @param {string[]} names @param {string[]} [tried]
 */
export function choosePackage(names, tried = TRIED_SERIES) {
  const series = names.flatMap((name) => PACKAGE.exec(name)?.[1] ?? []);
  /** @param {string} s */
  const minor = (s) => Number(s.split('.')[1]);
  const newest = series.filter((s) => minor(s) >= minor(tried[0] ?? '')).sort((a, b) => minor(b) - minor(a))[0];
  const chosen = tried.find((s) => series.includes(s)) ?? newest;
  return chosen && `linux-source-${chosen}`;
}

/**
 * The mirror among apt's index targets: the one of a plain suite, not of its updates or security fixes.
 *
 * @param {string} targets lines of `REPO_URI RELEASE`
 */
export function chooseMirror(targets) {
  const lines = targets.split('\n').map((line) => line.trim().split(/\s+/));
  return lines.find(([uri, suite]) => uri && suite && !/[-/]/.test(suite) && !uri.includes('security'))?.[0];
}

/** apt's options for directories of its own. @param {string} directory */
function ownApt(directory) {
  for (const part of ['state/lists/partial', 'cache/archives/partial', 'etc/preferences.d', 'etc/apt.conf.d']) {
    mkdirSync(join(directory, part), { recursive: true });
  }
  const options = {
    'Dir::Etc::sourcelist': join(directory, 'sources.list'),
    'Dir::Etc::sourceparts': '-',
    'Dir::Etc::preferencesparts': join(directory, 'etc/preferences.d'),
    'Dir::State': join(directory, 'state'),
    'Dir::State::status': '/var/lib/dpkg/status',
    'Dir::Cache': join(directory, 'cache'),
    // Root's apt drops to a user that may not write here.
    'APT::Sandbox::User': process.getuid?.() === 0 ? 'root' : '',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '3',
  };
  return Object.entries(options).flatMap(([name, value]) => (value ? ['-o', `${name}=${value}`] : []));
}

function sourceList() {
  const mirror = chooseMirror(capture('apt-get', ['indextargets', '--format', '$(REPO_URI) $(RELEASE)']) ?? '');
  const debian = /^ID=debian$/m.test(existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '');
  if (!debian || !mirror) {
    fail(
      `no ${TRIED_SERIES.map((s) => `linux-source-${s}`).join(' or ')} in this system's package lists, and no Debian ` +
        'mirror is configured: install that package from elsewhere, or run the lab on Debian',
    );
  }
  const signed = existsSync(KEYRING) ? `[signed-by=${KEYRING}] ` : '';
  return SUITES.map((suite) => `deb ${signed}${mirror} ${suite} main\n`).join('');
}

/** @param {string[]} options */
const namesIn = (options) => capture('apt-cache', [...options, 'pkgnames', 'linux-source-7'])?.split('\n') ?? [];

/**
 * Downloads the source package and returns its file.
 *
 * @param {Paths} paths @param {{progress: import('./progress.mjs').Progress}} how
 */
export async function download(paths, { progress }) {
  mkdirSync(paths.downloads, { recursive: true });
  /** @type {string[]} */
  let options = [];
  let name = choosePackage(namesIn(options));
  let said = '';
  if (!name) {
    options = ownApt(paths.apt);
    writeFileSync(join(paths.apt, 'sources.list'), sourceList());
    progress.step('reading the package lists');
    // It succeeds also when no list could be fetched.
    said = await run('apt-get', [...options, '-qq', 'update'], { log: paths.log, what: 'reading the package lists' });
    name = choosePackage(namesIn(options));
  }
  if (!name) {
    fail(
      knownCause(said) ?? `no linux-source-7.x in ${SUITES.join(' or ')}; the lab supports ${TRIED_SERIES.join(', ')}`,
    );
  }
  progress.step(`downloading ${name} (about 160 MB)`);
  for (const file of readdirSync(paths.downloads)) {
    if (!file.startsWith(`${name}_`)) rmSync(join(paths.downloads, file), { recursive: true });
  }
  const what = `downloading ${name}`;
  await run('apt-get', [...options, '-q', 'download', name], { log: paths.log, cwd: paths.downloads, what });
  const file = readdirSync(paths.downloads).find((f) => f.startsWith(`${name}_`) && f.endsWith('.deb'));
  if (!file) fail(`${name} was downloaded but is missing`);
  return file;
}
