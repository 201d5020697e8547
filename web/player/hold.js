/** One page at a time works on an attempt: a lock among the pages of this browser. */

/**
 * Take hold of an attempt, from another page too if `steal`; return a function that lets go, or `null` when another page has
 * it. `lost` is called when another page takes it.
 */
export function hold(attemptId, lost, steal = false) {
  return new Promise((resolve) => {
    const work = (lock) => {
      if (lock === null) return resolve(null);
      return new Promise((release) => resolve(release));
    };
    const options = steal ? { steal: true } : { ifAvailable: true };
    navigator.locks.request(`attempt ${attemptId}`, options, work).catch((error) => {
      if (error.name !== "AbortError") throw error;
      lost();
    });
  });
}
