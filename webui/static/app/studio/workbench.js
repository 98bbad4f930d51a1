// The workbench of a draft: opens the chosen file in its editor, saves by itself, checks after each save.
document.addEventListener("DOMContentLoaded", async () => {
  const place = document.querySelector("[data-editor]");
  if (!place) return;
  const words = JSON.parse(document.querySelector("[data-words]").textContent);
  const { base, path, closed } = place.dataset;
  const address = `${base}/bestanden/${path.split("/").map(encodeURIComponent).join("/")}`;
  const token = document.querySelector('meta[name="csrf-token"]').content;
  const status = document.querySelector("[data-saved]");
  const after = 800; // milliseconds of rest before what changed is saved
  const again = 4000; // milliseconds until saving is tried again without a connection

  const answer = await fetch(`${address}${place.dataset.editor === "diagram" ? "?getekend=ja" : ""}`);
  if (!answer.ok) return failed(place);
  let seen = revisionOf(answer);
  const text = await answer.text();
  let editor = null;
  let version = 0; // counts changes
  let kept = 0; // the change that was saved last
  let timer = 0;
  let saving = false;

  const open = async (kind) => {
    place.replaceChildren();
    editor = await window.ksEditors[kind](place, text, words);
    editor.onChange(changed);
    window.ksTools(document.querySelector("[data-tools]"), editor, words, path);
    const { bringIntoSight } = window.ksScreen(editor, words);
    const { show } = editor;
    editor.show = (...where) => {
      bringIntoSight();
      return show(...where);
    };
    if (place.dataset.editor === "scenario") window.ksScenarioHelp(editor, base, path, words);
    if (kind === "formulier") window.ksFormMarks(editor.form, place, base, words, Boolean(closed));
    if (kind === "diagram") window.ksChoices(editor.modeler, base, words);
  };
  window.ksDutchScreen?.();
  try {
    await open(place.dataset.editor in window.ksEditors ? place.dataset.editor : "tekst");
  } catch {
    failed(place);
    await open("tekst");
  }
  document.querySelector(".ks-studio").dataset.ready = "ja";
  const asked = new URLSearchParams(location.search).get("element");
  if (asked) editor.show(asked, 0);
  window.ksFindings(base, path, words, () => editor);

  function changed() {
    if (closed) return;
    version += 1;
    status.textContent = words.unsaved;
    clearTimeout(timer);
    timer = setTimeout(save, after);
  }

  async function save(over = false) {
    if (saving || (version === kept && !over)) return;
    saving = true;
    status.textContent = words.saving;
    const saved = version;
    try {
      const content = await editor.content();
      const put = await fetch(address, {
        method: "PUT",
        headers: { "X-CSRFToken": token, Accept: "application/json", "If-Match": `"${seen}"`, "Content-Type": "application/octet-stream" },
        body: content,
      });
      const told = await put.json().catch(() => ({}));
      if (put.ok) {
        seen = told.revision;
        kept = saved;
        status.textContent = version === kept ? words.saved : words.unsaved;
        window.ksFindings(base, path, words, () => editor);
      } else if (put.status === 409 && told.revision !== undefined) {
        conflict(told);
      } else {
        status.textContent = [told.message, told.remedy].filter(Boolean).join(" ") || words.offline;
      }
    } catch {
      status.textContent = words.offline;
      timer = setTimeout(save, again);
    } finally {
      saving = false;
    }
    if (version !== kept && status.textContent === words.unsaved) timer = setTimeout(save, after);
  }

  function conflict(told) {
    const ask = document.createElement("span");
    ask.setAttribute("role", "alert");
    ask.append(words.other.replace("{who}", told.by || words.somebody), " ");
    // Theirs stays, but mine is saved first: both are in the history.
    const theirs = () => button(words.theirs, async () => {
      document.querySelector("[data-compared]").close();
      seen = told.revision;
      await save(true);
      if (version !== kept) return;
      const back = new FormData();
      back.set("bestand", path);
      back.set("gezien", seen);
      const answer = await fetch(`${base}/bewaringen/${told.revision}/terug`, { method: "POST", headers: { "X-CSRFToken": token }, body: back, redirect: "manual" }).catch(() => null);
      if (answer) location.reload();
    });
    const mine = () => button(words.mine, () => {
      document.querySelector("[data-compared]").close();
      seen = told.revision;
      save(true);
    });
    ask.append(button(words.compare, () => compareWithMine([theirs(), mine()])), " ", theirs(), " ", mine());
    status.replaceChildren(ask);
  }

  // Both changes since what I began with, in words, before one of the two is chosen.
  async function compareWithMine(choices) {
    const dialog = document.querySelector("[data-compared]");
    const answer = await fetch(`${base}/botsing/${path.split("/").map(encodeURIComponent).join("/")}?gezien=${seen}`, {
      method: "POST",
      headers: { "X-CSRFToken": token, "Content-Type": "application/octet-stream" },
      body: await editor.content(),
    }).catch(() => null);
    const text = dialog.querySelector("[data-compared-text]");
    if (answer?.ok) text.innerHTML = await answer.text();
    else text.textContent = words.offline;
    dialog.querySelector("[data-compared-choices]").replaceChildren(...choices, button(words.close, () => dialog.close()));
    if (!dialog.open) dialog.showModal();
  }

  function button(label, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "utrecht-button utrecht-button--subtle";
    made.textContent = label;
    made.addEventListener("click", act);
    return made;
  }

  function failed(where) {
    const told = document.createElement("p");
    told.className = "ks-card";
    told.textContent = words.failed;
    where.before(told);
  }

  function revisionOf(response) {
    return Number((response.headers.get("ETag") || "").replace(/\D/g, ""));
  }

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      clearTimeout(timer);
      save();
    }
  });
  window.addEventListener("beforeunload", (event) => {
    if (version !== kept && !closed) event.preventDefault();
  });
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-after-save]");
    if (!link || version === kept || closed) return;
    event.preventDefault();
    clearTimeout(timer);
    await save();
    if (version === kept) location.assign(link.href);
  });
  const files = document.querySelector("[data-files]");
  if (window.ksSmall.matches) files?.removeAttribute("open");
  else {
    const [list, chosen] = [files?.parentElement, files?.querySelector("[aria-current]")];
    if (chosen) list.scrollTop = Math.max(0, chosen.offsetTop - list.offsetTop - list.clientHeight / 2);
  }
});
