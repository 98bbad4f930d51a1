// Demonstration only: a press on a person fills in the form and sends it.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-sign-in-as]");
  if (!button) return;
  document.getElementById("gebruikersnaam").value = button.dataset.signInAs;
  document.getElementById("wachtwoord").value = button.dataset.password;
  document.getElementById("wachtwoord").form.requestSubmit();
});
