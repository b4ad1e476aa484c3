import type { HandedOptions } from './options.ts';
import { type Target, TargetRefusal } from './target.ts';

export async function openHanded(_options: HandedOptions): Promise<Target> {
  throw new TargetRefusal('refused', 'not there yet');
}
