// Talking with the program. The key came in the part of the address that is sent to no server, and stays in this tab.

const AGAIN = 1000;

function key() {
  const given = location.hash.slice(1);
  if (given.length > 20) {
    sessionStorage.setItem("key", given);
    history.replaceState(null, "", location.pathname);
  }
  return sessionStorage.getItem("key") ?? "";
}

const headers = { authorization: `Bearer ${key()}` };

const ask = (path, more = {}) => fetch(path, { headers, cache: "no-store", credentials: "omit", ...more });

/** Do something; what follows from it comes with the next view. */
export const act = (deed, fields = {}) => ask(`/act/${deed}`, { method: "POST", body: JSON.stringify(fields) });

/** Places that a text may name. */
export async function places(text) {
  const answer = await ask(`/places?${new URLSearchParams({ text })}`);
  return answer.ok ? answer.json() : [];
}

/** Give every view to `show` as it comes, for as long as the page is open; `tell` hears how it is going. */
export async function listen(show, tell) {
  for (;;) {
    try {
      const answer = await ask("/events");
      if (answer.status === 403) return tell("refused");
      await each(answer.body.pipeThrough(new TextDecoderStream()).getReader(), show);
    } catch {
      // The program ended, or the machine slept: try again below.
    }
    tell("gone");
    await new Promise((done) => setTimeout(done, AGAIN));
  }
}

/** Of the views that came together only the last is shown. */
async function each(reader, show) {
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n\n");
    rest = parts.pop();
    if (parts.length) show(JSON.parse(parts.at(-1).slice("data: ".length)));
  }
}
