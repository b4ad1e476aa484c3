import type { HostOptions } from './options.ts';
import { type Target, TargetRefusal } from './target.ts';

export async function openHost(_options: HostOptions): Promise<Target> {
  throw new TargetRefusal('refused', 'not there yet');
}
