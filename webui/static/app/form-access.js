// What the form viewer leaves out for people who do not see the page: the names of groups.
window.ketenspoorNameGroups = (canvas) => {
  const name = () => {
    for (const group of canvas.querySelectorAll(".fjs-form-field-radio, .fjs-form-field-checklist")) {
      if (group.hasAttribute("role")) continue;
      const label = group.querySelector(":scope > label");
      const first = group.querySelector("input");
      if (!label || !first) continue;
      label.id = label.id || `${first.id}-groep`;
      group.setAttribute("role", group.classList.contains("fjs-form-field-radio") ? "radiogroup" : "group");
      group.setAttribute("aria-labelledby", label.id);
    }
  };
  new MutationObserver(name).observe(canvas, { childList: true, subtree: true });
  name();
};
