// Search in a list that stands whole on the page. What is looked for (often a name) stays on this device.
(() => {
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  const search = (box) => {
    const list = document.querySelector(box.dataset.search);
    const status = document.querySelector("[data-search-status]");
    const words = plain(box.value).split(/\s+/).filter(Boolean);
    let found = 0;
    for (const item of list.querySelectorAll(".ks-task, tbody tr")) {
      const text = plain(item.textContent);
      const fits = words.every((word) => text.includes(word));
      item.hidden = !fits;
      if (fits) found += 1;
    }
    for (const group of list.querySelectorAll(".ks-group")) {
      group.hidden = !group.querySelector(".ks-task:not([hidden])");
    }
    for (const folded of list.querySelectorAll("details.ks-folded")) {
      if (words.length) folded.open = true;
      folded.hidden = words.length > 0 && !folded.querySelector(".ks-task:not([hidden])");
    }
    if (!words.length) status.textContent = "";
    else status.textContent = found ? status.dataset.some.replace("#", found) : status.dataset.none;
  };

  document.addEventListener("DOMContentLoaded", () => {
    for (const box of document.querySelectorAll("[data-search]")) {
      const hidden = box.closest("[data-needs-script]");
      if (hidden) hidden.hidden = false;
      box.addEventListener("input", () => search(box));
      box.addEventListener("keydown", (event) => {
        if (event.key === "Enter") event.preventDefault();
      });
      box.form?.addEventListener("submit", (event) => {
        event.preventDefault();
        search(box);
      });
      if (box.value) search(box);
    }
  });
})();
