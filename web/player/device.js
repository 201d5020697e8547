/** A name for this browser, by which the server tells two devices apart; it says nothing else of it. */

const KEPT = "tp-device";

export function deviceName() {
  const kept = localStorage.getItem(KEPT) ?? made();
  localStorage.setItem(KEPT, kept);
  return kept;
}

function made() {
  // `randomUUID` is not there over plain HTTP, as some examination halls have it.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
