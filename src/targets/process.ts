import type { ProcessOptions } from './options.ts';
import { type Target, TargetRefusal } from './target.ts';

export async function openProcess(_options: ProcessOptions): Promise<Target> {
  throw new TargetRefusal('refused', 'not there yet');
}
