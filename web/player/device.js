/** A name for this browser, by which the server tells two devices apart; it says nothing else of it. */

const KEPT = "tp-device";

export function deviceName() {
  const kept = localStorage.getItem(KEPT) ?? crypto.randomUUID();
  localStorage.setItem(KEPT, kept);
  return kept;
}
