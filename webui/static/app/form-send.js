// Sends what a form holds. A page that lies open outlives its session: when its user has signed in
// again since, in another tab, the new session's token is taken and the text is sent once more.
(() => {
  const token = () => document.querySelector('meta[name="csrf-token"]');

  // Whether the same user is signed in (again); the page's token is then that of the session.
  const renew = async (address, user) => {
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      const found = answer.ok ? await answer.json() : {};
      if (!found.csrf || found.user !== user) return false;
      token().content = found.csrf;
      return true;
    } catch {
      return false;
    }
  };

  // root: the form's element. Answers what the server said; `signedOut` when nobody may send it.
  window.ketenspoorSend = async (root, { address, method, body, keepalive = false, signal }) => {
    const send = () =>
      fetch(address, {
        method,
        headers: {
          "Content-Type": "application/json",
          Accept: "application/json",
          "X-CSRFToken": token().content,
        },
        body: JSON.stringify(body),
        keepalive,
        signal,
      });
    const answer = await send();
    if (answer.status !== 400 && answer.status !== 401) return { answer, signedOut: false };
    const [user] = root.dataset.key.split(":");
    if (!(await renew(root.dataset.session, user))) return { answer, signedOut: true };
    return { answer: await send(), signedOut: false };
  };
})();
