/** Long work, followed until it ends. */

const BEAT = 1_000;
const ENDS = new Set(["DONE", "FAILED", "CANCELLED"]);

/** Return a task when it has ended; `told(progress)` is called meanwhile. Throws Unreachable, Refused. */
export async function finished(app, id, told = () => {}) {
  for (;;) {
    const { task } = await app.client.ask("TaskProgress", { id });
    if (ENDS.has(task.state)) return task;
    if (task.progress) told(task.progress);
    await new Promise((resolve) => setTimeout(resolve, BEAT));
  }
}
