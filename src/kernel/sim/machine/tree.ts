// A tree of files in memory, and what the kernel does with it: no permissions, and directories on the way are made.
/** The content of a file, and the effect of writing to it; a negative number is the errno of a refusal. */
export interface Attribute {
  read?: () => Uint8Array | string | number;
  write?: (text: string) => number;
  /** Default: as sysfs has it, by what there is. */
  mode?: number;
  /** What stat(2) says; default 4,096, as for every attribute of sysfs. */
  size?: number;
  /** Of a device node: its numbers. */
  rdev?: string;
}

export interface Directory {
  readonly kind: 'directory';
  readonly mode: number;
  readonly uid: number;
  /** Of a directory that `addLinks` made, a new map each time. */
  readonly children: Map<string, TreeNode>;
}

export interface Leaf {
  readonly kind: 'file' | 'character' | 'block';
  readonly mode: number;
  readonly uid: number;
  readonly attribute: Attribute;
  /** Numbers of a device node, `259:1`. */
  readonly rdev?: string;
}

export interface Link {
  readonly kind: 'link';
  readonly to: string;
  /** Of /proc/PID/fd/N: the open file, wherever `to` leads (proc_pid_get_link). */
  readonly open?: { readonly kind: 'character' | 'block' | 'other'; readonly rdev: string | null };
}

export type TreeNode = Directory | Leaf | Link;

export const ROOT = 0;

export const directory = (mode: number, uid: number): Directory => ({
  kind: 'directory',
  mode,
  uid,
  children: new Map(),
});
export const partsOf = (path: string): string[] => path.split('/').filter((part) => part !== '' && part !== '.');
export const bytesOf = (content: Uint8Array | string): Uint8Array =>
  typeof content === 'string' ? new TextEncoder().encode(content) : content;
const attributeMode = ({ read, write }: Attribute): number =>
  write === undefined ? 0o444 : read === undefined ? 0o200 : 0o644;

export class FileTree {
  protected readonly root = directory(0o755, ROOT);

  makeDirectories(path: string, mode = 0o755, uid = ROOT): Directory {
    let at = this.root;
    for (const [i, part] of partsOf(path).entries()) {
      let next = at.children.get(part);
      if (next === undefined) {
        const last = i === partsOf(path).length - 1;
        next = directory(last ? mode : 0o755, last ? uid : ROOT);
        at.children.set(part, next);
      }
      if (next.kind !== 'directory') throw new Error(`${path}: ${part} is not a directory`);
      at = next;
    }
    return at;
  }

  /** A file; its content is constant if `attribute` is text or bytes. */
  add(path: string, attribute: Attribute | Uint8Array | string, kind: Leaf['kind'] = 'file', uid = ROOT): void {
    const fixed = typeof attribute === 'string' || attribute instanceof Uint8Array;
    const whole: Attribute = fixed ? { read: () => attribute } : attribute;
    const { rdev } = whole;
    const mode = whole.mode ?? attributeMode(whole);
    this.#put(path, { kind, mode, uid, attribute: whole, ...(rdev === undefined ? {} : { rdev }) });
  }

  addLink(path: string, to: string, open?: NonNullable<Link['open']>): void {
    this.#put(path, { kind: 'link', to, ...(open ? { open } : {}) });
  }

  /** A directory of links that are different each time: name and where it points. */
  addLinks(path: string, links: () => Iterable<readonly [name: string, to: string]>, mode: number, uid: number): void {
    this.#put(path, {
      kind: 'directory',
      mode,
      uid,
      get children() {
        return new Map([...links()].map(([name, to]): [string, TreeNode] => [name, { kind: 'link', to }]));
      },
    });
  }

  /** Takes away a file, or a directory with what is in it, if it is there. */
  delete(path: string): void {
    const parts = partsOf(path);
    const name = parts.pop() ?? '';
    let at: TreeNode | undefined = this.root;
    for (const part of parts) at = at?.kind === 'directory' ? at.children.get(part) : undefined;
    if (at?.kind === 'directory') at.children.delete(name);
  }

  #put(path: string, node: TreeNode): void {
    const parts = partsOf(path);
    const name = parts.pop();
    if (name === undefined) throw new Error('a file needs a name');
    this.makeDirectories(parts.join('/')).children.set(name, node);
  }
}

/** A file that keeps what is written into it. */
export function regular(text: string, uid: number): Leaf {
  let content = text;
  const attribute: Attribute = {
    read: () => content,
    // O_WRONLY without O_TRUNC: what is longer keeps its end.
    write: (written) => {
      content = written + content.slice(written.length);
      return written.length;
    },
    get size() {
      return bytesOf(content).byteLength;
    },
  };
  return { kind: 'file', mode: 0o600, uid, attribute };
}
