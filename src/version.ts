declare const IOPFTOP_VERSION: string | undefined;

/** Version of the package, baked in by the build; `0.0.0` where the sources run unbuilt (tests). */
export const VERSION = typeof IOPFTOP_VERSION === 'string' ? IOPFTOP_VERSION : '0.0.0';
