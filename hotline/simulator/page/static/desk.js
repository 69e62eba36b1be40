// The control desk: what can be done with a telephone, and the news of all of them.

const PATIENCE = 5000;

export class Refused extends Error {}

export async function act(number, action, body = {}) {
  const answer = await fetch(`/sim/phones/${encodeURIComponent(number)}/${action}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (answer.ok) return;
  const why = await answer.json().catch(() => ({}));
  throw new Refused(why.error ?? `The phone network answered ${answer.status}.`);
}

// Null where nothing has changed since the version that was seen.
export async function news(seen, since) {
  const query = new URLSearchParams({ seen, since });
  const answer = await fetch(`/live?${query}`, { signal: AbortSignal.timeout(PATIENCE) });
  if (answer.status === 204) return null;
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
  return answer.json();
}
