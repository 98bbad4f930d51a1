// Contact note: what was typed survives a lost connection, on this device only, until it is saved.
document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("form[data-note]");
  if (!form) return;
  const key = `ketenspoor:notitie:${form.dataset.note}`;
  const fields = ["samenvatting", "actie", "afspraak"].map((name) => form.elements[name]);

  try {
    const kept = JSON.parse(localStorage.getItem(key) || "{}");
    for (const field of fields) {
      if (!field.value && kept[field.name]) {
        field.value = kept[field.name];
        const folded = field.closest("details");
        if (folded) folded.open = true;
      }
    }
  } catch {
    // No storage: nothing to put back.
  }

  const keep = (sent) => {
    const typed = Object.fromEntries(fields.map((field) => [field.name, field.value]));
    try {
      localStorage.setItem(key, JSON.stringify(sent ? { ...typed, sent } : typed));
    } catch {
      // A full or forbidden storage.
    }
  };
  form.addEventListener("input", () => keep(false));
  // Once another page of ours comes, the note has arrived, and page.js forgets it.
  form.addEventListener("submit", () => keep(true));
  form.addEventListener("invalid", (event) => {
    const folded = event.target.closest("details");
    if (folded) folded.open = true;
  }, true);
});
