// Small things that every page needs: CSRF for htmx, focus, menus that close.
(() => {
  const token = () => document.querySelector('meta[name="csrf-token"]').content;

  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRFToken"] = token();
  });

  // An answer with an error text replaces the target too, so that the user is told.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const status = event.detail.xhr.status;
    if ([403, 404, 409, 422].includes(status)) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });

  const focusMarked = (root) => {
    const marked = root.querySelector("[data-focus]");
    if (marked) marked.focus();
  };
  document.addEventListener("DOMContentLoaded", () => focusMarked(document));
  document.addEventListener("htmx:afterSettle", (event) => focusMarked(event.detail.elt));

  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (menu !== except) menu.open = false;
    }
  };
  document.addEventListener("click", (event) => {
    closeMenus(event.target.closest("details[data-menu]"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details[data-menu][open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // A form that was sent is not sent twice by a second press.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 5000);
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  // After signing out nothing that was typed stays on this device.
  document.addEventListener("DOMContentLoaded", () => {
    if (!document.querySelector("[data-forget]")) return;
    try {
      for (const key of Object.keys(localStorage)) {
        if (key.startsWith("ketenspoor:")) localStorage.removeItem(key);
      }
    } catch {
      // No storage, nothing kept.
    }
  });

  // Filters work at once; their button is for those without JavaScript.
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-at-once]");
    if (form && event.target.matches("select, input[type=checkbox], input[type=radio]")) form.requestSubmit();
  });
})();
