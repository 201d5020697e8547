/** Work behind a button: it cannot be pressed twice, and what goes wrong is said. */

import { toast } from "../../shared/toast.js";
import { told } from "./problems.js";

/** Return a button's or a form's listener that runs `work(event)` and keeps its button still meanwhile. */
export function busy(work) {
  return async (event) => {
    event.preventDefault();
    const button = event.submitter ?? event.currentTarget;
    button.disabled = true;
    button.setAttribute("aria-busy", "true");
    try {
      await work(event);
    } catch (error) {
      toast(told(error), "warn");
    } finally {
      button.disabled = false;
      button.removeAttribute("aria-busy");
    }
  };
}
