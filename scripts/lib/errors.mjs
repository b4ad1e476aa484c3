// What a `catch` got, which may be anything.

/**
 * The code of a failure of the system ('ENOENT'); undefined for any other.
 *
 * @param {unknown} error
 * @returns {string | undefined}
 */
export const codeOf = (error) => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
};

/** @param {unknown} error */
export const messageOf = (error) => (error instanceof Error ? error.message : String(error));
