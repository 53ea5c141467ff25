// Enter sends, Shift+Enter begins a line; while a Chinese word is being composed, Enter belongs to the input method.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.target.id !== "text") return;
  event.preventDefault();
  event.target.form.requestSubmit();
});

// After sending, the hand stays on the keyboard.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id === "composer") document.getElementById("text").focus();
});
