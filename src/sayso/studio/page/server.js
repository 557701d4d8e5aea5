// server.js: the way to the studio: every change of the script is a POST with the page's token.

const token = document.querySelector('meta[name="sayso-token"]').content;

export const state = () => document.getElementById("studio");

export const seen = () => state().dataset.seen;

const words = {
  gone: { problem: "The studio does not answer.", hint: "What you typed is kept here: save again when sayso preview runs." },
  old: { problem: "The studio was started anew.", hint: "Reload the page; what you typed is kept." },
};

/** Sends `fields`; gives back `{ok: true, …answer}` or `{ok: false, problem, hint, conflict?}`. */
export async function post(action, fields = {}) {
  let answer;
  try {
    answer = await fetch(action, {
      method: "POST",
      headers: { "X-Sayso-Token": token },
      body: new URLSearchParams({ seen: seen(), ...fields }),
    });
  } catch {
    return { ok: false, ...words.gone };
  }
  if (answer.status === 403) {
    dispatchEvent(new CustomEvent("sayso:old"));
    return { ok: false, ...words.old };
  }
  const html = answer.headers.get("content-type")?.startsWith("text/html");
  try {
    const content = html ? { html: await answer.text() } : await answer.json();
    if (answer.ok) return { ok: true, ...content };
    return { ok: false, problem: `The studio answered ${answer.status}.`, hint: "", ...content };
  } catch {
    return { ok: false, problem: `The studio answered ${answer.status}.`, hint: "" };
  }
}

/** A problem and its hint as one text. */
export const told = ({ problem, hint }) => [problem, hint].filter(Boolean).join(" ");
