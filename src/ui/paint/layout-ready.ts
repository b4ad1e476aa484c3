// Ink lays out by Yoga, which is WebAssembly: the bundle has it compiled in the background (scripts/lib/awaits.mjs) while the rest
// of the screen is loaded: this is loaded first. Where the sources run unbuilt its module waits for that itself.
import * as yoga from 'yoga-layout';

/** Nothing may be mounted before. */
export const layoutReady: Promise<unknown> = 'ready' in yoga ? (yoga.ready as Promise<unknown>) : Promise.resolve();
