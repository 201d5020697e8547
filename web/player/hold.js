/** One page at a time works on an attempt: a lock among the pages of this browser. */

/**
 * Take hold of an attempt, from another page too if `steal`; return a function that lets go and resolves when it has, or `null`
 * when another page has it. `lost` is called when another page takes it.
 */
export function hold(attemptId, lost, steal = false) {
  // Over plain HTTP browsers have no locks; then the server alone tells devices apart.
  if (!navigator.locks) return Promise.resolve(() => {});
  return new Promise((resolve) => {
    const options = steal ? { steal: true } : { ifAvailable: true };
    const held = navigator.locks
      .request(`attempt ${attemptId}`, options, (lock) => {
        if (lock === null) return resolve(null);
        return new Promise((release) =>
          resolve(() => {
            release();
            return held;
          }),
        );
      })
      .catch((error) => {
        if (error.name !== "AbortError") throw error;
        lost();
      });
  });
}
